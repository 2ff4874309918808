"""Founders and staff by a script with a fixed seed: what they do, when, and what happened to each case
as they know it themselves, without the case's log."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.cases.targets import CaseEvent, read_clocks
from bot.messages import Address
from bot.missions.missions import Missions
from bot.missions.office_hours import build_working_hours
from bot.missions.working_time import next_working
from bot.routing.route import CASE_TAKING_STATUSES
from bot.types import DOMESTIC, Binding, Conversation, Mission, Place, StaffMember, Urgency
from tests.simulate.office import Delivery, Office

# 2024: 241 difficulties and 401 requests for information in eight months; three times that.
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


@dataclass(slots=True)
class Story:
    """One case as its people know it. `history` are the moves that clocks care about, each with the
    mission and urgency from then on; `touched` when anything was done or sent."""

    number: int
    founder: str
    mission: str
    urgency: Urgency
    asked_at: datetime
    thread: str = ""
    history: list[tuple[CaseEvent, str]] = field(default_factory=list)
    held: bool = False
    parked: str = ""
    ended: bool = False
    habit: str = "prompt"
    replies: int = 0
    touched: list[datetime] = field(default_factory=list)
    merges: bool = False
    first_mission: str = ""

    def __post_init__(self) -> None:
        self.first_mission = self.mission


class Year:
    """The simulation from `start` for `days`, of `cases` cases at `bodies` of the missions that take
    cases; `changes` is how many merges, and how many reassignments, are begun in a week."""

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
        missions = Missions.load()
        self.bodies = [one for one in missions if one.body in CASE_TAKING_STATUSES][bodies]
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

    # What people read, and what they do then.

    def _notice(self, one: Delivery) -> None:
        story = self.stories.get(one.case or 0)
        if one.act == "card" and one.case is not None:
            self._notice_card(one)
        elif story and one.channel == "slack" and one.act == "send" and not story.ended:
            story.touched.append(one.at)
            if REMINDER_MARK in one.text:
                step = self._name_step(one)
                if step == story.habit or (step == "emergency" and story.habit == "desk"):
                    self._plan_reply(story, timedelta(minutes=self.random.randint(20, 200)))
            elif "기다리기로 한 날" in one.text or "움직임이 없습니다" in one.text:
                self._plan_staff(story, "resolve", timedelta(hours=1))

    def _name_step(self, one: Delivery) -> str:
        rooms = {DESK_ROOM: "desk", EMERGENCY_ROOM: "emergency"}
        return "thread" if one.staff_thread else rooms.get(one.chat, "lead")

    def _notice_card(self, one: Delivery) -> None:
        case = self.office.store.get_case(one.case or 0)
        founder = case.conversation
        story = self.stories.get(case.number)
        if story is None:
            story = Story(case.number, founder, case.mission, case.urgency, self.office.now)
            self.stories[case.number] = story
        story.mission, story.thread = case.mission, one.staff_thread
        story.touched.append(one.at)
        story.habit = self._draw_habit(story)
        if story.merges:
            self._plan_staff(story, "merge", timedelta(minutes=40))
        elif story.habit == "prompt":
            self._plan_reply(story, self._draw_delay(story))

    def _draw_habit(self, story: Story) -> str:
        away = any(since <= self.office.now < until for since, until in self.absent[story.mission])
        if away:
            return self.random.choice(("lead", "desk"))
        return self.random.choices(list(HABITS), list(HABITS.values()))[0]

    def _draw_delay(self, story: Story) -> timedelta:
        if story.urgency == "critical":
            return timedelta(minutes=self.random.randint(5, 110))
        if story.urgency == "high":
            return timedelta(minutes=self.random.randint(10, 200))
        return timedelta(minutes=self.random.randint(20, 600))

    def _plan_reply(self, story: Story, delay: timedelta) -> None:
        self._plan_staff(story, "reply", delay)

    def _plan_staff(self, story: Story, act: str, delay: timedelta) -> None:
        at = self.office.now + delay
        if story.urgency != "critical":
            at = next_working(at, self.hours[story.mission])
        self._at(at, "staff", (story, act))

    def _do_staff(self, what: tuple[Story, str]) -> None:
        story, act = what
        if story.ended:
            return
        kind, text, command = "command", "", act
        if act == "reply":
            kind, text, command = "text", "검토한 결과를 알려 드립니다.", ""
        elif act == "wait" and not story.held:
            return
        elif act == "authority":
            day = self.office.now + timedelta(days=self.random.randint(3, 15))
            text = f"{day:%Y-%m-%d}"
        elif act == "merge":
            target = self._find_twin(story)
            if target is None:
                self._plan_reply(story, timedelta(minutes=5))
                return
            text = str(target.number)
        elif act == "reassign":
            others = [one.id for one in self.bodies if one.id != story.mission]
            text = self.random.choice(others)
        self._say(f"U-{story.mission}", story, kind, text, command)
        self._work()
        self._remember(story, act, text)

    def _remember(self, story: Story, act: str, text: str) -> None:
        now = self.office.now
        story.touched.append(now)
        if act == "reply":
            story.held, story.replies = True, story.replies + 1
            self._move(story, CaseEvent("replied", now))
            self._plan_next(story)
        elif act == "wait":
            story.parked = "founder"
            self._move(story, CaseEvent("waiting_founder", now))
            if self.random.random() < 0.8:
                self._at(
                    now + timedelta(hours=self.random.randint(2, 240)), "founder", (story, MORE)
                )
        elif act == "authority":
            story.parked = "authority"
            self._move(story, CaseEvent("waiting_authority", now))
            self._plan_staff(story, "resume", timedelta(days=self.random.randint(1, 12)))
        elif act == "resume":
            story.parked = ""
            self._move(story, CaseEvent("resumed", now))
            self._plan_reply(story, timedelta(hours=self.random.randint(1, 20)))
        elif act == "resolve":
            self._end(story, "resolved")
        elif act == "reassign":
            story.held, story.parked, story.mission = False, "", text
            self.moves += 1
            self._move(story, CaseEvent("moved", now))
        elif act == "merge":
            self._merge(story, self.stories[int(text)])

    def _plan_next(self, story: Story) -> None:
        """What staff do after a reply: end it, wait, or forget it until somebody reminds them."""
        drawn = self.random.random()
        if story.replies > 3 or drawn < 0.45:
            self._plan_staff(story, "resolve", timedelta(hours=self.random.randint(2, 40)))
        elif drawn < 0.65:
            self._at(self.office.now + timedelta(hours=self.random.randint(1, 30)), "founder",
                     (story, MORE))  # fmt: skip
        elif drawn < 0.8:
            self._plan_staff(story, "wait", timedelta(minutes=3))
        elif drawn < 0.9:
            self._plan_staff(story, "authority", timedelta(minutes=30))
        else:
            story.habit = self.random.choice(("thread", "lead", "desk"))

    def _do_founder(self, what: tuple[Story, str]) -> None:
        story, text = what
        if story.ended:
            return
        command = "close" if text == "/close" else ""
        chat, _, thread = story.founder.removeprefix("telegram:").partition(":")
        message = {"channel": "telegram", "chat": chat, "user": chat, "thread": thread or None,
                   "kind": "command" if command else "text", "text": "" if command else text,
                   "command": command}  # fmt: skip
        self._receive(message)
        self._work()
        now = self.office.now
        story.touched.append(now)
        if command:
            self._end(story, "closed")
            return
        if story.parked == "founder":
            story.parked = ""
        self._move(story, CaseEvent("founder_wrote", now))
        if self.random.random() < 0.9:
            self._plan_reply(story, self._draw_delay(story))

    def _do_ask(self, what: tuple[str, Mission, Urgency, bool]) -> None:
        founder, body, urgency, merges = what
        place = Place(body.city, body.country, body.lat, body.lon, None, body.city, body.id)
        chat, _, thread = founder.partition(":")
        key = f"telegram:{founder}"
        talk = Conversation(
            key, "telegram", chat, thread or None, chat, self.random.choice(("ko", "en", "vi")),
            fixed_language=True, greeted=True, private=True, place=place,
        )  # fmt: skip
        self.office.prepare(key, conversation=talk)
        before = set(self.stories)
        self._receive({"channel": "telegram", "chat": chat, "user": chat, "thread": thread or None,
                       "kind": "command", "command": "human", "text": QUESTIONS[urgency]})  # fmt: skip
        for delivery in self.office.work():
            self.deliveries.append(delivery)
            if merges and delivery.act == "card" and delivery.case not in before:
                case = self.office.store.get_case(delivery.case or 0)
                self.stories[case.number] = Story(
                    case.number, key, case.mission, case.urgency, self.office.now, merges=True
                )
            self._notice(delivery)

    def _do_twin(self, _: None) -> None:
        """A founder whose case is open asks again in another thread of their chat."""
        mine = [
            one for one in self._list_open() if ":" not in one.founder.removeprefix("telegram:")
        ]
        if not mine:
            return
        story = self.random.choice(mine)
        founder = f"{story.founder.removeprefix('telegram:')}:{next(self.order)}"
        body = next(one for one in self.bodies if one.id == story.mission)
        self._do_ask((founder, body, "normal", True))

    def _do_move(self, _: None) -> None:
        if stories := [one for one in self._list_open() if not one.merges]:
            self._plan_staff(self.random.choice(stories), "reassign", timedelta())

    def _do_drop(self, _: None) -> None:
        stories = [one for one in self._list_open() if not one.held]
        self.dropped += self.office.drop_timers(stories[-1].number) if stories else 0

    def _list_open(self) -> list[Story]:
        return [one for one in self.stories.values() if not one.ended]

    def _find_twin(self, story: Story) -> Story | None:
        chat = story.founder.removeprefix("telegram:").partition(":")[0]
        return next(
            (
                one
                for one in self._list_open()
                if one.founder == f"telegram:{chat}" and one is not story
            ),
            None,
        )

    def _merge(self, story: Story, target: Story) -> None:
        now = self.office.now
        since = read_clocks(story.asked_at, [move for move, _ in story.history]).started
        if target.parked == "founder":
            target.parked = ""
            self._move(target, CaseEvent("resumed", now))
        self._move(target, CaseEvent("merged", now, since))
        target.touched.append(now)
        self.merges += 1
        self._end(story, "closed")
        self._plan_reply(target, self._draw_delay(target))

    def _end(self, story: Story, kind: Any) -> None:
        story.ended = True
        self._move(story, CaseEvent(kind, self.office.now))

    def _move(self, story: Story, move: CaseEvent) -> None:
        story.history.append((move, story.mission))

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
