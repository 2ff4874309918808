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
from bot.admin.library_service import LibraryService
from bot.cases import staff_turn
from bot.cases.rooms import build_desk_notice
from bot.context import PlaceFinder, Services, Turn
from bot.delivery.splitting import split_messages
from bot.errors import Conflict, TooEarly
from bot.founder import handover, turn
from bot.missions import Missions
from bot.showing import PreviewStarter, ShowPreview
from bot.store import InboxRow, Store
from bot.store.inbox import CLOCK_CHANNEL, INBOX_MAX_TRIES, LIBRARY_TASK_PREFIX
from bot.store.lease import hold_lease
from bot.store.serialisation import load_library_task
from bot.types import ChannelLimits, Conversation, Decision, LibraryTask, Message, StaffThread
from knowledge.types import Answer, Question

log = logging.getLogger(__name__)

MAX_DECISION_TRIES = 3  # how often a decision is made anew when others were quicker
POSTPONE_DELAY = timedelta(milliseconds=200)


class EventParser(Protocol):
    """What reads a platform's raw event; None for one that asks nothing of us."""

    def __call__(self, payload: str) -> Message | None: ...


@dataclass(frozen=True, slots=True)
class WorkResult:
    """Events were worked; `seen` is a message its sender should see was passed on."""

    to_acknowledge: Message | None


