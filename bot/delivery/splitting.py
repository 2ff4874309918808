"""Splitting one decided message into as many as its messenger's limits demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.messages import ChannelLimits, Content, Outgoing

# Ends of paragraphs, lines, sentences and words; no space that carries an accent.
_ENDS = (r"\n\n", r"\n", r"(?<=[.!?。]) (?![\p{M}\u200d])", r" (?![\p{M}\u200d])")
KINDS_WITHOUT_CAPTION = ("video_note",)  # kinds of file that take no text with them


def split_messages(
    outgoing: Iterable[Outgoing], limits: Mapping[str, ChannelLimits]
) -> tuple[Outgoing, ...]:
    """Every message as parts that its channel takes, in order; each part becomes a row of its
    own. `limits` are by channel name; messages to a channel without limits stay whole."""
    return tuple(
        part
        for message in outgoing
        for part in _split_message(message, limits.get(message.to.channel))
    )


def count_utf16_units(text: str) -> int:
    """The number of UTF-16 code units, which is how the messengers count."""
    return len(text.encode("utf-16-le")) // 2


def split_text(text: str, limit: int) -> list[str]:
    """`text`, stripped, as pieces of at most `limit` UTF-16 units: cut at paragraphs, else lines,
    else sentences, else words, else between what a reader takes for letters. [] for a text without
    words."""
    pieces, rest = [], text.strip()
    while rest and (len(rest) > limit or count_utf16_units(rest) > limit):
        head = _cut_head(rest, limit)
        cut = _find_cut(head, rest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].strip()
    return [*pieces, rest] if rest else pieces


def _split_message(outgoing: Outgoing, limits: ChannelLimits | None) -> list[Outgoing]:
    if outgoing.act in ("close", "reopen") or limits is None:
        return [outgoing]
    if outgoing.act in ("card", "recard"):
        return _split_card(outgoing, limits.text_utf16)
    contents = _split_content(outgoing.content, limits)
    return [replace(outgoing, content=content) for content in contents]


def _split_card(outgoing: Outgoing, limit: int) -> list[Outgoing]:
    """A card stays one message with its buttons, because it is edited later; the rest of its text
    follows it once."""
    content = outgoing.content
    head, *rest = split_text(content.text, limit - count_utf16_units(content.details)) or [""]
    card = replace(outgoing, content=replace(content, text=head))
    if outgoing.act == "recard":
        return [card]
    bare = replace(content, details="", buttons=())
    return [
        card,
        *(replace(outgoing, content=replace(bare, text=text), act="send") for text in rest),
    ]


def _split_content(content: Content, limits: ChannelLimits) -> list[Content]:
    """Text first, then details, the buttons under the last of them, then a message per file. A
    single file with a short text stays one message."""
    if _is_captioned_file(content, limits.caption_utf16):
        return [content]
    bare = replace(content, text="", details="", buttons=(), files=(), ask_location="")
    parts = [replace(bare, text=text) for text in split_text(content.text, limits.text_utf16)]
    parts = _add_details(parts, content.details, bare, limits.text_utf16)
    if content.buttons or content.ask_location:
        last = parts.pop() if parts else bare
        parts.append(replace(last, buttons=content.buttons, ask_location=content.ask_location))
    return parts + [replace(bare, files=(file,)) for file in content.files]


def _is_captioned_file(content: Content, limit: int) -> bool:
    single = len(content.files) == 1 and content.files[0].kind not in KINDS_WITHOUT_CAPTION
    return single and not content.details and count_utf16_units(content.text) <= limit


def _add_details(parts: list[Content], details: str, bare: Content, limit: int) -> list[Content]:
    """`details` in the last part where they fit, else in parts of their own."""
    if not details:
        return parts
    if parts and count_utf16_units(parts[-1].text) + count_utf16_units(details) <= limit:
        return [*parts[:-1], replace(parts[-1], details=details)]
    return parts + [replace(bare, details=text) for text in split_text(details, limit)]


def _cut_head(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units; no character is cut in two."""
    head = text[:limit]
    while count_utf16_units(head) > limit:
        head = head[: len(head) - max(1, (count_utf16_units(head) - limit) // 2)]
    return head


def _find_cut(head: str, text: str) -> int:
    """Where in `head`, the beginning of a longer `text`, to cut best."""
    import regex  # late: few messages are long, and it takes a while to load

    for end in _ENDS:
        cuts = [match.start() for match in regex.finditer(end, head)]
        if cuts and cuts[-1] > len(head) // 3:
            return int(cuts[-1])
    # A letter may be several characters: an accent, a Korean syllable in parts, a flag, a family.
    letters = [match.start() for match in regex.finditer(r"\X", text[: len(head) + 1])]
    return int(letters[-1]) or len(head)
