"""Plays a dialogue through the founder's decisions, in memory, and keeps what each turn led to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.context import Decision, Services, Turn, start_conversation
from bot.errors import UnknownCase
from bot.founder.talk.matter import render_question
from bot.founder.turn import decide_founder_turn
from bot.messages import Message
from bot.routing.route import find_route
from bot.store.lane import compose_message
from bot.types import Case, CaseMessage, Conversation, Place, StaffThread
from knowledge.evaluation.dialogues import Dialogue
from knowledge.types import Answer, Offer, Question

CHANNEL, PERSON = "dialogue", "founder"
CLARIFYING = ("place", "choice")  # what a turn asks for that asks the founder back


@dataclass(frozen=True, slots=True)
class PlayedTurn:
    """What one message led to: the text on the founder's screen, the library's answer that it shows
    (None without one), the conversation after it and its case (None without one).

    `read_as` is the act it was read as outside of a case. `outcomes` are all names that a label may
    give to it. `matters` are "first", "same" or "new", of which more than one may hold.
    `matter_words` are the matter's own words, `mission` and `competent` where its case is or would be.
    """

    text: str
    answer: Answer | None
    conversation: Conversation
    case: Case | None
    read_as: str
    outcomes: frozenset[str]
    matters: frozenset[str]
    matter_words: str
    mission: str
    competent: str

    @property
    def place(self) -> Place | None:
        """Where the matter is."""
        return self.case.place if self.case else self.conversation.place

    @property
    def urgency(self) -> str:
        """How urgent the matter is."""
        pending = self.conversation.pending
        return self.case.urgency if self.case else pending.urgency if pending else "normal"

    @property
    def is_sealed(self) -> bool:
        """Whether the matter is sealed."""
        pending = self.conversation.pending
        return self.case.sealed if self.case else pending is not None and pending.sealed


@dataclass
class DialoguePlayer:
    """One founder's talk in memory: what a store would keep between two messages."""

    services: Services
    conversation: Conversation | None = None
    cases: dict[int, Case] = field(default_factory=dict)
    lines: dict[int, list[CaseMessage]] = field(default_factory=dict)
    threads: dict[int, list[StaffThread]] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    sent: int = 0

    def play(self, text: str) -> PlayedTurn:
        """Decide on one more message of the founder."""
        self.sent += 1
        self.answers.clear()
        message = compose_message(
            Message(CHANNEL, PERSON, PERSON, f"{self.sent}", "text", text=text)
        )
        before = self.conversation or start_conversation(message)
        decision = decide_founder_turn(Turn(self._build_services(), before, message))
        self._keep(decision, before)
        return self._observe(decision, before)

    def _build_services(self) -> Services:
        services = self.services
        return replace(
            services,
            ask=self._record_ask,
            ask_with_preview=None,
            show_section=self._record_section,
            reserve_case_number=lambda: len(self.cases) + 1,
            get_case=self._get_case,
            list_cases=lambda key: [one for one in self.cases.values() if one.conversation == key],
            list_lines=lambda number: self.lines.get(number, []),
            list_threads=lambda number: self.threads.get(number, []),
            list_conversations=lambda _: [self.conversation] if self.conversation else [],
            find_conversation=lambda key: (
                self.conversation if self.conversation and self.conversation.key == key else None
            ),
        )

    def _get_case(self, number: int) -> Case:
        if number not in self.cases:
            raise UnknownCase(number)
        return self.cases[number]

    def _record_ask(self, question: Question) -> Answer:
        self.answers.append(self.services.ask(question))
        return self.answers[-1]

    def _record_section(self, question: Question, offer: Offer) -> Answer:
        self.answers.append(self.services.show_section(question, offer))
        return self.answers[-1]

    def _keep(self, decision: Decision, before: Conversation) -> None:
        self.conversation = decision.conversation or before
        for case in (decision.new_case, decision.case):
            if case:
                self.cases[case.number] = case
        for number, line in decision.new_lines:
            self.lines.setdefault(number, []).append(line)
        for thread in decision.new_threads:
            self.threads.setdefault(thread.case, []).append(thread)

    def _observe(self, decision: Decision, before: Conversation) -> PlayedTurn:
        after = self.conversation or before
        own = [one.content for one in decision.outgoing if one.to.chat == PERSON]
        text = "\n\n".join(f"{one.text}\n{one.details}".strip() for one in own)
        answer = next((one for one in reversed(self.answers) if _is_shown(one, text)), None)
        case = self.cases[after.case] if after.case is not None else None
        words = case.question if case else render_question(after.pending) if after.pending else ""
        route = find_route(after.place, self.services.missions, self.services.now)
        return PlayedTurn(
            text=text,
            answer=answer,
            conversation=after,
            case=case,
            read_as=after.read_as,
            outcomes=_name_outcomes(answer, self.answers, after, case, text),
            matters=_name_matters(before, after, self.sent),
            matter_words="\n".join((words, *(one.text for one in self._list_case_lines(case)))),
            mission=case.mission if case else route.mission,
            competent=case.competent if case else route.competent,
        )

    def _list_case_lines(self, case: Case | None) -> list[CaseMessage]:
        return self.lines.get(case.number, []) if case else []


def play_dialogue(dialogue: Dialogue, services: Services) -> list[PlayedTurn]:
    """What each turn of a dialogue leads to, at its own moment or, if it has none, `services.now`."""
    moment: datetime = dialogue.as_of or services.now
    player = DialoguePlayer(replace(services, now=moment))
    return [player.play(turn.say) for turn in dialogue.turns]


def _is_shown(answer: Answer, text: str) -> bool:
    """Whether an answer of the library is what the founder reads: its quotes or, of a notice that
    has ended, its title."""
    said = _flatten(text)
    if answer.verdict == "expired":
        return any(_flatten(citation.title)[:40] in said for citation in answer.citations)
    return any(_flatten(citation.quote)[:40] in said for citation in answer.citations)


def _flatten(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _name_outcomes(
    shown: Answer | None,
    asked: list[Answer],
    after: Conversation,
    case: Case | None,
    text: str,
) -> frozenset[str]:
    """All names that a label may give to what a turn led to: more than one may be right, as a case
    that is sealed was handed over too. "hand over" is a case, a person offered or a place asked for,
    but not the button below every answer."""
    names: set[str] = set()
    if shown:
        names.add(shown.verdict)
    elif asked and asked[-1].verdict not in ("answered", "offered"):
        names.add("no_evidence")
    elif after.read_as in ("new_matter", "follow_up") and case is None and "[1]" in text:
        names.add("answered")  # from the routing table, which cites its source
    if after.read_as in ("thanks", "goodbye"):
        names.add("thanks")
    if case is not None or after.awaited:  # sections to choose come with a button for a person
        names.add("hand over")
    if after.awaited in CLARIFYING or text.rstrip().endswith("?"):
        names.add("clarify")
    pending = after.pending
    is_sealed = case.sealed if case else pending is not None and pending.sealed
    if is_sealed and after.awaited != "choice":  # sections to choose say nothing of the seal
        names.add("sealed")
    return frozenset(names)


def _name_matters(before: Conversation, after: Conversation, number: int) -> frozenset[str]:
    """Whether the message began a matter. A case takes everything that is written, whichever matter
    it is of."""
    if number == 1:
        return frozenset({"first"})
    if before.case is not None and after.case == before.case:
        return frozenset({"same", "new"})
    return frozenset({"new" if after.read_as == "new_matter" else "same"})
