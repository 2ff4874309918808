"""What a founder would read who asks in a new chat, and who would take it: `naru ask`.

It is the founder's turn itself, of which nothing is committed, so no case is opened.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from bot.context import Decision, PlaceFinder, Services, Turn, start_conversation
from bot.founder import answer_text
from bot.founder.question import withhold_if_for_people
from bot.founder.reading.triage import Triage, triage_message
from bot.founder.turn import decide_founder_turn
from bot.messages import Content, Message
from bot.routing.route import find_route
from bot.types import URGENT, Awaited, Place, Route, Urgency
from knowledge.text.language import detect_language
from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data
from knowledge.types import Answer, Language, Question

CHANNEL, FOUNDER = "dry-run", "founder"
NO_CASE = 0  # the number that stands for that of a case; no case has it
# Verdicts after which no person is needed; after an offer one takes over if none of it fits.
VERDICTS_WITHOUT_HANDOVER = frozenset({"answered", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """What a first message of a chat leads to: `shown` is what the founder reads, `awaited` what
    that asks for, `opens_case` whether it would open a case at once.

    `answer` is the library's, with `text` as its words in a reply: where `shown` is something else,
    such as thanks returned or what the routing table says, it is what the library has as well.
    `handover` is the route that a case would take, None where nothing is handed over.
    """

    shown: tuple[Content, ...]
    awaited: Awaited
    opens_case: bool
    answer: Answer
    text: str
    handover: Route | None
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class _GivenPlace:
    """Reads every place that a text mentions as the one that was given."""

    place: Place
    places: PlaceFinder

    def find_place(self, text: str) -> Place:
        return self.places.find_place(text)

    def find_place_at(self, lat: float, lon: float) -> Place:
        return self.places.find_place_at(lat, lon)

    def find_mentioned_place(self, text: str) -> Place | None:
        return self.place if self.places.find_mentioned_place(text) else None


def run_dry_run(
    services: Services, text: str, place: Place | None = None, language: Language | None = None
) -> DryRunResult:
    """Decide on `text` as the first message of a chat.

    `place` None: the place is read from the text. `language` None: it is detected. Raises
    LibraryMissing where no edition was ingested.
    """
    asked: list[Answer] = []
    turn = _begin_turn(services, text, place, language, asked)
    decision = decide_founder_turn(turn)
    after, triage = decision.conversation or turn.conversation, triage_message(turn.message.words)
    answer = decision.answer
    if answer is None:
        if not asked:
            words = (after.place.name,) if after.place else ()
            turn.services.ask(Question(turn.message.text, after.language, services.now, (), words))
        answer = withhold_if_for_people(asked[-1], triage)
    text = answer_text.render_answer_text(
        answer, services.now, is_emergency=triage.urgency in URGENT
    )
    way = find_route(after.place, services.missions, services.now)
    return DryRunResult(
        shown=tuple(one.content for one in decision.outgoing if one.to == turn.address),
        awaited=after.awaited,
        opens_case=decision.new_case is not None,
        answer=replace(answer, text=text),
        text=text,
        handover=way if _is_for_people(decision, triage) else None,
        urgency=triage.urgency,
    )


def _begin_turn(
    services: Services, text: str, place: Place | None, language: Language | None,
    asked: list[Answer],
) -> Turn:  # fmt: skip
    """The turn of a first message, masked as where it is received, which writes nothing. What the
    library answers in it is added to `asked`; a `place` that was given is part of each question."""
    text = mask_personal_data(unicodedata.normalize("NFC", text), NEVER_KEPT)
    locale = language or detect_language(text)
    message = Message(CHANNEL, FOUNDER, FOUNDER, "1", "text", text=text, locale=locale)
    conversation = start_conversation(message)
    if language:
        conversation = replace(conversation, fixed_language=True)
    if place:
        conversation = replace(conversation, place=place, place_fixed=True)

    def ask(question: Question) -> Answer:
        words = (place.name,) if place else question.place_words
        asked.append(services.ask(replace(question, place_words=words)))
        return asked[-1]

    unwritten = replace(
        services,
        ask=ask,
        ask_with_preview=None,
        reserve_case_number=lambda: NO_CASE,
        places=_GivenPlace(place, services.places) if place else services.places,
    )
    return Turn(unwritten, conversation, message)


def _is_for_people(decision: Decision, triage: Triage) -> bool:
    """Whether people take what was asked, or would if the founder wishes so."""
    if decision.answer is not None:
        return triage.needs_person or decision.answer.verdict not in VERDICTS_WITHOUT_HANDOVER
    after = decision.conversation
    return decision.new_case is not None or (after is not None and after.awaited != "")
