"""What people read and what they do then, and what founders do: by a script with a fixed seed. Everybody
keeps their own story of a case, without its log."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

from bot.missions.working_time import next_working
from bot.types import Conversation, Mission, Place
from tests.simulate.office import Delivery
from tests.simulate.plan import (
    DESK_ROOM,
    EMERGENCY_ROOM,
    HABITS,
    LAPSE_MARK,
    LOOK_MARKS,
    MORE,
    OFFER_MARK,
    QUESTIONS,
    REMINDER_MARK,
    Matter,
    PlannedYear,
)
from tests.simulate.story import FirstOffer, Story


class People(PlannedYear):
    """The year with people who read, and founders who write, in it."""

    def _notice(self, one: Delivery) -> None:
        story = self.stories.get(one.case or 0)
        if one.act == "card" and one.case is not None:
            self._notice_card(one)
        elif story and one.channel == "slack" and one.act == "send" and not story.ended:
            story.touched.append(one.at)
            if REMINDER_MARK in one.text:
                if self.name_receiver(one) in (story.habit, "emergency"):
                    self._plan_reply(story, timedelta(minutes=self.random.randint(20, 200)))
            elif any(mark in one.text for mark in LOOK_MARKS):
                longer = {"founder": "wait", "authority": "authority"}.get(story.parked, "")
                act = longer if longer and self.random.random() < 0.4 else "resolve"
                self._plan_staff(story, act, timedelta(hours=1))
            elif one.staff_thread and OFFER_MARK in one.text:
                story.offered_to = one.mentions[0] if one.mentions else ""
                story.offers.append(FirstOffer(one.at))
            elif one.staff_thread and LAPSE_MARK in one.text:
                story.end_offer(one.at)

    def name_receiver(self, one: Delivery) -> str:
        """Which step of a ladder a reminder is, by where it went."""
        rooms = {DESK_ROOM: "desk", EMERGENCY_ROOM: "emergency"}
        return "thread" if one.staff_thread else rooms.get(one.chat, "lead")

    def _notice_card(self, one: Delivery) -> None:
        case = self.office.store.get_case(one.case or 0)
        story = self.stories.get(case.number)
        if story is None:
            story = self._begin(case.number)
        story.mission, story.thread = case.mission, one.staff_thread
        story.touched.append(one.at)
        story.habit = self._draw_habit()
        if story.merges:
            self._plan_staff(story, "merge", timedelta(minutes=40))
        elif story.habit == "prompt":
            self._plan_reply(story, self._draw_delay(story))

    def _begin(self, number: int, *, merges: bool = False) -> Story:
        """A new case, whose founder asked just now."""
        case, now = self.office.store.get_case(number), self.office.now
        story = Story(
            number, case.conversation, case.mission, case.urgency, now, case.parent or 0,
            case.sealed, merges=merges,
        )  # fmt: skip
        if not case.parent:
            story.told.append(now)
        self.stories[number] = story
        return story

    def _draw_habit(self) -> str:
        return self.random.choices(list(HABITS), list(HABITS.values()))[0]

    def _draw_delay(self, story: Story) -> timedelta:
        most = {"critical": 110, "high": 200}.get(story.urgency, 600)
        return timedelta(minutes=self.random.randint(5, most))

    def _plan_reply(self, story: Story, delay: timedelta) -> None:
        self._plan_staff(story, "reply", delay)

    def _plan_staff(self, story: Story, act: str, delay: timedelta) -> None:
        at = self.office.now + delay
        if story.urgency != "critical":
            at = next_working(at, self.hours[story.mission])
        self._at(at, "staff", (story, act))

    def _is_away(self, user: str, at: datetime) -> bool:
        return any(since <= at < until for since, until in self.absences.get(user, ()))

    def _list_present(self, mission: str) -> list[str]:
        everybody = self.staff[mission]
        return [one for one in everybody if not self._is_away(one, self.office.now)] or everybody

    # Founders.

    def _do_ask(self, what: tuple[str, Mission, Matter, bool]) -> None:
        founder, body, matter, merges = what
        place = Place(body.city, body.country, body.lat, body.lon, None, body.city, body.id)
        chat, _, thread = founder.partition(":")
        key = f"telegram:{founder}"
        talk = Conversation(
            key, "telegram", chat, thread or None, chat, self.random.choice(("ko", "en", "vi")),
            fixed_language=True, greeted=True, private=True, place=place,
        )  # fmt: skip
        self.office.prepare(key, conversation=talk)
        known = set(self.stories)
        self._receive({"channel": "telegram", "chat": chat, "user": chat, "thread": thread or None,
                       "kind": "command", "command": "human", "text": QUESTIONS[matter]})  # fmt: skip
        for delivery in self.office.work():
            self.deliveries.append(delivery)
            if delivery.act == "card" and delivery.case and delivery.case not in known:
                known.add(delivery.case)
                self._begin(delivery.case, merges=merges)
            self._notice(delivery)

    def _do_founder(self, what: tuple[Story, str]) -> None:
        story, act = what
        if story.silent or (act == "reopen") != (story.ended == "resolved"):
            return
        kind, command, text = "text", "", MORE
        if act == "close":
            kind, command, text = "command", "close", ""
        elif act == "reopen":
            kind, text = "button", f"reopen:{story.number}"
        chat, _, thread = story.founder.removeprefix("telegram:").partition(":")
        self._receive({"channel": "telegram", "chat": chat, "user": chat, "thread": thread or None,
                       "kind": kind, "text": text, "command": command})  # fmt: skip
        now = self.office.now
        story.touched.append(now)
        if act == "reopen":
            self.reopened += 1
            story.told.append(now)
            self._reopen(story, "", "")  # its people read what comes of it
        self._work()
        if act == "close":
            story.told.append(now)
            self._end(story, "closed")
        if act != "more":
            return
        if story.parked == "founder":
            story.parked = ""
        story.move("founder_wrote", now)
        if self.random.random() < 0.9:
            self._plan_reply(story, self._draw_delay(story))

    def _reopen(self, story: Story, _user: str, _text: str) -> None:
        story.ended, story.parked, story.habit = "", "", self._draw_habit()
        story.move("reopened", self.office.now)
        if story.habit == "prompt":
            self._plan_reply(story, self._draw_delay(story))

    def _do_twin(self, _: None) -> None:
        """A founder whose case is open asks again in another thread of their chat."""
        mine = [
            one for one in self._list_open()
            if one.founder.count(":") == 1 and not (one.sealed or one.silent)
        ]  # fmt: skip
        if not mine:
            return
        story = self.random.choice(mine)
        founder = f"{story.founder.removeprefix('telegram:')}:{next(self.order)}"
        body = next(one for one in self.bodies if one.id == story.mission)
        self._do_ask((founder, body, "normal", True))

    def _list_open(self) -> list[Story]:
        """The open cases of founders; requests to the desk are not among them."""
        return [one for one in self.stories.values() if not (one.ended or one.parent)]

    def _list_linked(self, story: Story) -> list[Story]:
        every = self.stories.values()
        return [one for one in every if one.parent == story.number and not one.ended]

    def _end(self, story: Story, kind: str) -> None:
        """The case has ended, and with it what the desk was asked for it."""
        now = self.office.now
        linked = self._list_linked(story)
        for one in chain([story], linked if kind != "merged" else []):
            one.ended = "resolved" if one is story and kind == "resolved" else "closed"
            one.end_offer(now)
            one.move("resolved" if one.ended == "resolved" else "closed", now)
            one.parked = ""
        if story.ended == "resolved" and not story.parent and self.random.random() < 0.06:
            at = now + timedelta(minutes=self.random.randint(30, 6000))
            self._at(at, "founder", (story, "reopen"))

    def _user_of(self, story: Story) -> str:
        """Who acts on a case: its holder, else who was asked first, else anybody who is there."""
        present = self._list_present(story.mission)
        for one in (story.holder, story.offered_to):
            if one in present:
                return one
        return self.random.choice(present)
