"""The life of one message: read this first.

A worker takes a lane's oldest events, reads them as messages, recalls what it knows, decides, and
writes everything in one transaction. Thinking happens outside of it; if the conversation or the
case changed hands meanwhile, it decides again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.admin import binding, library_commands, library_tasks
from bot.admin.library_service import Librarian
from bot.cases import staff_turn
from bot.cases.rooms import notice
from bot.context import Places, Scene, Tools
from bot.delivery.splitting import split_all
from bot.errors import Conflict, TooEarly
from bot.founder import handover, turn
from bot.missions import Missions
from bot.showing import Show, Showing
from bot.store import InboxRow, Store
from bot.store.inbox import CLOCK, LIBRARY, TRIES
from bot.store.lease import held
from bot.store.serialisation import task_from
from bot.types import Conversation, Decision, Message, StaffThread, Task
from knowledge.types import Answer, Question

log = logging.getLogger(__name__)

DECISIONS = 3  # how often a decision is made anew when others were quicker
AGAIN = timedelta(milliseconds=200)


class Reader(Protocol):
    """What reads a platform's raw event; None for one that asks nothing of us."""

    def __call__(self, payload: str) -> Message | None: ...


@dataclass(frozen=True, slots=True)
class Worked:
    """Events were worked; `seen` is a message its sender should see was passed on."""

    seen: Message | None


