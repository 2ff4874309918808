"""Founders and staff by a script with a fixed seed: what they do, when, and what happened to each case
as they know it themselves, without the case's log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.cases.targets import CaseEvent, read_clocks
from bot.missions.working_time import next_working
from bot.types import Conversation, Mission, Place, Urgency
from tests.simulate.office import Delivery
from tests.simulate.plan import (
    DESK_ROOM,
    EMERGENCY_ROOM,
    HABITS,
    MORE,
    QUESTIONS,
    REMINDER_MARK,
    PlannedYear,
)
from tests.simulate.story import Story


class Year(PlannedYear):
    """The year with people who do things in it."""

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
        if story.ended or story.silent:
            return
        kind, text, command = "command", "", act
        if act == "reply":
            kind, text, command = "text", "검토한 결과를 알려 드립니다.", ""
        elif (act in ("wait", "authority") and not story.held) or (
            act == "resume" and story.parked != "authority"
        ):
            return  # somebody else has changed the case meanwhile
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
        if story.ended or story.silent:
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
        if stories := [one for one in self._list_open() if not (one.merges or one.silent)]:
            self._plan_staff(self.random.choice(stories), "reassign", timedelta())

    def _do_drop(self, _: None) -> None:
        stories = [
            one for one in self._list_open()
            if not one.held and one.habit != "prompt" and len(one.touched) == 1
        ]  # fmt: skip
        if stories:
            self.dropped += self.office.drop_timers(stories[-1].number)
            stories[-1].silent = True
        else:  # one of a case that only a reminder would move has to be found first
            self._at(self.office.now + timedelta(hours=1), "drop", None)

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
