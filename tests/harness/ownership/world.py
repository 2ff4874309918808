"""Five people in every kind of place, who all write to Naru, and a checker of who reads whose words.

Every text holds a tag that names its author, so that whatever Naru sends, keeps or erases shows
whose words it touches. See docs/who-owns-a-conversation.md
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from adapters.slack import inbound as slack
from adapters.slack.limits import SLACK_LIMITS
from adapters.telegram import inbound as telegram
from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.admin.library_service import LibraryService
from bot.assistant import Assistant
from bot.context import Decision
from bot.messages import Message, Outgoing
from bot.store import InboxEvent, InboxRow, Store
from bot.store.inbox import CLOCK_CHANNEL
from bot.types import Binding, Conversation
from knowledge.types import Answer, Question
from tests.fakes.living_store import LivingStore
from tests.harness.ownership.events import (
    COMMANDS,
    FORGED_KEYS,
    ROOM,
    SLACK_BOT,
    TAG,
    WORDS,
    Step,
    WritingSpot,
    find_tags,
    list_button_keys,
    list_places,
    make_slack_event,
    make_user_id,
    press_on_slack,
    press_on_telegram,
    write_on_slack,
    write_on_telegram,
)
from tests.samples.answers import make_answer
from tests.samples.records import MISSIONS, NOW, KnownPlaces
from tests.samples.staff_records import KnownAccounts

PEOPLE = range(5)
STAFF = "U0STAFF"


@dataclass
class World:
    """Naru on a store in memory. `distort` plants a bug: it changes each message as it is read."""

    distort: Callable[[Message], Message] = field(default=lambda message: message)

    def __post_init__(self) -> None:
        self.store = LivingStore()
        self.store.bindings = [
            Binding("vn-hanoi", "slack", ROOM),
            Binding("domestic", "slack", ROOM),
        ]
        self.count = itertools.count(1)
        self.public_tags: set[str] = set()
        self.own_messages: dict[tuple[int, WritingSpot], str] = {}
        self.assistant = Assistant(
            store=cast(Store, self.store), ask=_echo_question, missions=MISSIONS, places=KnownPlaces(),
            parser_for=lambda channel: self._parse, admins=frozenset(),
            library_service=lambda: cast(LibraryService, None), now=lambda: NOW, previews={},
            limits={"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS},
            directory=KnownAccounts(),
        )  # fmt: skip

    # deeds

    def do(self, step: Step) -> None:
        """Do one step and check everything that it led to. Raises AssertionError."""
        places = list_places(step.person)
        place = places[step.place % len(places)]
        act: Callable[[Step, WritingSpot], None] = getattr(self, f"_{step.act}")
        act(step, place)

    def _says(self, step: Step, place: WritingSpot) -> None:
        self._write(step, place, WORDS[step.choice % len(WORDS)], addressed=False)

    def _mentions(self, step: Step, place: WritingSpot) -> None:
        self._write(step, place, WORDS[step.choice % len(WORDS)], addressed=True)

    def _commands(self, step: Step, place: WritingSpot) -> None:
        self._write(
            step, place, COMMANDS[step.choice % len(COMMANDS)], addressed=True, command=True
        )

    def _sends_file(self, step: Step, place: WritingSpot) -> None:
        self._write(step, place, "", addressed=step.choice % 2 == 0, file=True)

    def _edits(self, step: Step, place: WritingSpot) -> None:
        self._write(step, place, "고친 글", addressed=step.choice % 2 == 0, edited=True)

    def _anonymous(self, step: Step, place: WritingSpot) -> None:
        if place.channel == "telegram" and place.public:
            self._write(step, place, WORDS[0], addressed=True, anonymous=True)

    def _presses(self, step: Step, place: WritingSpot) -> None:
        seen = [key for one in self.store.sent for key in list_button_keys(one)
                if self._can_see(step.person, one) and one.to.chat == place.chat]  # fmt: skip
        if seen:
            self._press(step, place, seen[step.choice % len(seen)])

    def _forges(self, step: Step, place: WritingSpot) -> None:
        others = [key for one in self.store.sent[-20:] for key in list_button_keys(one)]
        keys = (*FORGED_KEYS, *others, *(f"reopen:{number}" for number in self.store.cases))
        self._press(step, place, keys[step.choice % len(keys)])

    def _staff(self, step: Step, place: WritingSpot) -> None:
        """Staff take a case, answer it (with words for its founder alone) or end it."""
        if not self.store.threads:
            return
        thread = self.store.threads[step.choice % len(self.store.threads)]
        owner = self._find_owner(self.store.cases[thread.case].conversation)
        tag = self._make_tag(owner, public=False) if owner is not None else ""
        text = (f"답변 {tag}", "claim", "resolve", "reopen", "// 메모")[step.choice % 5]
        mention = f"<@{SLACK_BOT}> " if text in ("claim", "resolve", "reopen") else ""
        inner = {"type": "message", "channel": ROOM, "user": STAFF, "ts": f"{next(self.count)}.9",
                 "thread_ts": thread.thread, "text": mention + text}  # fmt: skip
        self._work(make_slack_event(inner, next(self.count)))

    def _timer(self, step: Step, place: WritingSpot) -> None:
        if self.store.timers:
            timer = self.store.timers.pop(step.choice % len(self.store.timers))
            lane = f"{CLOCK_CHANNEL}:{timer.conversation}"
            self._work(InboxEvent(CLOCK_CHANNEL, timer.key, lane, timer.conversation))

    def _exports(self, step: Step, place: WritingSpot) -> None:
        """`naru export` of one person: all that is kept under their account."""
        account = f"{place.channel}:{make_user_id(place.channel, step.person)}"
        talks = self.store.list_conversations(account)
        found = [case for talk in talks for case in self.store.list_cases(talk.key)]
        lines = [self.store.list_lines(case.number) for case in found]
        self._check_tags(repr((talks, found, lines)), step.person, "an export")

    def _write(
        self, step: Step, place: WritingSpot, text: str, *, addressed: bool, command: bool = False,
        file: bool = False, edited: bool = False, anonymous: bool = False,
    ) -> None:  # fmt: skip
        hidden = place.kind == "slash" or not place.public
        tag = self._make_tag(step.person, public=not hidden)
        words = text if command else f"{text} {tag}"
        build = write_on_slack if place.channel == "slack" else write_on_telegram
        at = self.own_messages.get((step.person, place)) if edited else None
        number = at or str(next(self.count))
        self.own_messages[step.person, place] = number
        event = build(place, make_user_id(place.channel, step.person), number, words, addressed,
                      command=command, file=tag if file else "", edited=edited, anonymous=anonymous)  # fmt: skip
        began_here = any(one.user == make_user_id(place.channel, step.person) and one.chat == place.chat
                         and one.thread == place.thread for one in self.store.conversations.values())  # fmt: skip
        concerns = not place.public or addressed or place.kind == "slash" or (
            place.kind == "thread" and began_here)  # fmt: skip
        before = self._snapshot(step.person, place.channel)
        row, decision = self._work(event)
        if place.kind == "room":
            assert not self._find_tags(decision), "words in a room but in no case went somewhere"
        elif not concerns or anonymous:
            self._check_unheard(row, decision, politely=anonymous)
        assert self._snapshot(step.person, place.channel) == before, (
            "another's records were touched"
        )

    def _press(self, step: Step, place: WritingSpot, key: str) -> None:
        if place.kind == "room":
            return
        user = make_user_id(place.channel, step.person)
        build = press_on_slack if place.channel == "slack" else press_on_telegram
        before = self._snapshot(step.person, place.channel)
        _, decision = self._work(build(place, user, next(self.count), key))
        owner = key.partition("@")[2]
        if owner and owner != user and place.public:
            assert decision is None or replace(decision, outgoing=()) == Decision(), (
                "another's button"
            )
        assert self._snapshot(step.person, place.channel) == before, (
            "another's records were touched"
        )

    # how

    def _parse(self, payload: str) -> Message | None:
        parse = telegram.parse_message if "update_id" in payload else slack.parse_message
        message = parse(payload)
        return message and self.distort(message)

    def _work(self, event: InboxEvent) -> tuple[InboxRow, Decision | None]:
        """Work one event and check what it led to; no event may fail."""
        row = self.store.receive(event, NOW)
        written = len(self.store.written)
        self.store.inbox.fates.clear()
        self.assistant.work_lane("w")
        failed = self.store.inbox.fates.keys() - {"ignored", "released"}
        assert not failed, f"an event failed: {failed}"
        if len(self.store.written) == written:
            return row, None
        decision = self.store.written[-1][1]
        for outgoing in decision.outgoing:
            self._check_outgoing(outgoing)
        self._check_records(decision)
        return row, decision

    def _check_outgoing(self, one: Outgoing) -> None:
        text = repr(one.content)
        if one.to.staff_thread:
            case = self.store.cases[int(one.to.staff_thread.partition(".")[0])]
            self._check_tags(text, self._find_owner(case.conversation), "a staff thread")
        elif reader := self._find_reader(one):
            self._check_tags(text, reader[0], "a private message")
        else:
            assert TAG.findall(text) == [] or one.to.person, f"words of nobody's in {one.to}"
            private = {tag for tag in find_tags(text) if tag not in self.public_tags}
            assert not private, f"private words in public: {text}"
            owner = [p for p in PEOPLE if make_user_id(one.to.channel, p) == one.to.person]
            self._check_tags(text, owner[0] if owner else None, "a public answer")

    def _check_records(self, decision: Decision) -> None:
        if talk := decision.conversation:
            self._check_tags(repr(talk), self._find_person(talk), f"conversation {talk.key}")
        if decision.new_case:
            assert self.store.conversations[decision.new_case.conversation].private, "a public case"
        changed = {number for number, _ in decision.new_lines}
        changed |= {case.number for case in (decision.case, decision.new_case) if case}
        for number in changed:
            case = self.store.cases[number]
            owner = self._find_owner(case.conversation)
            self._check_tags(repr((case, self.store.list_lines(number))), owner, f"case {number}")

    def _check_tags(self, text: str, person: int | None, where: str) -> None:
        strangers = {int(author) for author, _ in TAG.findall(text)} - {person}
        assert not strangers, f"words of {strangers} in {where} of {person}: {text[:400]}"

    def _check_unheard(self, row: InboxRow, decision: Decision | None, *, politely: bool) -> None:
        """Words that are not for Naru lead to nothing and are not kept."""
        if decision is None:
            return
        assert politely or not decision.outgoing, "a bystander's words were answered"
        rest = replace(decision, outgoing=(), forget_message=False)
        assert rest == Decision(), "a bystander's words led to something"
        assert self.store.kept_payloads[row.seq][1] == "{}", "a bystander's words were kept"

    def _find_tags(self, decision: Decision | None) -> list[Any]:
        return TAG.findall(repr(asdict(decision))) if decision else []

    def _snapshot(self, person: int, channel: str) -> object:
        """Everything that is kept of everybody but this person on this channel."""
        own = make_user_id(channel, person)
        talks = {key: talk for key, talk in self.store.conversations.items()
                 if (talk.channel, talk.user) != (channel, own)}  # fmt: skip
        cases = [(case, tuple(self.store.list_lines(case.number)))
                 for case in self.store.cases.values() if case.conversation in talks]  # fmt: skip
        return talks, cases

    def _find_person(self, talk: Conversation) -> int | None:
        return next((p for p in PEOPLE if make_user_id(talk.channel, p) == talk.user), None)

    def _find_owner(self, key: str) -> int | None:
        talk = self.store.conversations.get(key)
        return self._find_person(talk) if talk else None

    def _find_reader(self, one: Outgoing) -> tuple[int] | None:
        """The only person who can read a message; None for one in front of others."""
        for person in PEOPLE:
            user = make_user_id(one.to.channel, person)
            alone = {user, *(place.chat for place in list_places(person) if not place.public)}
            if one.to.only_to == user or (not one.to.only_to and one.to.chat in alone):
                return (person,)
        return None

    def _can_see(self, person: int, one: Outgoing) -> bool:
        reader = self._find_reader(one)
        return one.to.staff_thread is None and reader in (None, (person,))

    def _make_tag(self, person: int, *, public: bool) -> str:
        tag = f"zq{person}n{next(self.count)}z"
        if public:
            self.public_tags.add(tag)
        return tag


def _echo_question(question: Question, show: Any) -> Answer:
    """An answer that repeats the question, so that it shows whose it was."""
    return make_answer(text=f"답: {question.text}", language=question.language)


def run_steps(steps: Iterable[Step], distort: Callable[[Message], Message] | None = None) -> World:
    """A new world in which the steps are done, each of them checked."""
    world = World(distort) if distort else World()
    for step in steps:
        world.do(step)
    return world
