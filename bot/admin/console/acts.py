"""One act of a staff member from the console: the turn that the same words in the case's thread would
be. What that thread would be told as a refusal, only the sender is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.admin import staffing
from bot.admin.console import signing
from bot.admin.console.body_acts import decide_body_act, find_body
from bot.admin.console.events import WRONG_ANSWER
from bot.admin.console.library import decide_library_act, find_console_chat, is_library_act
from bot.admin.faq.faq_turn import FAQ_COMMAND, FaqTurn, decide_faq
from bot.admin.library_service import LibraryService
from bot.admin.officers import may_read_sealed
from bot.admin.staff_rooms import StaffRooms, find_rank
from bot.cases import staff_turn
from bot.cases.acts.turn import StaffTurn
from bot.cases.card import thread_address
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_language
from bot.context import Decision, Services
from bot.errors import UnknownCase
from bot.messages import Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.store import Store
from bot.types import (
    CONSOLE_CHANNEL,
    DOMESTIC,
    Case,
    ConsoleNotice,
    Conversation,
    NoticeKind,
    StaffMember,
    StaffThread,
    WrongAnswer,
)


@dataclass(frozen=True, slots=True)
class ConsoleDesk:
    """Decides about events of the console: `services` are what a decision may look up, as of now,
    `address` is where the console is, "" where it is off; `library_service` changes the library for
    admins, `rooms` decides what concerns a body."""

    store: Store
    services: Services
    address: str = ""
    library_service: Callable[[], LibraryService] | None = None
    rooms: StaffRooms | None = None

    def decide(self, message: Message, *, is_admin: bool) -> Decision:
        """What an act on case `message.thread` leads to, with a notice for its sender. `message` is as
        its sender would have written it in the case's thread, and `message.read_line` what they
        had read of its record."""
        if self.library_service and is_library_act(message):
            return decide_library_act(message, is_admin, self.library_service)
        if message.command == WRONG_ANSWER:
            return self._decide_wrong_answer(message, is_admin=is_admin)
        if self.rooms and find_body(message):
            return decide_body_act(self.rooms, message, is_admin=is_admin)
        try:
            case = self.store.get_case(int(message.thread or 0))
        except UnknownCase:
            return _tell(message, None, "refused", "no_case")
        members = list_members_for(
            self.store.staff.list_memberships(message.channel, message.user), case
        )
        if not may_act(case, members, is_admin=is_admin):
            return _tell(message, None, "refused", "no_case")
        if message.kind == "command" and message.command == FAQ_COMMAND:
            return self._decide_faq(message, case, is_admin=is_admin)
        record = self.store.console.notices.list_record(case.number)
        if message.read_line and any(
            number > message.read_line and line.author == "staff" for number, line in record
        ):
            return _tell(message, case.number, "newer", "newer")
        thread = self._find_thread(case)
        if thread is None and case.merged_into is not None:
            language = find_staff_language(message)
            text = render_phrase("staff.merged_away", language, number=case.merged_into)
            return Decision(notice=_write(message, case.number, "refused", text))
        if thread is None:
            return _tell(message, case.number, "refused", "no_room")
        decision = self._decide_in_thread(message, case, thread, members)
        seen = ((case.number, len(record)),) if decision.new_lines else ()
        return replace(decision, lines_seen=(*decision.lines_seen, *seen))

    def decide_signing(
        self, message: Message, conversation: Conversation, *, is_admin: bool
    ) -> Decision:
        """What `/console` leads to, and the button under the word of a sign-in."""
        store, now = self.store, self.services.now
        members = store.staff.list_memberships(message.channel, message.user)
        turn = signing.SigningTurn(
            message, conversation, is_admin or bool(members), self.address,
            lambda account: store.console.sessions.make_link(account, now),
            lambda account: store.console.sessions.revoke(account, now),
        )  # fmt: skip
        return signing.decide_signing(turn)

    def _decide_faq(self, message: Message, case: Case, *, is_admin: bool) -> Decision:
        """What is done with the draft of a case. Its thread is told what changes the draft's state; what
        an edition is made of, its sender too."""
        drafts, thread = self.store.faq, self._find_thread(case)
        draft = drafts.find(case.number)
        if draft and message.read_line and draft.version != message.read_line:
            return _tell(message, case.number, "newer", "newer_draft")
        here = find_console_chat(message.account)
        place = thread or StaffThread("", case.number, case.mission, here.channel, here.chat)
        there = replace(message, chat=place.chat, thread=place.thread)
        turn = FaqTurn(
            self.services, replace(there, locale=None), place, is_staff=True, is_admin=is_admin, find_draft=drafts.find,
            list_drafts=lambda: drafts.list_all("draft", "submitted", "approved"),
        )  # fmt: skip
        decision = decide_faq(turn)
        if decision.faq is None:
            answer = decide_faq(replace(turn, message=there))  # in the sender's language
            said = "\n".join(one.content.text for one in answer.outgoing)
            is_shown = draft is not None and not message.text
            kind: NoticeKind = "done" if is_shown else "refused"
            notice = _write(message, case.number, kind, "" if is_shown else said)
            return replace(decision, outgoing=(), notice=notice)
        own = thread_address(place)
        is_silent = decision.faq.state == "draft" or thread is None
        told = tuple(one for one in decision.outgoing if not (is_silent and one.to == own))
        task = decision.task and replace(
            decision.task, to=here, also_to=own if thread else None
        )  # fmt: skip
        done = _write(message, case.number, "done", "")
        return replace(decision, outgoing=told, task=task, notice=done)

    def _decide_wrong_answer(self, message: Message, *, is_admin: bool) -> Decision:
        """That a logged answer is wrong, by somebody who may read it: it becomes a candidate for the
        exam, which a person reviews."""
        number = int(message.thread or 0)
        answer = self.store.console.answers.find(number)
        missions = {
            one.mission for one in self.store.staff.list_memberships(message.channel, message.user)
        }
        may_read = is_admin or bool(answer and missions & {answer.mission, DOMESTIC})
        if answer is None or not answer.question or not may_read:
            return _tell(message, None, "refused", "no_answer")
        wrong = WrongAnswer(number, message.account, message.text)
        audit = (message.account, f"called answer {number} wrong")
        notice = _write(message, None, "done", "")
        return Decision(wrong_answer=wrong, audit=audit, notice=notice)

    def _find_thread(self, case: Case) -> StaffThread | None:
        threads = [one for one in self.store.list_staff_threads(case.number) if one.current]
        return threads[-1] if threads else None

    def _decide_in_thread(
        self, message: Message, case: Case, thread: StaffThread, members: list[StaffMember]
    ) -> Decision:
        there = replace(message, chat=thread.chat, thread=thread.thread)
        turn = StaffTurn(
            self.services, replace(there, locale=None), case, thread, self.store.find_conversation(case.conversation),
            staffing.find_sender_role(members, thread.mission),
            staffing.find_sender_name(members, message), find_rank(members),
            tuple(self.store.list_joined(case.number)),
        )  # fmt: skip
        decision = staff_turn.decide_staff_turn(turn)
        own = thread_address(thread)
        if not changes_anything(decision):
            # Nothing came of it, so that it can be decided again, in the sender's language.
            answer = staff_turn.decide_staff_turn(replace(turn, message=there))
            said = [one.content.text for one in answer.outgoing if one.to == own]
            notice = _write(message, case.number, "refused", "\n".join(said))
            rest = tuple(one for one in decision.outgoing if one.to != own)
            return replace(decision, outgoing=rest, notice=notice)
        mirrored = _mirror(turn, decision, own.channel)
        done = _write(message, case.number, "done", "")
        return replace(decision, outgoing=(*mirrored, *decision.outgoing), notice=done)


def list_members_for(members: list[StaffMember], case: Case) -> list[StaffMember]:
    """The memberships with which somebody works on `case`: of its mission, and of the domestic body."""
    return [one for one in members if one.mission in (case.mission, DOMESTIC)]


def may_act(case: Case, members: list[StaffMember], *, is_admin: bool) -> bool:
    """Whether somebody may read a case and act on it: staff of its body and of the domestic one, and
    admins; a sealed one only by those who may read sealed cases."""
    if case.sealed:
        return any(map(may_read_sealed, members))
    if case.parent is not None:
        return any(one.mission == DOMESTIC for one in members) or is_admin
    return bool(members) or is_admin


def changes_anything(decision: Decision) -> bool:
    """Whether a decision does more than say something."""
    return bool(
        decision.case or decision.more_cases or decision.log or decision.new_lines
        or decision.new_case or decision.faq or decision.new_insight or decision.task
    )  # fmt: skip


def _mirror(turn: StaffTurn, decision: Decision, channel: str) -> tuple[Outgoing, ...]:
    """What colleagues in the thread see of words that were written in the console; nothing of a
    sealed case, and nothing where the thread is the console's own."""
    written = [line for _, line in decision.new_lines if line.author in ("staff", "note")]
    if turn.case.sealed or channel == CONSOLE_CHANNEL or not written:
        return ()
    who = render_phrase(f"staff.role_{turn.role}", STAFF_LANGUAGE)
    if turn.name:
        who = render_phrase("staff.who", STAFF_LANGUAGE, name=turn.name, role=who)
    text = render_phrase(
        f"console.mirror_{written[0].author}", STAFF_LANGUAGE, who=who, text=written[0].text
    )
    content = Content(text, relayed=True)
    return (Outgoing(thread_address(turn.thread), content, case=turn.case.number),)


def _tell(message: Message, case: int | None, kind: NoticeKind, key: str) -> Decision:
    text = render_phrase(f"console.{key}", find_staff_language(message), number=message.thread)
    return Decision(notice=_write(message, case, kind, text))


def _write(message: Message, case: int | None, kind: NoticeKind, text: str) -> ConsoleNotice:
    return ConsoleNotice(message.id, message.account, kind, text, case)