@dataclass(frozen=True, slots=True)
class Assistant:
    """Works events of the inbox. `reader_of` a channel reads its raw events; `admins` as
    "channel:user"; a `librarian` is fetched when an admin comes; `showings` and `limits` by channel."""

    store: Store
    ask: Callable[[Question, ShowPreview | None], Answer]
    missions: Missions
    places: PlaceFinder
    parser_for: Callable[[str], EventParser]
    admins: frozenset[str]
    library_service: Callable[[], LibraryService]
    now: Callable[[], datetime]
    previews: Mapping[str, PreviewStarter]
    limits: Mapping[str, ChannelLimits]

    def work_lane(self, owner: str, channels: Sequence[str] | None = None) -> WorkResult | None:
        """Work the oldest events of one lane; None when nothing was waiting."""
        rows = self._sort_rows(self.store.inbox.claim(owner, self.now(), channels))
        if not rows:
            return None
        group: Sequence[InboxRow] = rows[:1]
        try:
            group, message = self._group_thought(rows)
            return WorkResult(self._handle_group(group, message, owner))
        except (Conflict, TooEarly) as error:
            log.info("looked at again: %s", error)
            self.store.inbox.postpone(group, owner, self.now() + POSTPONE_DELAY)
        except Exception as error:  # a message nobody can work must not stop the lane
            log.exception("event %s of %s failed", group[0].seq, group[0].channel)
            self._handle_failure(group, owner, error)
        finally:
            if rest := rows[len(group) :]:
                self.store.inbox.release(rest, owner)
        return WorkResult(None)

    def _handle_group(
        self, group: Sequence[InboxRow], message: Message | None, owner: str
    ) -> Message | None:
        """Decide and write; decide again when someone else wrote first."""
        if group[0].channel == CLOCK_CHANNEL:
            return self._decide_and_commit(
                group, owner, lambda: self._decide_timer(group[0].payload)
            )
        if group[0].channel.startswith(LIBRARY_TASK_PREFIX):
            task = load_library_task(group[0].payload)
            with hold_lease(self.store.inbox, group, owner, self.now):
                return self._decide_and_commit(group, owner, lambda: self._run_library_task(task))
        if message is None:
            self.store.inbox.ignore(group[0], owner, "nothing to do", self.now())
            return None
        return self._decide_and_commit(group, owner, lambda: self._decide_message(message))

    def _decide_and_commit(
        self, group: Sequence[InboxRow], owner: str, decide: Callable[[], Decision]
    ) -> Message | None:
        for attempt in range(1, MAX_DECISION_TRIES + 1):
            try:
                decision = decide()
                parts = split_messages(decision.outgoing, self.limits)
                self.store.commit(group, owner, replace(decision, outgoing=parts), self.now())
            except Conflict:
                if attempt == MAX_DECISION_TRIES:
                    raise
            else:
                return decision.to_acknowledge
        return None

    def _decide_message(self, message: Message) -> Decision:
        """Who is this, and what does their message lead to?"""
        is_admin = f"{message.channel}:{message.user}" in self.admins
        if message.kind == "command" and message.command in binding.BINDING_COMMANDS:
            waiting = self.store.list_cases_without_room()
            return binding.decide_binding(message, is_admin, self.build_services(), waiting)
        talk = self.store.find_conversation(message.conversation)
        visit = library_commands.AdminTurn(
            message, talk or _start_conversation(message), is_admin, self.library_service
        )
        if library_commands.is_about_library(visit):
            return library_commands.decide_library_command(visit)
        in_room = self._is_staff_room(message)
        if thread := self._find_staff_thread(message, in_room):
            return staff_turn.decide_staff_turn(self._build_staff_turn(message, thread))
        if in_room:
            return staff_turn.answer_outside_thread(message)
        if talk is None and not message.addressed:
            return Decision()
        return turn.decide_founder_turn(
            Turn(
                self._build_services_with_preview(message),
                library_commands.stop_waiting_for_files(visit),
                message,
            )
        )

    def _decide_timer(self, conversation: str) -> Decision:
        """A timer went off."""
        talk = self.store.find_conversation(conversation)
        if talk is None:
            return Decision()
        message = Message(talk.channel, talk.chat, talk.user, "", "other", thread=talk.thread)
        return handover.handle_place_timeout(Turn(self.build_services(), talk, message))

    def _run_library_task(self, task: LibraryTask) -> Decision:
        """What an admin asked of the library, done. Done twice it changes nothing more."""
        talk = self.store.find_conversation(task.to.lane)
        if library_tasks.is_overtaken(task, talk):
            return Decision()
        return library_tasks.run_task(task, self.library_service())

    def _build_staff_turn(self, message: Message, thread: StaffThread) -> staff_turn.StaffTurn:
        case = self.store.get_case(thread.case)
        talk = self.store.find_conversation(case.conversation)
        role = self.store.find_role(message.channel, message.chat, message.user) or "staff"
        return staff_turn.StaffTurn(self.build_services(), message, case, thread, talk, role)

    def _find_staff_thread(self, message: Message, in_room: bool) -> StaffThread | None:
        """The staff thread a message stands in. Raises TooEarly where its card may stand there
        already, but is not noted yet."""
        place = message.channel, message.chat
        early = in_room and message.thread and self.store.outbox.is_card_in_flight(*place)
        thread = self.store.find_staff_thread(*place, message.thread)
        if early and thread is None:
            raise TooEarly("its thread's card is not noted yet")
        return thread

    def _is_staff_room(self, message: Message) -> bool:
        """Whether this is a body's room, outside of any case's thread."""
        return any(
            (room.channel, room.chat) == (message.channel, message.chat)
            for room in self.store.list_bindings()
        )

    def build_services(self) -> Services:
        """What a decision may look at, as it is now."""
        store = self.store
        return Services(
            ask=lambda question: self.ask(question, None),
            missions=self.missions,
            places=self.places,
            now=self.now(),
            bindings=tuple(store.list_bindings()),
            reserve_case_number=lambda: store.reserve_case_number(self.now()),
            get_case=store.get_case,
            list_cases=lambda conversation: store.list_cases(conversation=conversation),
            list_lines=store.list_lines,
            list_threads=store.list_staff_threads,
            limits=self.limits,
        )

    def _build_services_with_preview(self, message: Message) -> Services:
        """Tools that show an answer to a message's sender while it is written, where they can."""
        showing = self.previews.get(message.channel)
        aloud = partial(self._ask_with_preview, showing, message) if showing else None
        return replace(self.build_services(), ask_with_preview=aloud)

    def _ask_with_preview(
        self, showing: PreviewStarter, message: Message, question: Question
    ) -> Answer:
        with showing(message, question.language) as show:
            return self.ask(question, show)

    def _group_thought(self, rows: Sequence[InboxRow]) -> tuple[Sequence[InboxRow], Message | None]:
        """The first events that are one thought: quick plain messages of one person are one
        question; anything else stands alone."""
        first = self._parse_row(rows[0])
        group, texts = [rows[0]], [first.text] if first else []
        for row in rows[1:]:
            more = self._peek_row(row)
            if not (first and more and _is_plain_text(first) and _is_plain_text(more)):
                break
            if first.user != more.user or self._is_in_case(first):
                break
            group.append(row)
            texts.append(more.text)
        joined = replace(first, text="\n".join(texts)) if first and len(group) > 1 else first
        return group, joined

    def _is_in_case(self, message: Message) -> bool:
        """In a case, and in a staff thread, every message is relayed by itself."""
        talk = self.store.find_conversation(message.conversation)
        staffed = self.store.find_staff_thread(message.channel, message.chat, message.thread)
        return staffed is not None or (talk is not None and talk.case is not None)

    def _sort_rows(self, rows: Sequence[InboxRow]) -> list[InboxRow]:
        """As they were written, where they say so; those that do not stay behind what they
        followed."""
        placed: list[tuple[str, InboxRow]] = []
        for row in rows if len(rows) > 1 else ():
            message = self._peek_row(row)
            before = placed[-1][0] if placed else ""
            placed.append((message.order if message and message.order else before, row))
        return [row for _, row in sorted(placed, key=lambda one: one[0])] or list(rows)

    def _parse_row(self, row: InboxRow) -> Message | None:
        if row.channel == CLOCK_CHANNEL or row.channel.startswith(LIBRARY_TASK_PREFIX):
            return None
        message = self.parser_for(row.channel)(row.payload)
        return message and self._move_to_main_chat(message)

    def _peek_row(self, row: InboxRow) -> Message | None:
        """An event that is not worked on yet; if it cannot be read, that is told in its turn."""
        try:
            return self._parse_row(row)
        except Exception:
            return None

    def _move_to_main_chat(self, message: Message) -> Message:
        """A reply in a thread of a private chat, whose case was opened outside of the thread:
        a message like any other there."""
        if not (message.private and message.thread):
            return message
        if self.store.find_conversation(message.conversation) is not None:
            return message
        talk = self.store.find_conversation(f"{message.channel}:{message.chat}")
        return replace(message, thread=None) if talk and talk.case is not None else message

    def _handle_failure(self, group: Sequence[InboxRow], owner: str, error: Exception) -> None:
        """Try again soon, each event by itself; after the last try the desk is told."""
        now = self.now()
        for row in group:
            if row.attempts + 1 < INBOX_MAX_TRIES:
                self.store.inbox.retry(row, owner, _describe_error(error), now)
                continue
            told = build_desk_notice(
                self.store.list_bindings(), "dead_message",
                channel=row.channel, lane=row.lane, error=type(error).__name__,
            )  # fmt: skip
            if row.channel.startswith(LIBRARY_TASK_PREFIX):
                told += library_tasks.report_failure(load_library_task(row.payload))
            self.store.bury_event(row, owner, _describe_error(error), told, now)


def _start_conversation(message: Message) -> Conversation:
    """A conversation with someone new."""
    return Conversation(
        key=message.conversation,
        channel=message.channel,
        chat=message.chat,
        thread=message.thread,
        user=message.user,
        language=message.locale or "ko",
        private=message.private,
    )


def _is_plain_text(message: Message) -> bool:
    return message.kind == "text" and bool(message.text) and not message.files


def _describe_error(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
