"""What staff do in the year: they reply, park, ask the desk, merge, move, hand over, are away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.simulate.checking.ladder import FounderWait
from tests.simulate.people import People
from tests.simulate.story import Story

REQUEST = "해당 품목에 필요한 국내 허가와 처리 기간을 확인해 주십시오"
REPLY = "검토한 결과를 알려 드립니다."
UNTOLD = ("resume",)  # of which the founder learns with the next reply


class Year(People):
    """The year with all its people in it."""

    def _do_staff(self, what: tuple[Story, str]) -> None:
        story, act = what
        if story.silent or not self._is_possible(story, act):
            return
        text = self._write(story, act)
        if text is None:
            return
        user, mission = self._user_of(story), story.mission
        kind, command = ("text", "") if act == "reply" else ("command", act)
        story.touched.append(self.office.now)
        if act not in UNTOLD and not story.parent:
            story.told.append(self.office.now)
        getattr(self, f"_{act}")(story, user, text)
        self._say(user, mission, story.thread, kind, text, command)
        self._work()

    def _is_possible(self, story: Story, act: str) -> bool:
        """Whether nobody has changed the case meanwhile, and who has it is there."""
        if (act == "reopen") != bool(story.ended):
            return False
        if act == "reply" and self._is_away(story.holder, self.office.now) and not story.waited:
            story.waited, story.habit = True, self.random.choice(("thread", "lead", "desk"))
            return False  # somebody has to be reminded first
        return bool(
            story.holder if act in ("wait", "authority") else story.parked or act != "resume"
        )

    def _write(self, story: Story, act: str) -> str | None:
        """The words of an act; None if it cannot be done."""
        match act:
            case "reply":
                return REPLY
            case "authority" | "wait" if story.parked or act == "authority":
                return f"{self.office.now + timedelta(days=self.random.randint(3, 15)):%Y-%m-%d}"
            case "relay":
                return f"{REQUEST}. {next(self.order)}"
            case "merge":
                if target := self._find_twin(story):
                    return str(target.number)
                self._plan_reply(story, timedelta(minutes=5))
                return None
            case "reassign":
                return self.random.choice(
                    [one.id for one in self.bodies if one.id != story.mission]
                )
            case "hand":
                others = [one for one in self._list_present(story.mission) if one != story.holder]
                return (
                    f"slack:{self.random.choice(others)}" if others and not story.sealed else None
                )
        return ""

    # What follows from an act for those who know of it, at the moment it is done.

    def _wait(self, story: Story, _user: str, _text: str) -> None:
        story.parked = "founder"
        story.move("waiting_founder", self.office.now)
        if self.random.random() < 0.8:
            at = self.office.now + timedelta(hours=self.random.randint(2, 240))
            self._at(at, "founder", (story, "more"))

    def _authority(self, story: Story, _user: str, _text: str) -> None:
        story.parked = "authority"
        story.move("waiting_authority", self.office.now)
        self._plan_staff(story, "resume", timedelta(days=self.random.randint(1, 12)))

    def _relay(self, story: Story, user: str, _text: str) -> None:
        story.holder, story.parked = story.holder or user, "authority"
        story.end_offer(self.office.now)
        story.move("waiting_authority", self.office.now)
        self.relays += 1

    def _resume(self, story: Story, _user: str, _text: str) -> None:
        self._go_on(story)

    def _resolve(self, story: Story, _user: str, _text: str) -> None:
        self._go_on_with_parent(story)
        self._end(story, "resolved")

    def _reassign(self, story: Story, _user: str, text: str) -> None:
        story.end_offer(self.office.now)
        story.holder, story.parked, story.mission = "", "", text
        self.moves += 1
        story.move("moved", self.office.now)

    def _hand(self, story: Story, _user: str, text: str) -> None:
        story.holder = text.removeprefix("slack:")
        story.end_offer(self.office.now)
        self.handed += 1

    def _merge(self, story: Story, _user: str, text: str) -> None:
        now, target = self.office.now, self.stories[int(text)]
        wait = FounderWait(story.asked_at)
        for move, _ in story.history:
            wait = wait.after(move)
        if target.parked == "founder":
            target.parked = ""
            target.move("resumed", now)
        target.move("merged", now, wait.since)
        target.touched.append(now)
        self.merges += 1
        self._end(story, "merged")
        for linked in self._list_linked(story):
            linked.parent = target.number
        self._plan_reply(target, self._draw_delay(target))

    def _reply(self, story: Story, user: str, _text: str) -> None:
        now = self.office.now
        story.holder, story.replies, story.waited = story.holder or user, story.replies + 1, False
        story.end_offer(now)
        story.move("replied", now)
        if (parent := self._go_on_with_parent(story)) is not None:
            parent.told.append(now)
        self._plan_next(story)

    def _go_on(self, story: Story) -> None:
        """What was waited for has come."""
        if not story.parked:
            return
        story.parked = ""
        story.move("resumed", self.office.now)
        self._plan_reply(story, timedelta(minutes=self.random.randint(60, 1200)))

    def _go_on_with_parent(self, story: Story) -> Story | None:
        """The case that a request was made for, which goes on because the desk answered or ended it;
        None if it did not wait for that."""
        parent = self.stories.get(story.parent)
        if parent is None or parent.ended or parent.parked != "authority":
            return None
        self._go_on(parent)
        return parent

    def _plan_next(self, story: Story) -> None:
        """What staff do after a reply: end it, wait, ask the desk, or forget it until reminded."""
        drawn = self.random.random()
        if story.replies > 3 or drawn < 0.42:
            self._plan_staff(story, "resolve", timedelta(hours=self.random.randint(2, 40)))
        elif drawn < 0.60 and not story.parent:
            act = "close" if drawn < 0.44 else "more"
            at = self.office.now + timedelta(hours=self.random.randint(1, 30))
            self._at(at, "founder", (story, act))
        elif drawn < 0.74 and not story.parent:
            self._plan_staff(story, "wait", timedelta(minutes=3))
        elif drawn < 0.80:
            self._plan_staff(story, "authority", timedelta(minutes=30))
        elif drawn < 0.88 and not (story.parent or story.sealed):
            self._plan_staff(story, "relay", timedelta(minutes=self.random.randint(5, 90)))
        elif drawn < 0.92 and not story.parent:
            self._plan_staff(story, "hand", timedelta(minutes=15))
            story.habit = "thread"
        else:
            story.habit = self.random.choice(("thread", "lead", "desk"))

    def _do_move(self, _: None) -> None:
        if stories := [one for one in self._list_open() if not (one.merges or one.silent)]:
            self._plan_staff(self.random.choice(stories), "reassign", timedelta())

    def _find_twin(self, story: Story) -> Story | None:
        chat = story.founder.removeprefix("telegram:").partition(":")[0]
        mine = (one for one in self._list_open() if one.founder == f"telegram:{chat}")
        return next((one for one in mine if one is not story and not one.silent), None)

    # Seats.

    def _do_away(self, what: tuple[str, str, str, str]) -> None:
        """Somebody says when they are away and, if `other` is given, who stands in."""
        mission, user, days, other = what
        self._say(user, mission, None, "command", f"{days} {other}".strip(), "away")
        self._work()
        self.away += 1
        lead = f"L-{mission}"
        if other and lead in self.staff[mission]:
            self._at(self.office.now + timedelta(minutes=20), "stand_in", (mission, user, other))

    def _do_stand_in(self, what: tuple[str, str, str]) -> None:
        """The lead hands the cases of somebody away to who stands in."""
        mission, user, other = what
        for story in self.stories.values():
            is_theirs = story.holder == user and story.mission == mission and not story.ended
            if is_theirs and not story.sealed and not story.silent:
                story.holder = other
                story.end_offer(self.office.now)
                story.touched.append(self.office.now)
                story.told.append(self.office.now)
                self.handed += 1
        self._say(f"L-{mission}", mission, None, "button", f"standin:slack:{user}", "")
        self._work()

    def _do_plant(self, fault: Any) -> None:
        """A fault of the tests: it is tried until there is a case that it fits."""
        if not fault(self):
            self._at(self.office.now + timedelta(minutes=30), "plant", fault)
