"""What founders are told about their records: what erasing takes and leaves, what was masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.context import Decision, Turn
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from knowledge.text.personal_data import has_mask
from knowledge.types import Language

# The messengers of which it is known what they keep.
CHANNELS_TOLD = frozenset({"telegram", "slack", "email", "kakao"})
# What is counted before an erasure, see bot/store/people/records.py
COUNTED_KINDS = ("conversations", "cases", "case_lines", "events", "messages", "choices", "answers")


def render_erasure_question(
    counts: Mapping[str, int], open_cases: Sequence[int], channel: str, language: Language
) -> str:
    """What is asked before an erasure: how much of each kind would go, and what would stay and why.
    `open_cases` stay; what stands in the messenger `channel` is out of reach."""
    parts = [render_phrase("founder.forget_confirm", language)]
    going = [
        render_phrase(f"privacy.count_{kind}", language, count=counts[kind])
        for kind in COUNTED_KINDS
        if counts.get(kind)
    ]
    if going:
        parts.append(render_phrase("privacy.forget_counts", language, counts=", ".join(going)))
    return "\n".join([*parts, *_render_rest(open_cases, channel, language)])


def render_erasure(open_cases: Sequence[int], channel: str, language: Language) -> str:
    """What is said after an erasure, with what stayed."""
    done = render_phrase("founder.forgotten", language)
    return "\n".join([done, *_render_rest(open_cases, channel, language)])


def _render_rest(open_cases: Sequence[int], channel: str, language: Language) -> list[str]:
    keys = ("founder.forget_keeps", "privacy.forget_log", "founder.messenger_keeps")
    rest = [render_phrase(key, language) for key in keys]
    if channel in CHANNELS_TOLD:
        rest.append(render_phrase(f"privacy.stays_{channel}", language))
    if open_cases:
        numbers = ", ".join(f"#{number}" for number in open_cases)
        rest.insert(0, render_phrase("founder.forget_open", language, numbers=numbers))
    return rest


def add_masking_notice(turn: Turn, decision: Decision) -> Decision:
    """The decision and, after its messages, one sentence to the founder where something in their
    message is masked; a decision that says nothing to anybody stays as it is."""
    if not has_mask(turn.message.text) or decision == Decision():
        return decision
    language = (decision.conversation or turn.conversation).language
    content = Content(render_phrase("founder.masked", language))
    notice = Outgoing(turn.conversation.address, content, case=turn.conversation.case)
    return replace(decision, outgoing=(*decision.outgoing, notice))
