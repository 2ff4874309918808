"""One decided message as the messages a messenger can carry: each a row of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.types import Content, Outgoing

# UTF-16 units of text a message: under Telegram's 4,096 with room for markup, and under what a
# Slack section holds.
TEXT_LIMITS_UTF16 = {"telegram": 3_800, "slack": 2_800}
CAPTION_LIMIT_UTF16 = 900  # what may stand under a single file
KINDS_WITHOUT_CAPTION = ("video_note",)  # kinds of file that take no words with them


def split_messages(outgoing: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """Every message in parts that its messenger takes, in order."""
    return tuple(part for one in outgoing for part in _split_message(one))


def count_utf16_units(text: str) -> int:
    """UTF-16 code units, which is how the messengers count."""
    return len(text.encode("utf-16-le")) // 2


def _split_message(outgoing: Outgoing) -> list[Outgoing]:
    limit = TEXT_LIMITS_UTF16.get(outgoing.to.channel)
    if outgoing.act in ("close", "reopen") or limit is None:
        return [outgoing]
    if outgoing.act in ("card", "recard"):
        return _split_card(outgoing, limit)
    return [replace(outgoing, content=body) for body in _split_content(outgoing.content, limit)]


def _split_card(outgoing: Outgoing, limit: int) -> list[Outgoing]:
    """A card stays one message, with its buttons, for it is edited; the rest follows it once."""
    head, *rest = split_text(outgoing.content.text, limit) or [""]
    card = replace(outgoing, content=replace(outgoing.content, text=head))
    if outgoing.act == "recard":
        return [card]
    bare = Content("", protect=outgoing.content.protect)
    more = [replace(outgoing, content=replace(bare, text=text), act="send") for text in rest]
    return [card, *more]


def _split_content(body: Content, limit: int) -> list[Content]:
    alone = len(body.files) == 1 and body.files[0].kind not in KINDS_WITHOUT_CAPTION
    if alone and not body.details and count_utf16_units(body.text) <= CAPTION_LIMIT_UTF16:
        return [body]
    bare = replace(body, text="", details="", buttons=(), files=(), ask_location="")
    parts = [replace(bare, text=text) for text in split_text(body.text, limit)]
    if body.details:
        if parts and count_utf16_units(parts[-1].text) + count_utf16_units(body.details) <= limit:
            parts[-1] = replace(parts[-1], details=body.details)
        else:
            parts += [replace(bare, details=text) for text in split_text(body.details, limit)]
    if body.buttons or body.ask_location:
        last = parts.pop() if parts else bare
        parts.append(replace(last, buttons=body.buttons, ask_location=body.ask_location))
    return parts + [replace(bare, files=(file,)) for file in body.files]


def split_text(text: str, limit: int) -> list[str]:
    """`text` cut at paragraphs, else lines, else sentences, else words, else anywhere."""
    text = text.strip()
    if not text:
        return []
    if count_utf16_units(text) <= limit:
        return [text]
    head = _cut_head(text, limit)
    for end in (r"\n\n", r"\n", r"(?<=[.!?。]) ", " "):
        cuts = [match.start() for match in re.finditer(end, head)]
        if cuts and cuts[-1] > len(head) // 3:
            return [text[: cuts[-1]].rstrip(), *split_text(text[cuts[-1] :], limit)]
    return [head, *split_text(text[len(head) :], limit)]


def _cut_head(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units; no character is cut in two."""
    head = text[:limit]
    while count_utf16_units(head) > limit:
        head = head[: len(head) - max(1, (count_utf16_units(head) - limit) // 2)]
    return head
