"""What Naru would say and who would take it, without opening a case: `naru ask`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.context import Tools
from bot.founder import answer_text
from bot.founder.question import for_people
from bot.founder.triage import triage
from bot.routing import route
from bot.types import Place, Route, Urgency
from knowledge.text.language import detect
from knowledge.types import Answer, Language, Question

STAYS = frozenset({"answered", "out_of_scope", "clarify"})  # verdicts that hand nothing over


@dataclass(frozen=True, slots=True)
class Consultation:
    """An answer as it would read, and the route of what it does not answer."""

    answer: Answer
    text: str
    handover: Route | None
    urgency: Urgency


def consult(
    tools: Tools, text: str, place: Place | None = None, language: Language | None = None
) -> Consultation:
    """Answer `text` as in a chat; the place is read from it unless it is given."""
    where = place or tools.places.mentioned(text)
    words = (where.name,) if where else ()
    signs = triage(text)
    question = Question(text, language or detect(text), tools.now, (), words)
    answer = for_people(tools.ask(question), signs)
    handover = None
    if answer.verdict not in STAYS:
        handover = route(where, tools.missions, answer.language, tools.now)
    shown = answer_text.text(answer, tools.now)
    return Consultation(replace(answer, text=shown), shown, handover, signs.urgency)
