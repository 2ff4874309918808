"""What founders are told about their records: what is kept and how long, what
erasing leaves, what was masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from bot.context import Decision, Turn
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.types import RetentionPeriods
from knowledge.text.personal_data import has_mask
from knowledge.types import Language


def render_privacy(periods: RetentionPeriods, language: Language) -> str:
    """The text of `/privacy`: what is kept, how long, and what for."""
    days = {
        field.name: _render_days(getattr(periods, field.name).days, language)
        for field in fields(periods)
    }
    return f"{render_phrase('founder.privacy', language, **days)}\n{_render_messenger(language)}"


def render_erasure_question(open_cases: Sequence[int], language: Language) -> str:
    """What is asked before an erasure: what would go and what would stay. `open_cases` stay."""
    question = render_phrase("founder.forget_confirm", language)
    return "\n".join([question, *_render_rest(open_cases, language)])


def render_erasure(open_cases: Sequence[int], language: Language) -> str:
    """What is said after an erasure, with what stayed."""
    done = render_phrase("founder.forgotten", language)
    return "\n".join([done, *_render_rest(open_cases, language)])


def _render_rest(open_cases: Sequence[int], language: Language) -> list[str]:
    rest = [render_phrase("founder.forget_keeps", language), _render_messenger(language)]
    if open_cases:
        numbers = ", ".join(f"#{number}" for number in open_cases)
        rest.insert(0, render_phrase("founder.forget_open", language, numbers=numbers))
    return rest


def _render_messenger(language: Language) -> str:
    return render_phrase("founder.messenger_keeps", language)


def _render_days(count: int, language: Language) -> str:
    key = "one_day" if count == 1 else "many_days"
    return render_phrase(f"founder.{key}", language, count=count)


def add_masking_notice(turn: Turn, decision: Decision) -> Decision:
    """The decision and, after its messages, one sentence to the founder where something in their
    message is masked; a decision that says nothing to anybody stays as it is."""
    if not has_mask(turn.message.text) or decision == Decision():
        return decision
    language = (decision.conversation or turn.conversation).language
    content = Content(render_phrase("founder.masked", language))
    notice = Outgoing(turn.conversation.address, content, case=turn.conversation.case)
    return replace(decision, outgoing=(*decision.outgoing, notice))
