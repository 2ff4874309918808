"""Waiting messages as one reply of Kakao's skill format, version 2.0; pure."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.kakao.inbound import BUTTON_EXTRA, READ_KEY
from adapters.kakao.limits import (
    LABEL_LETTERS,
    MAX_OUTPUTS,
    MAX_QUICK_REPLIES,
    PIECE_LETTERS,
)
from adapters.messaging.command_words import name_commands
from adapters.messaging.emphasis import bind_marks
from bot.delivery.splitting import count_utf16_units, split_text
from bot.messages import Button
from bot.phrases import render_phrase
from bot.store import OutboxRow
from knowledge.types import Language

log = logging.getLogger(__name__)

SkillResponse = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply, and how many of the messages it was made of are in it: the first `shown`."""

    body: SkillResponse
    shown: int


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a reply is made for: messages decided before `asked_at` had to wait for it. `is_busy`
    says that the answer is still being prepared, `is_reading` that the founder only asked for what
    waits. `explain_case` is what is told with the first message about a case, "" for nothing."""

    language: Language
    asked_at: datetime
    is_busy: bool = False
    is_reading: bool = False
    explain_case: Callable[[int], str] = lambda _: ""


def compose_reply(rows: Sequence[OutboxRow], occasion: Occasion) -> Reply:
    """As many of `rows`, in order, as one reply carries, and what else has to be said there. What
    does not fit is asked for with the button that is added."""
    language, told = occasion.language, set[int]()
    texts: list[str] = []
    shown = 0
    for row in rows:
        more = _render_row(row, occasion, told)
        if shown and len(_pack([*texts, *more])) > MAX_OUTPUTS:
            break
        texts += more
        shown += 1
    if shown and rows[0].created_at < occasion.asked_at:
        texts[0] = f"{render_phrase('kakaotalk.while_away', language)}\n\n{texts[0]}"
    buttons = _collect_buttons(rows[:shown])
    if line := _say_what_follows(shown, len(rows), occasion):
        texts[-1:] = [f"{texts[-1]}\n\n{line}"] if texts else [line]
    if shown < len(rows) or occasion.is_busy or told or not rows:
        name = "kakaotalk.read_more" if shown < len(rows) else "kakaotalk.read"
        buttons.insert(0, Button(READ_KEY, render_phrase(name, language)))
    return Reply(render_response(_pack(texts), buttons), shown)


def render_response(texts: Iterable[str], buttons: Sequence[Button] = ()) -> SkillResponse:
    """A reply with a bubble for each text, and buttons below the last."""
    template: dict[str, Any] = {"outputs": [{"simpleText": {"text": text}} for text in texts]}
    if buttons:
        shown = buttons[:MAX_QUICK_REPLIES]
        template["quickReplies"] = [_render_button(button) for button in shown]
    return {"version": "2.0", "template": template}


def render_waiting(language: Language) -> SkillResponse:
    """What is answered at once where a callback brings the reply. `text` can be shown by the block's
    waiting message as {{#webhook.text}}."""
    text = render_phrase("kakaotalk.looking_callback", language)
    return {"version": "2.0", "useCallback": True, "data": {"text": text}}


def _render_row(row: OutboxRow, occasion: Occasion, told: set[int]) -> list[str]:
    """The text of a message in pieces that fit a bubble, and behind the first about a case what is
    told of cases; those are added to `told`."""
    content = row.content
    text = bind_marks(content) if content.relayed else name_commands(bind_marks(content), "Naru")
    whole = "\n\n".join(part for part in (text, content.details) if part)
    whole += "".join(f"\n📎 {file.name}" for file in content.files)
    pieces = split_text(whole, PIECE_LETTERS) or ["…"]
    if len(pieces) > MAX_OUTPUTS:  # nothing that was split for KakaoTalk is so long
        log.error("message %s is cut: it is longer than a reply of KakaoTalk", row.key)
        pieces = [*pieces[: MAX_OUTPUTS - 1], f"{pieces[MAX_OUTPUTS - 1]} …"]
    if row.case is not None and row.case not in told and len(pieces) < MAX_OUTPUTS:
        told_now = occasion.explain_case(row.case)
        pieces += [told_now] if told_now else []
        told |= {row.case} if told_now else set()
    return pieces


def _say_what_follows(shown: int, waiting: int, occasion: Occasion) -> str:
    """The last line: that there is more, that an answer is still coming, or that there is nothing."""
    if shown < waiting:
        return render_phrase("kakaotalk.more", occasion.language)
    if occasion.is_busy:
        return render_phrase("kakaotalk.looking", occasion.language)
    if waiting:
        return ""
    if occasion.is_reading:
        return render_phrase("kakaotalk.nothing_new", occasion.language)
    return render_phrase("kakaotalk.received", occasion.language)


def _pack(texts: Sequence[str]) -> list[str]:
    """Texts as bubbles: one each, or several in one where there are too many."""
    if len(texts) <= MAX_OUTPUTS:
        return list(texts)
    bubbles: list[str] = []
    for text in texts:
        joined = f"{bubbles[-1]}\n\n{text}" if bubbles else ""
        if joined and count_utf16_units(joined) <= PIECE_LETTERS:
            bubbles[-1] = joined
        else:
            bubbles.append(text)
    return bubbles


def _collect_buttons(rows: Sequence[OutboxRow]) -> list[Button]:
    """The buttons of all messages, each once, those of the last message first."""
    found: dict[str, Button] = {}
    for row in reversed(rows):
        for line in row.content.buttons:
            for button in line:
                found.setdefault(button.key, button)
    return list(found.values())


def _render_button(button: Button) -> dict[str, Any]:
    """A quick reply that says its label for the founder, and brings its key back."""
    label = button.label
    if len(label) > LABEL_LETTERS:
        label = f"{label[: LABEL_LETTERS - 1].rstrip()}…"
    return {
        "label": label,
        "action": "message",
        "messageText": button.label,
        "extra": {BUTTON_EXTRA: button.key},
    }
