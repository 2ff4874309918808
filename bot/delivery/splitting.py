"""One decided message as the messages a messenger can carry: each a row of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.types import Body, Outgoing

# UTF-16 units of text a message: under Telegram's 4,096 with room for markup, and under what a
# Slack section holds.
LIMITS = {"telegram": 3_800, "slack": 2_800}
CAPTION = 900  # what may stand under a single file
WORDLESS = ("video_note",)  # kinds of file that take no words with them


def split_all(outgoing: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """Every message in parts that its messenger takes, in order."""
    return tuple(part for one in outgoing for part in _split(one))


def units(text: str) -> int:
    """UTF-16 code units, which is how the messengers count."""
    return len(text.encode("utf-16-le")) // 2


def _split(outgoing: Outgoing) -> list[Outgoing]:
    limit = LIMITS.get(outgoing.to.channel)
    if outgoing.act in ("close", "reopen") or limit is None:
        return [outgoing]
    if outgoing.act in ("card", "recard"):
        return _card(outgoing, limit)
    return [replace(outgoing, body=body) for body in _bodies(outgoing.body, limit)]


def _card(outgoing: Outgoing, limit: int) -> list[Outgoing]:
    """A card stays one message, with its buttons, for it is edited; the rest follows it once."""
    head, *rest = pieces(outgoing.body.text, limit) or [""]
    card = replace(outgoing, body=replace(outgoing.body, text=head))
    if outgoing.act == "recard":
        return [card]
    bare = Body("", protect=outgoing.body.protect)
    more = [replace(outgoing, body=replace(bare, text=text), act="send") for text in rest]
    return [card, *more]


def _bodies(body: Body, limit: int) -> list[Body]:
    alone = len(body.files) == 1 and body.files[0].kind not in WORDLESS
    if alone and not body.details and units(body.text) <= CAPTION:
        return [body]
    bare = replace(body, text="", details="", buttons=(), files=(), ask_location="")
    parts = [replace(bare, text=text) for text in pieces(body.text, limit)]
    if body.details:
        if parts and units(parts[-1].text) + units(body.details) <= limit:
            parts[-1] = replace(parts[-1], details=body.details)
        else:
            parts += [replace(bare, details=text) for text in pieces(body.details, limit)]
    if body.buttons or body.ask_location:
        last = parts.pop() if parts else bare
        parts.append(replace(last, buttons=body.buttons, ask_location=body.ask_location))
    return parts + [replace(bare, files=(file,)) for file in body.files]


def pieces(text: str, limit: int) -> list[str]:
    """`text` cut at paragraphs, else lines, else sentences, else words, else anywhere."""
    text = text.strip()
    if not text:
        return []
    if units(text) <= limit:
        return [text]
    head = _fitting(text, limit)
    for end in (r"\n\n", r"\n", r"(?<=[.!?。]) ", " "):
        cuts = [match.start() for match in re.finditer(end, head)]
        if cuts and cuts[-1] > len(head) // 3:
            return [text[: cuts[-1]].rstrip(), *pieces(text[cuts[-1] :], limit)]
    return [head, *pieces(text[len(head) :], limit)]


def _fitting(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units; no character is cut in two."""
    head = text[:limit]
    while units(head) > limit:
        head = head[: len(head) - max(1, (units(head) - limit) // 2)]
    return head
