"""The calendar of the year with a fixed seed: who asks when, who is away, when the process is down."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.messages import Address
from bot.missions.missions import Missions
from bot.missions.office_hours import build_working_hours
from bot.types import DOMESTIC, Binding, StaffMember, Urgency
from tests.simulate.office import Delivery, Office
from tests.simulate.story import Story

# 2024: 241 difficulties and 401 requests for information in eight months; three times that.
BODIES = 25  # missions whose body takes cases, from every part of the list
CASES_A_YEAR = (241 + 401) * 12 // 8 * 3
QUESTIONS: dict[Urgency, str] = {
    "normal": "부가세 환급이 늦어지는데 어떻게 신청하나요",
    "high": "물건이 세관에 묶여 있습니다",
    "critical": "통관이 막혀서 냉동 식품이 상하고 있습니다",
}
URGENCY_SHARES: dict[Urgency, float] = {"normal": 0.8, "high": 0.17, "critical": 0.03}
MORE = "요청하신 서류를 보내 드립니다. 확인해 주십시오"
DESK_ROOM, EMERGENCY_ROOM = "C-desk", "C-emergency"
REMINDER_MARK = "목표 시각"  # in every step of the ladder, see staff.target_near and target_late
# Who replies after which reminder only; most people reply in time.
HABITS = {"prompt": 0.8, "thread": 0.08, "lead": 0.06, "desk": 0.04, "look": 0.02}


class PlannedYear:
    """The simulation from `start` for `days`, of `cases` cases at `bodies` of BODIES missions;
    `changes` is how many merges, and how many reassignments, are begun in a week."""

    def __init__(
        self,
        folder: Path,
        start: datetime,
        days: int,
        bodies: slice,
        cases: int,
        *,
        changes: int = 2,
        seed: int = 2026,
    ) -> None:
        self.random = random.Random(seed)
        self.changes = changes
        self.start, self.end = start, start + timedelta(days=days)
        every = list(Missions.load())
        chosen = every[:: len(every) // BODIES][:BODIES]
        self.bodies = [replace(one, body="confirmed") for one in chosen][bodies]
        taking = {one.id: one for one in self.bodies}
        missions = Missions([taking.get(one.id, one) for one in every])
        route = Address("slack", EMERGENCY_ROOM)
        self.office = Office(folder, missions, route, start)
        self.agenda: list[tuple[datetime, int, str, Any]] = []
        self.order = count()
        self.stories: dict[int, Story] = {}
        self.deliveries: list[Delivery] = []
        self.outages: list[tuple[datetime, datetime]] = []
        self.restarts = self.dropped = self.merges = self.moves = 0
        self.hours = {one.id: build_working_hours(one) for one in self.bodies}
        self.hours[DOMESTIC] = build_working_hours(missions.get(DOMESTIC))
        self.absent = {one.id: self._draw_absences() for one in self.bodies}
        self.drop_at: datetime | None = None
        self._bind_rooms()
        self._plan(cases, days)

    def run(self) -> None:
        """Play it to the end."""
        down_until: datetime | None = None
        while True:
            timer = None if down_until else self.office.next_timer()
            planned = self.agenda[0][0] if self.agenda else self.end
            at = min(planned, timer or planned)
            if at >= self.end:
                return
            self.office.now = max(at, self.office.now)
            if self.agenda and self.agenda[0][0] <= at:
                _, number, kind, what = heapq.heappop(self.agenda)
                if kind == "down":
                    down_until = what
                    self.office.die_over_work()
                    continue
                if kind == "up":
                    down_until = None
                    self.restarts += 1
                    self.office.restart()
                elif down_until:  # the messenger keeps it until somebody takes it
                    heapq.heappush(self.agenda, (down_until, number + 10**9, kind, what))
                    continue
                else:
                    getattr(self, f"_do_{kind}")(what)
            if not down_until:
                self._work()

    def _work(self) -> None:
        for delivery in self.office.work():
            self.deliveries.append(delivery)
            self._notice(delivery)

    def _notice(self, one: Delivery) -> None:
        raise NotImplementedError

    # The office, and the calendar.

    def _say(self, user: str, story: Story, kind: str, text: str, command: str) -> None:
        room = f"C-{story.mission}"
        self._receive({"channel": "slack", "chat": room, "user": user, "kind": kind, "text": text,
                       "command": command, "thread": f"t{story.thread}", "private": False})  # fmt: skip

    def _receive(self, message: dict[str, Any]) -> None:
        number = next(self.order)
        self.office.receive({"id": f"m{number}", **message}, f"e{number}")

    def _at(self, at: datetime, kind: str, what: Any) -> None:
        heapq.heappush(self.agenda, (at, next(self.order), kind, what))

    def _bind_rooms(self) -> None:
        now = self.start
        self.office.prepare("desk", room=Binding(DOMESTIC, "slack", DESK_ROOM))
        for body in self.bodies:
            staff = tuple(
                StaffMember(body.id, "slack", f"{mark}-{body.id}", "", role, "simulation", now,
                            is_lead=mark == "L")
                for mark, role in (("U", "lawyer"), ("L", "diplomat"))
            )  # fmt: skip
            self.office.prepare(
                body.id, room=Binding(body.id, "slack", f"C-{body.id}"), staff=staff
            )

    def _draw_absences(self) -> list[tuple[datetime, datetime]]:
        weeks = max((self.end - self.start).days // 7, 1)
        begins = [self.start + timedelta(weeks=self.random.randrange(weeks)) for _ in range(3)]
        return [(begin, begin + timedelta(days=7)) for begin in begins] if weeks > 8 else []

    def _plan(self, cases: int, days: int) -> None:
        draw = self.random
        for number in range(cases):
            at = self.start + timedelta(seconds=draw.randrange(days * 86_400))
            urgency = draw.choices(list(URGENCY_SHARES), list(URGENCY_SHARES.values()))[0]
            self._at(at, "ask", (f"{1000 + number}", draw.choice(self.bodies), urgency, False))
        for week in range(days // 7):
            for kind in ("twin", "move") * self.changes:
                at = self.start + timedelta(weeks=week, seconds=draw.randrange(7 * 86_400))
                self._at(at, kind, None)
            begin = self.start + timedelta(weeks=week, seconds=draw.randrange(6 * 86_400))
            end = begin + timedelta(minutes=draw.choice((2, 20, 180)))
            self.outages.append((begin, end))
            self._at(begin, "down", end)
            self._at(end, "up", None)
