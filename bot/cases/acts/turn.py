"""One staff member's turn: their message, its thread and case, and how to speak to both sides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.cases.card import build_card_update, render_state, thread_address
from bot.cases.rooms import find_staff_language
from bot.cases.wording import render_quote_for_founder
from bot.context import Decision, Services
from bot.messages import Content, Message, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import begin_sentence, render_phrase
from bot.types import Actor, Case, CaseRole, Conversation, StaffThread
from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class StaffTurn:
    """One staff member's turn: their message, the thread it is in and that thread's case.

    `founder_conversation` is None when the founder's records were erased. `role` is one of
    SEAT_ROLES, or "staff" for somebody who named none; `name` is for staff only. `rank` is in which
    role they act on the case. `joined` are conversations of other founders whose cases were merged
    into this one: they are told what its founder is told.
    """

    services: Services
    message: Message
    case: Case
    thread: StaffThread
    founder_conversation: Conversation | None
    role: str
    name: str = ""
    rank: CaseRole = "staff"
    joined: tuple[Conversation, ...] = ()

    @property
    def account(self) -> str:
        """Who wrote: "channel:user"."""
        return self.message.account

    @property
    def actor(self) -> Actor:
        """Who wrote, and in which role they act on the case."""
        return Actor(self.account, self.rank)

    @property
    def language(self) -> Language:
        """The language in which the sender is answered."""
        return find_staff_language(self.message)

    def render_state(self) -> str:
        """The case's state in the language of the sender."""
        return render_state(self.case, self.services.missions.get(self.case.mission), self.language)

    def tell_thread(self, key: str, **values: object) -> Outgoing:
        """A message in this thread: the phrase `staff.KEY`."""
        content = Content(render_phrase(f"staff.{key}", self.language, **values))
        return Outgoing(thread_address(self.thread), content, case=self.case.number)

    def reply_in_thread(self, key: str, **values: object) -> Decision:
        """Only the phrase `staff.KEY` in this thread."""
        return Decision(outgoing=(self.tell_thread(key, **values),))

    @property
    def founder_language(self) -> Language:
        """The language in which the founder reads about the case."""
        conversation = self.founder_conversation
        return conversation.language if conversation else self.case.language

    def refresh_card(self, case: Case) -> Outgoing:
        """The edit of this thread's card to the state of `case`."""
        return build_card_update(case, self.thread, self.services.missions)

    def tell_founder(self, content: Content) -> tuple[Outgoing, ...]:
        """A message to the founder, and to those joined to the case; () when their records were
        erased."""
        content = replace(content, protect=self.case.sealed)
        founder = self.founder_conversation
        readers = (*((founder,) if founder else ()), *self.joined)
        return tuple(
            Outgoing(one.personal_address, content, case=self.case.number) for one in readers
        )

    def render_quote(self) -> str:
        """The line above the message that says what it answers, as the founder may read it."""
        record = self.services.list_lines(self.case.number) if self.message.quoted else ()
        return render_quote_for_founder(self.message, record, self.founder_language)

    def render_founder_phrase(self, key: str, **values: object) -> str:
        """The phrase `founder.KEY` in the founder's language, about this case."""
        language = self.founder_language
        mission = mission_name(self.services.missions.get(self.case.mission), language)
        role = render_phrase(f"staff.role_{self.role}", language)
        values = {"number": self.case.number, "mission": mission, "role": role, **values}
        return begin_sentence(render_phrase(f"founder.{key}", language, **values))
