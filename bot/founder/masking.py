"""Telling a founder that a number in their message was masked."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Turn
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Decision
from knowledge.text.personal_data import has_mask


def add_masking_notice(turn: Turn, decision: Decision) -> Decision:
    """The decision and, after its messages, one sentence to the founder where something in their
    message is masked; a decision that says nothing to anybody stays as it is."""
    if not has_mask(turn.message.text) or decision == Decision():
        return decision
    language = (decision.conversation or turn.conversation).language
    content = Content(render_phrase("founder.masked", language))
    notice = Outgoing(turn.conversation.address, content, case=turn.conversation.case)
    return replace(decision, outgoing=(*decision.outgoing, notice))
