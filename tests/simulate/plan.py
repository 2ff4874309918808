"""The calendar of the year with a fixed seed: who asks when, who is away, when the process is down."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Literal

from bot.messages import Address
from bot.missions.missions import Missions
from bot.missions.office_hours import build_working_hours
from bot.types import DOMESTIC, Binding, StaffMember
from tests.simulate.office import Delivery, Office
from tests.simulate.story import Story

# 2024: 241 difficulties and 401 requests for information in eight months; three times that.
BODIES = 25  # missions whose body takes cases, from every part of the list
CASES_A_YEAR = (241 + 401) * 12 // 8 * 3
Matter = Literal["normal", "tax", "high", "critical", "sealed"]
QUESTIONS: dict[Matter, str] = {
    "normal": "현지 법인을 세울 때 어떤 서류가 필요한가요",
    "tax": "부가세 환급이 늦어지는데 어떻게 신청하나요",
    "high": "물건이 세관에 묶여 있습니다",
    "critical": "통관이 막혀서 냉동 식품이 상하고 있습니다",
    "sealed": "직원이 도면을 빼돌렸어요",
}
SHARES: dict[Matter, float] = {
    "normal": 0.4, "tax": 0.38, "high": 0.17, "critical": 0.03, "sealed": 0.02,
}  # fmt: skip
SEALED_WORD = "도면"
MORE = "요청하신 서류를 보내 드립니다. 확인해 주십시오"
ROLES = {"U": "lawyer", "L": "diplomat", "A": "accountant", "C": "customs"}
DESK_ROOM, EMERGENCY_ROOM = "C-desk", "C-emergency"
REMINDER_MARK = (
    "의 목표 시각이"  # in every step of the ladder, see staff.target_near and target_late
)
OFFER_MARK, LAPSE_MARK = "먼저 드립니다", "이제 모든 담당자에게 드립니다"  # seats.offered…
LOOK_MARKS = ("기다리기로 한 날", "움직임이 없습니다")  # staff.wait_over, staff.look_again
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
        self.restarts = self.merges = self.moves = self.reopened = self.handed = 0
        self.away = self.relays = 0
        self.hours = {one.id: build_working_hours(one) for one in self.bodies}
        self.hours[DOMESTIC] = build_working_hours(missions.get(DOMESTIC))
        self.staff: dict[str, list[str]] = {}
        self.absences: dict[str, list[tuple[datetime, datetime]]] = {}
        self._bind_rooms()
        self._plan_absences()
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
                if kind == "kill" and not down_until:  # and begun anew at once
                    self.office.die_over_work()
                    self.office.restart()
                    self.restarts += 1
                elif kind == "up":
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

    def _say(
        self, user: str, mission: str, thread: str | None, kind: str, text: str, command: str
    ) -> None:
        room = DESK_ROOM if mission == DOMESTIC else f"C-{mission}"
        self._receive({"channel": "slack", "chat": room, "user": user, "kind": kind, "text": text,
                       "command": command, "thread": thread and f"t{thread}",
                       "private": False})  # fmt: skip

    def _receive(self, message: dict[str, Any]) -> None:
        number = next(self.order)
        self.office.receive({"id": f"m{number}", **message}, f"e{number}")

    def _at(self, at: datetime, kind: str, what: Any) -> None:
        heapq.heappush(self.agenda, (at, next(self.order), kind, what))

    def _bind_rooms(self) -> None:
        """A room for each body, with its people: every fourth has no one who reads sealed cases, and
        the domestic desk has no one either."""
        for at, id in enumerate([DOMESTIC, *(one.id for one in self.bodies)]):
            roles = ROLES if at % 4 else {mark: ROLES[mark] for mark in "UA"}
            self.staff[id] = [f"{mark}-{id}" for mark in roles]
            members = tuple(
                StaffMember(id, "slack", f"{mark}-{id}", "", role, "simulation", self.start,
                            is_lead=mark == "L")
                for mark, role in roles.items()
            )  # fmt: skip
            room = Binding(id, "slack", DESK_ROOM if id == DOMESTIC else f"C-{id}")
            self.office.prepare(id, room=room, staff=members)

    def _plan_absences(self) -> None:
        """Three times a year, somebody of each body is away for a week; twice somebody stands in."""
        weeks = (self.end - self.start).days // 7
        for body in self.bodies:
            for number in range(3 * weeks // 52 or weeks > 2):
                begin = self.start + timedelta(weeks=self.random.randrange(1, weeks))
                user = self.random.choice(self.staff[body.id])
                others = [one for one in self.staff[body.id] if one != user]
                other = self.random.choice(others) if number < 2 else ""
                self.absences.setdefault(user, []).append((begin, begin + timedelta(days=7)))
                days = f"{begin:%Y-%m-%d} {begin + timedelta(days=6):%Y-%m-%d}"
                told = begin - timedelta(hours=self.random.randint(2, 90))
                self._at(told, "away", (body.id, user, days, other))

    def _plan(self, cases: int, days: int) -> None:
        draw = self.random
        for number in range(cases):
            at = self.start + timedelta(seconds=draw.randrange(days * 86_400))
            matter = draw.choices(list(SHARES), list(SHARES.values()))[0]
            self._at(at, "ask", (f"{1000 + number}", draw.choice(self.bodies), matter, False))
        for week in range(days // 7):
            for kind in ("twin", "move") * self.changes:
                self._at(self._draw_moment(week), kind, None)
            begin = self._draw_moment(week, 6)
            end = begin + timedelta(minutes=draw.choice((2, 20, 180)))
            self.outages.append((begin, end))
            self._at(begin, "down", end)
            self._at(end, "up", None)
            self._at(self._draw_moment(week), "kill", None)

    def _draw_moment(self, week: int, days: int = 7) -> datetime:
        return self.start + timedelta(weeks=week, seconds=self.random.randrange(days * 86_400))
