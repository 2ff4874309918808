"""Questions to try: sections of the library, in its own words, offered like any other."""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import write_offer_key
from bot.context import Decision, Turn, shorten_text
from bot.founder.offers import MAX_REMEMBERED_OFFERS
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.types import OfferedSections, PendingQuestion

SAMPLE_LIMIT_CHARACTERS = 60  # of a button, which alone has the question


def offer_samples(turn: Turn, key: str, first: tuple[tuple[Button, ...], ...] = ()) -> Decision:
    """Reply with the phrase `founder.KEY`, the rows of buttons `first` and a button for each sample
    question; a press shows the section that answers it."""
    conversation, services = turn.conversation, turn.services
    language = conversation.language
    text = render_phrase(f"founder.{key}", language)
    samples = services.list_samples(language)
    if not samples:
        return turn.reply_content(Content(text, buttons=first), awaited=conversation.awaited)
    token = turn.message.token("samples")
    asked = PendingQuestion(samples[0].label, language, at=services.now)
    latest = OfferedSections(token, asked, tuple(samples))
    earlier = tuple(one for one in conversation.offered if one.token != token)
    offered = (*earlier, latest)[-MAX_REMEMBERED_OFFERS:]
    rows = tuple(
        (Button(write_offer_key(token, number), shorten_text(one.label, SAMPLE_LIMIT_CHARACTERS)),)
        for number, one in enumerate(samples)
    )
    turn = turn.with_conversation(replace(conversation, offered=offered))
    return turn.reply_content(Content(text, buttons=(*first, *rows)), awaited=conversation.awaited)