@dataclass(frozen=True, slots=True)
class Assistant:
    """Works events of the inbox. `reader_of` a channel reads its raw events; `admins` as
    "channel:user"; a `librarian` is fetched when an admin comes; `showings` by channel."""

    store: Store
    ask: Callable[[Question, Show | None], Answer]
    missions: Missions
    places: Places
    reader_of: Callable[[str], Reader]
    admins: frozenset[str]
    librarian: Callable[[], Librarian]
    now: Callable[[], datetime]
    showings: Mapping[str, Showing]

    def work(self, owner: str, channels: Sequence[str] | None = None) -> Worked | None:
        """Work the oldest events of one lane; None when nothing was waiting."""
        rows = self._in_order(self.store.inbox.claim(owner, self.now(), channels))
        if not rows:
            return None
        group: Sequence[InboxRow] = rows[:1]
        try:
            group, message = self._thought(rows)
            return Worked(self._settle(group, message, owner))
        except (Conflict, TooEarly) as error:
            log.info("looked at again: %s", error)
            self.store.inbox.postpone(group, owner, self.now() + AGAIN)
        except Exception as error:  # a message nobody can work must not stop the lane
            log.exception("event %s of %s failed", group[0].seq, group[0].channel)
            self._failed(group, owner, error)
        finally:
            if rest := rows[len(group) :]:
                self.store.inbox.release(rest, owner)
        return Worked(None)

    def _settle(
        self, group: Sequence[InboxRow], message: Message | None, owner: str
    ) -> Message | None:
        """Decide and write; decide again when someone else wrote first."""
        if group[0].channel == CLOCK:
            return self._commit(group, owner, lambda: self._rung(group[0].payload))
        if group[0].channel.startswith(LIBRARY):
            task = task_from(group[0].payload)
            with held(self.store.inbox, group, owner, self.now):
                return self._commit(group, owner, lambda: self._tasked(task))
        if message is None:
            self.store.inbox.ignore(group[0], owner, "nothing to do", self.now())
            return None
        return self._commit(group, owner, lambda: self._decide(message))

    def _commit(
        self, group: Sequence[InboxRow], owner: str, decide: Callable[[], Decision]
    ) -> Message | None:
        for attempt in range(1, DECISIONS + 1):
            try:
                decision = decide()
                parts = split_all(decision.outgoing)
                self.store.commit(group, owner, replace(decision, outgoing=parts), self.now())
            except Conflict:
                if attempt == DECISIONS:
                    raise
            else:
                return decision.seen
        return None

    def _decide(self, message: Message) -> Decision:
        """Who is this, and what does their message lead to?"""
        is_admin = f"{message.channel}:{message.user}" in self.admins
        if message.kind == "command" and message.command in binding.COMMANDS:
            waiting = self.store.waiting_for_a_room()
            return binding.decide(message, is_admin, self.tools(), waiting)
        talk = self.store.conversation(message.conversation)
        visit = library_commands.Visit(message, talk or _met(message), is_admin, self.librarian)
        if library_commands.concerns(visit):
            return library_commands.decide(visit)
        in_room = self._is_room(message)
        if thread := self._staff_thread(message, in_room):
            return staff_turn.decide(self._office(message, thread))
        if in_room:
            return staff_turn.outside(message)
        if talk is None and not message.addressed:
            return Decision()
        return turn.decide(Scene(self._tools_aloud(message), library_commands.left(visit), message))

    def _rung(self, conversation: str) -> Decision:
        """A timer went off."""
        talk = self.store.conversation(conversation)
        if talk is None:
            return Decision()
        message = Message(talk.channel, talk.chat, talk.user, "", "other", thread=talk.thread)
        return handover.place_is_late(Scene(self.tools(), talk, message))

    def _tasked(self, task: Task) -> Decision:
        """What an admin asked of the library, done. Done twice it changes nothing more."""
        talk = self.store.conversation(task.to.lane)
        if library_tasks.is_overtaken(task, talk):
            return Decision()
        return library_tasks.work(task, self.librarian())

    def _office(self, message: Message, thread: StaffThread) -> staff_turn.Office:
        case = self.store.case(thread.case)
        talk = self.store.conversation(case.conversation)
        role = self.store.role(message.channel, message.chat, message.user) or "staff"
        return staff_turn.Office(self.tools(), message, case, thread, talk, role)

    def _staff_thread(self, message: Message, in_room: bool) -> StaffThread | None:
        """The staff thread a message stands in. Raises TooEarly where its card may stand there
        already, but is not noted yet."""
        place = message.channel, message.chat
        early = in_room and message.thread and self.store.outbox.card_under_way(*place)
        thread = self.store.staff_thread(*place, message.thread)
        if early and thread is None:
            raise TooEarly("its thread's card is not noted yet")
        return thread

    def _is_room(self, message: Message) -> bool:
        """Whether this is a body's room, outside of any case's thread."""
        return any(
            (room.channel, room.chat) == (message.channel, message.chat)
            for room in self.store.bindings()
        )

    def tools(self) -> Tools:
        """What a decision may look at, as it is now."""
        store = self.store
        return Tools(
            ask=lambda question: self.ask(question, None),
            missions=self.missions,
            places=self.places,
            now=self.now(),
            bindings=tuple(store.bindings()),
            reserve=lambda: store.reserve_case_number(self.now()),
            case=store.case,
            cases_of=lambda conversation: store.cases(conversation=conversation),
            lines_of=store.lines,
            threads_of=store.staff_threads,
        )

    def _tools_aloud(self, message: Message) -> Tools:
        """Tools that show an answer to a message's sender while it is written, where they can."""
        showing = self.showings.get(message.channel)
        aloud = partial(self._ask_aloud, showing, message) if showing else None
        return replace(self.tools(), aloud=aloud)

    def _ask_aloud(self, showing: Showing, message: Message, question: Question) -> Answer:
        with showing(message, question.language) as show:
            return self.ask(question, show)

    def _thought(self, rows: Sequence[InboxRow]) -> tuple[Sequence[InboxRow], Message | None]:
        """The first events that are one thought: quick plain messages of one person are one
        question; anything else stands alone."""
        first = self._read(rows[0])
        group, texts = [rows[0]], [first.text] if first else []
        for row in rows[1:]:
            more = self._peeked(row)
            if not (first and more and _is_plain(first) and _is_plain(more)):
                break
            if first.user != more.user or self._in_case(first):
                break
            group.append(row)
            texts.append(more.text)
        joined = replace(first, text="\n".join(texts)) if first and len(group) > 1 else first
        return group, joined

    def _in_case(self, message: Message) -> bool:
        """In a case, and in a staff thread, every message is relayed by itself."""
        talk = self.store.conversation(message.conversation)
        staffed = self.store.staff_thread(message.channel, message.chat, message.thread)
        return staffed is not None or (talk is not None and talk.case is not None)

    def _in_order(self, rows: Sequence[InboxRow]) -> list[InboxRow]:
        """As they were written, where they say so; those that do not stay behind what they
        followed."""
        placed: list[tuple[str, InboxRow]] = []
        for row in rows if len(rows) > 1 else ():
            message = self._peeked(row)
            before = placed[-1][0] if placed else ""
            placed.append((message.order if message and message.order else before, row))
        return [row for _, row in sorted(placed, key=lambda one: one[0])] or list(rows)

    def _read(self, row: InboxRow) -> Message | None:
        if row.channel == CLOCK or row.channel.startswith(LIBRARY):
            return None
        message = self.reader_of(row.channel)(row.payload)
        return message and self._at_home(message)

    def _peeked(self, row: InboxRow) -> Message | None:
        """An event that is not worked on yet; if it cannot be read, that is told in its turn."""
        try:
            return self._read(row)
        except Exception:
            return None

    def _at_home(self, message: Message) -> Message:
        """A reply in a thread of a private chat, whose case was opened outside of the thread:
        a message like any other there."""
        if not (message.private and message.thread):
            return message
        if self.store.conversation(message.conversation) is not None:
            return message
        talk = self.store.conversation(f"{message.channel}:{message.chat}")
        return replace(message, thread=None) if talk and talk.case is not None else message

    def _failed(self, group: Sequence[InboxRow], owner: str, error: Exception) -> None:
        """Try again soon, each event by itself; after the last try the desk is told."""
        now = self.now()
        for row in group:
            if row.attempts + 1 < TRIES:
                self.store.inbox.retry(row, owner, _named(error), now)
                continue
            told = notice(
                self.store.bindings(), "dead_message",
                channel=row.channel, lane=row.lane, error=type(error).__name__,
            )  # fmt: skip
            if row.channel.startswith(LIBRARY):
                told += library_tasks.failed(task_from(row.payload))
            self.store.bury(row, owner, _named(error), told, now)


def _met(message: Message) -> Conversation:
    """A conversation with someone new."""
    return Conversation(
        key=message.conversation,
        channel=message.channel,
        chat=message.chat,
        thread=message.thread,
        user=message.user,
        language=message.locale or "ko",
    )


def _is_plain(message: Message) -> bool:
    return message.kind == "text" and bool(message.text) and not message.files


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
