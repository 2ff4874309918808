"""What Naru would answer and who would take the question, without opening a case: `naru ask`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from bot.context import Services
from bot.founder import answer_text
from bot.founder.question import withhold_if_for_people
from bot.founder.reading.triage import triage_message
from bot.routing.route import find_route
from bot.types import Place, Route, Urgency
from knowledge.text.language import detect_language
from knowledge.types import Answer, Language, Question

# Verdicts after which no person is needed; after an offer one takes over if none of it fits.
VERDICTS_WITHOUT_HANDOVER = frozenset({"answered", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """An answer, its text as a founder would read it, and the route a case would take (None where
    nothing is handed over)."""

    answer: Answer
    text: str
    handover: Route | None
    urgency: Urgency


def run_dry_run(
    services: Services, text: str, place: Place | None = None, language: Language | None = None
) -> DryRunResult:
    """Answer `text` as the first message of a chat would be answered.

    `place` None: the place is read from the text. `language` None: it is detected. Raises
    LibraryMissing where no edition was ingested.
    """
    text = unicodedata.normalize("NFC", text)
    place = place or services.places.find_mentioned_place(text)
    place_words = (place.name,) if place else ()
    triage = triage_message(text)
    language = language or detect_language(text)
    is_for_people = triage.needs_person or triage.suspect
    question = Question(text, language, services.now, (), place_words, is_for_people)
    answer = withhold_if_for_people(services.ask(question), triage)
    handover = None
    if triage.needs_person or answer.verdict not in VERDICTS_WITHOUT_HANDOVER:
        handover = find_route(place, services.missions, services.now)
    answer_shown = answer_text.render_answer_text(answer, services.now)
    return DryRunResult(replace(answer, text=answer_shown), answer_shown, handover, triage.urgency)
