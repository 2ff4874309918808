"""What Naru would say and who would take it, without opening a case: `naru ask`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.context import Services
from bot.founder import answer_text
from bot.founder.question import withhold_if_for_people
from bot.founder.triage import triage_message
from bot.routing import find_route
from bot.types import Place, Route, Urgency
from knowledge.text.language import detect_language
from knowledge.types import Answer, Language, Question

VERDICTS_WITHOUT_HANDOVER = frozenset(
    {"answered", "out_of_scope", "clarify"}
)  # verdicts that hand nothing over


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """An answer as it would read, and the route of what it does not answer."""

    answer: Answer
    text: str
    handover: Route | None
    urgency: Urgency


def run_dry_run(
    tools: Services, text: str, place: Place | None = None, language: Language | None = None
) -> DryRunResult:
    """Answer `text` as in a chat; the place is read from it unless it is given."""
    where = place or tools.places.find_mentioned_place(text)
    words = (where.name,) if where else ()
    signs = triage_message(text)
    question = Question(text, language or detect_language(text), tools.now, (), words)
    answer = withhold_if_for_people(tools.ask(question), signs)
    handover = None
    if answer.verdict not in VERDICTS_WITHOUT_HANDOVER:
        handover = find_route(where, tools.missions, answer.language, tools.now)
    shown = answer_text.render_answer_text(answer, tools.now)
    return DryRunResult(replace(answer, text=shown), shown, handover, signs.urgency)
