"""What is logged of an answer for the console: nothing of a sealed or suspect matter, and its words
only with the founder's consent."""

from __future__ import annotations

from bot.context import Turn
from bot.founder.reading.triage import Triage
from bot.messages import select_words
from bot.routing.route import find_route
from bot.types import LoggedAnswer
from knowledge.text.personal_data import mask_personal_data
from knowledge.types import Answer

ANSWER_LIMIT_CHARACTERS = 2_000  # that are logged of one


def log_answer(turn: Turn, answer: Answer, text: str, triage: Triage) -> LoggedAnswer | None:
    """What is logged of `answer`, which the founder reads as `text`; None where nothing may be."""
    conversation, services = turn.conversation, turn.services
    pending = conversation.pending
    is_sealed = triage.sealed or (pending is not None and pending.sealed)
    if is_sealed or triage.suspect or pending is None:
        return None
    words = select_words(pending.question)
    place = conversation.place
    may_read = services.has_consent(conversation.account, "answers")
    return LoggedAnswer(
        conversation.key, answer.verdict, answer.language,
        " ".join(mask_personal_data(words).split()) if may_read else "",
        mask_personal_data(text)[:ANSWER_LIMIT_CHARACTERS] if may_read else "",
        services.find_topic(words, answer.language).id, place.country if place else "",
        find_route(place, services.missions, services.now).mission, services.now,
    )  # fmt: skip
