"""What is written in a staff room: a command about the room or its staff, a case's thread, the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.admin import binding, library_commands, staffing, unadmitted
from bot.admin.alerts import find_private_chat
from bot.admin.desk import minutes_turn
from bot.admin.desk.insight import answers, home
from bot.admin.desk.insight.turn import InsightTurn
from bot.admin.directory import Directory
from bot.admin.faq import faq_turn
from bot.admin.officers import deliver_waiting_cases
from bot.admin.people import blocking
from bot.admin.seats import seats_turn
from bot.buttons import parse_insight_key
from bot.cases import room_turn, staff_turn
from bot.cases.acts.turn import StaffTurn
from bot.context import Decision, Services
from bot.errors import TooEarly
from bot.messages import Message, Outgoing
from bot.store import Store
from bot.types import DOMESTIC, CaseRole, Conversation, StaffMember, StaffThread

ADMIN_COMMANDS = (
    binding.BINDING_COMMANDS | blocking.BLOCK_COMMANDS | library_commands.LIBRARY_COMMANDS.keys()
)
ROOM_COMMANDS = (
    ADMIN_COMMANDS | staffing.STAFFING_COMMANDS | seats_turn.SEAT_COMMANDS
    | staff_turn.STAFF_COMMANDS
    | {minutes_turn.MINUTES_COMMAND, "insight", answers.TELL_COMMAND, faq_turn.FAQ_COMMAND}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffRooms:
    """Decides about messages in staff rooms; `directory` looks up people and rooms at their
    messenger, `services` are what a decision may look up, as of now."""

    store: Store
    directory: Directory
    services: Services

    def decide_anywhere(self, message: Message, is_admin: bool) -> Decision | None:
        """What `/bind`, `/unbind` and the edit of a command lead to, in any place; None for any other
        message."""
        if self._edits_command(message):
            return room_turn.refuse_edited(message)
        if message.kind == "command" and message.command in binding.BINDING_COMMANDS:
            return self._decide_binding(message, is_admin)
        return None

    def _edits_command(self, message: Message) -> bool:
        """Whether an edited message is a command of staff or admins, or was one before."""
        if not message.is_edited or message.is_unverified:
            return False
        thread = self.store.find_staff_thread(message.channel, message.chat, message.thread)
        states, words = [message, *filter(None, (message.earlier,))], ADMIN_COMMANDS
        if self._is_bound(message):
            states, words = [room_turn.hear_command(one) for one in states], ROOM_COMMANDS
        return any(_is_command(one, words, in_thread=thread is not None) for one in states)

    def _decide_binding(self, message: Message, is_admin: bool) -> Decision:
        turn = binding.BindingTurn(
            self.services, message, is_admin, self.store.list_cases_without_room(),
            self.directory, self.store.staff.list_members,
            self.store.outbox.list_held_cases(message.channel, message.chat),
        )  # fmt: skip
        return binding.decide_binding(turn)

    def decide(self, message: Message, is_admin: bool) -> Decision | None:
        """What a message in a staff room or a case's thread leads to; None for one that was written
        elsewhere. Raises TooEarly while the card of its thread may not be stored yet."""
        in_room = self._is_bound(message)
        if message.is_unverified:
            return self._hold_back_unverified(message, in_room, is_admin)
        message = room_turn.hear_command(message) if in_room else message
        if in_room and message.command == "help":
            return room_turn.explain_commands(message)
        if in_room and (about := self._decide_about_body(message, is_admin)) is not None:
            return about
        thread = self._find_thread(message, in_room)
        if faq_turn.is_about_faq(message) and (in_room or thread):
            turn = self._build_faq_turn(message, thread, is_admin)
            if turn.is_staff:
                return faq_turn.decide_faq(turn)
        if thread:
            return self._decide_in_thread(message, thread, is_admin)
        return room_turn.answer_outside_thread(message) if in_room else None

    def decide_for_body(self, message: Message, mission: str, *, is_admin: bool) -> Decision | None:
        """What a command about the body of `mission` leads to that was written outside its room; None
        for one that is about no body."""
        return self._decide_about_body(message, is_admin, (mission,))

    def _decide_about_body(
        self, message: Message, is_admin: bool, missions: tuple[str, ...] | None = None
    ) -> Decision | None:
        """What a command or a button about the bodies of `missions` (None: those of the message's room)
        leads to: their staff, seats, minutes and insights."""
        if staffing.is_about_staff(message):
            turn = self._build_staffing_turn(message, is_admin, missions)
            return staffing.decide_staffing(turn)
        if seats_turn.is_about_seats(message):
            return seats_turn.decide_seats(self._build_staffing_turn(message, is_admin, missions))
        if message.command == minutes_turn.MINUTES_COMMAND:
            turn = self._build_staffing_turn(message, is_admin, missions)
            return minutes_turn.decide_minutes(self._build_minutes_turn(turn))
        if act := find_insight_act(message):
            turn = self._build_staffing_turn(message, is_admin, missions)
            return act(self._build_insight_turn(turn))
        return None

    def _hold_back_unverified(
        self, message: Message, in_room: bool, is_admin: bool
    ) -> Decision | None:
        """Nothing of what anybody may have written in a staff member's name is done or passed on."""
        thread = self._find_thread(message, in_room)
        if thread and thread.current:
            return unadmitted.hold_back(self._build_staffing_turn(message, is_admin), thread)
        return Decision(forget_message=True) if thread or in_room else None

    def greet_officer(self, begun: Conversation) -> tuple[Outgoing, ...]:
        """What the person of a conversation that begins gets of sealed cases, if they may read
        them and could not be reached before."""
        account = f"{begun.channel}:{begun.user}"
        known = self.services.list_conversations(account)
        if not begun.private or begun.thread is not None or find_private_chat(known):
            return ()
        members = self.store.staff.list_memberships(begun.channel, begun.user)
        if not members:
            return ()
        return deliver_waiting_cases(
            replace(self.services, list_conversations=lambda _: (begun,)), members
        )

    def _decide_in_thread(self, message: Message, thread: StaffThread, is_admin: bool) -> Decision:
        """A staff member's turn; the words of anybody else are held back, also of a member whose
        account belongs to another organisation by now. Admins are staff everywhere. In a thread
        that is no longer in use everybody is told so."""
        members = self.store.staff.find_members(message.channel, message.chat, message.user)
        is_staff = is_admin or (bool(members) and not message.is_external)
        if thread.current and not is_staff:
            return unadmitted.hold_back(self._build_staffing_turn(message, is_admin), thread)
        case = self.services.get_case(thread.case)
        founder = self.services.find_conversation(case.conversation)
        role = staffing.find_sender_role(members, thread.mission)
        name = staffing.find_sender_name(members, message)
        return staff_turn.decide_staff_turn(
            StaffTurn(
                self.services, message, case, thread, founder, role, name,
                find_rank(members), tuple(self.services.list_joined(case.number)),
            )
        )  # fmt: skip

    def _build_staffing_turn(
        self, message: Message, is_admin: bool, missions: tuple[str, ...] | None = None
    ) -> staffing.StaffingTurn:
        room = message.channel, message.chat
        if missions is None:
            missions = tuple(
                one.mission for one in self.services.bindings if (one.channel, one.chat) == room
            )
        members = [one for name in missions for one in self.store.staff.list_members(name)]
        return staffing.StaffingTurn(
            self.services, message, is_admin, missions, tuple(members),
            tuple(self.store.staff.list_unadmitted(*room)), self.directory,
        )  # fmt: skip

    def _build_minutes_turn(self, staff: staffing.StaffingTurn) -> minutes_turn.MinutesTurn:
        return minutes_turn.MinutesTurn(
            staff.services, staff.message, is_staff(staff), staff.missions,
            self.store.meetings.list_resolutions,
        )  # fmt: skip

    def _build_insight_turn(self, staff: staffing.StaffingTurn) -> InsightTurn:
        store, message = self.store, staff.message
        thread = self._find_thread(message, in_room=True)
        now = staff.services.now
        return InsightTurn(
            staff.services, message, is_staff(staff), staff.missions,
            self.services.get_case(thread.case) if thread else None,
            store.insights.list_insights(), store.insights.list_answers(),
            store.insights.find_next_number(),
            lambda name, mime, data: store.desk_files.add(name, mime, data, now),
        )  # fmt: skip

    def _build_faq_turn(
        self, message: Message, thread: StaffThread | None, is_admin: bool
    ) -> faq_turn.FaqTurn:
        members = self.store.staff.find_members(message.channel, message.chat, message.user)
        may_draft = is_admin or (bool(members) and not message.is_external)
        return faq_turn.FaqTurn(
            self.services, message, thread, may_draft, is_admin, self.store.faq.find,
            lambda: self.store.faq.list_all("draft", "submitted", "approved"),
        )  # fmt: skip

    def _find_thread(self, message: Message, in_room: bool) -> StaffThread | None:
        """The staff thread that a message is in. Raises TooEarly while a card of this room is being
        sent: the thread may be the one that the card begins."""
        room = message.channel, message.chat
        # Asked before the thread is looked up: the card may be stored between the two.
        in_flight = in_room and message.thread and self.store.outbox.is_card_in_flight(*room)
        thread = self.store.find_staff_thread(*room, message.thread)
        if in_flight and thread is None:
            raise TooEarly("the card of its thread is not stored yet")
        return thread

    def _is_bound(self, message: Message) -> bool:
        """Whether the message was written in a chat that is bound to a mission."""
        return any(
            (room.channel, room.chat) == (message.channel, message.chat)
            for room in self.services.bindings
        )


def _is_command(said: Message, words: Collection[str], *, in_thread: bool) -> bool:
    """Whether what was said is one of the commands `words`; in a case's thread any is, but `/help`, and
    so is the plain word of an act, alone."""
    if said.kind != "command":
        return in_thread and said.command in staff_turn.CASE_ACTIONS
    return said.command in words or (in_thread and said.command != "help")


def is_staff(turn: staffing.StaffingTurn) -> bool:
    """Whether the sender is staff of the room: admins are staff everywhere, outsiders nowhere."""
    message = turn.message
    return turn.is_admin or (
        bool(turn.find_memberships(message.user)) and not message.is_external
    )  # fmt: skip


def find_insight_act(message: Message) -> Callable[[InsightTurn], Decision] | None:
    """What decides on a command or a button about insights; None for any other message."""
    if message.kind == "button":
        return answers.decide_insight_button if parse_insight_key(message.text) else None
    if message.kind != "command":
        return None
    return {"insight": home.decide_insight, answers.TELL_COMMAND: answers.decide_tell}.get(
        message.command
    )


def find_rank(members: Sequence[StaffMember]) -> CaseRole:
    """In which role somebody acts on the cases of a room that they are `members` of."""
    if any(member.mission == DOMESTIC for member in members):
        return "desk"
    return "lead" if any(member.is_lead for member in members) else "staff"
