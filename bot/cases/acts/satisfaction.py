"""Asking a founder whether a case helped: once, after its end, and never about a sealed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.buttons import write_rating_key
from bot.context import Services
from bot.messages import Button, Outgoing
from bot.phrases import render_phrase
from bot.types import SCORES, Case, Conversation, FounderRecord, Rating


def ask_satisfaction(
    services: Services, case: Case, founder: Conversation | None, told: Sequence[Outgoing]
) -> tuple[tuple[Outgoing, ...], tuple[FounderRecord, ...]]:
    """What the founder of a case that has ended is `told`, with the question in the last message to
    them, and the note that they were asked; unchanged and () where they are not asked."""
    sent = [number for number, one in enumerate(told) if founder and _is_to(one, founder)]
    if not (founder and sent) or case.sealed or services.founders.find_rating(case.number):
        return tuple(told), ()
    language, last = founder.language, told[sent[-1]]
    buttons = tuple(
        Button(write_rating_key(score, case.number), render_phrase(f"own.score_{score}", language))
        for score in SCORES
    )
    question = render_phrase("own.rate", language, number=case.number)
    content = replace(
        last.content,
        text=f"{last.content.text}\n\n{question}",
        buttons=(*last.content.buttons, buttons),
    )
    asked = list(told)
    asked[sent[-1]] = replace(last, content=content)
    return tuple(asked), (Rating(case.number),)


def _is_to(one: Outgoing, founder: Conversation) -> bool:
    return one.to in (founder.address, founder.personal_address)
