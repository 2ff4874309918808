"""Asking a founder whether a case helped: once, after its end, and never about a sealed one."""

from __future__ import annotations

from bot.buttons import write_rating_key
from bot.context import Services
from bot.messages import Button, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import SCORES, Case, Conversation, FounderRecord, Rating


def ask_satisfaction(
    services: Services, case: Case, founder: Conversation | None
) -> tuple[tuple[Outgoing, ...], tuple[FounderRecord, ...]]:
    """The question to the founder of a case that has ended, and the note that they were asked; both
    empty where they are not asked."""
    if founder is None or case.sealed or services.founders.find_rating(case.number):
        return (), ()
    language = founder.language
    buttons = tuple(
        Button(write_rating_key(score, case.number), render_phrase(f"own.score_{score}", language))
        for score in SCORES
    )
    text = render_phrase("own.rate", language, number=case.number)
    question = Outgoing(founder.personal_address, Content(text, buttons=(buttons,)))
    return (question,), (Rating(case.number),)
