"""The words of Block Kit, for messages whose text is only in blocks, and the emoji that they explain.

The blocks and their elements are those of https://docs.slack.dev/reference/block-kit/blocks and
…/block-elements. Of any shape that is not known, nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters.slack.reading.markup import (
    UNKNOWN_CHANNEL,
    UNKNOWN_GROUP,
    UNKNOWN_PERSON,
    SlackNames,
    find_emoji,
    read_mrkdwn,
    render_link,
)

Json = Mapping[str, Any]


def read_blocks(blocks: Any, names: SlackNames) -> str:
    """What blocks say, a line for each part; "" if they say nothing."""
    lines = (
        line for block in list_objects(blocks) for line in _read_block(block, names) if line.strip()
    )
    return "\n".join(lines)


def list_emoji(value: Any) -> dict[str, str]:
    """The emoji that the rich text somewhere in `value` explains, by the names they have in the text."""
    found = {}
    for element in walk_objects(value):
        if element.get("type") == "emoji" and (sign := _read_code_points(element.get("unicode"))):
            tone = element.get("skin_tone")
            suffix = f"::skin-tone-{tone}" if isinstance(tone, int) else ""
            name = str(element.get("name") or "")
            found[name if "::" in name else name + suffix] = sign
    return found


def list_objects(value: Any) -> list[Json]:
    """The objects of a JSON list; [] for anything else."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def walk_objects(value: Any) -> Iterator[Json]:
    """Every object in a JSON value, the outer ones first."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from walk_objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk_objects(inner)


def _read_block(block: Json, names: SlackNames) -> list[str]:
    read = _BLOCKS.get(str(block.get("type")))
    return read(block, names) if read else []


def _read_rich_text(block: Json, names: SlackNames) -> list[str]:
    return [_read_rich_part(part, names) for part in list_objects(block.get("elements"))]


def _read_section(block: Json, names: SlackNames) -> list[str]:
    texts = [block.get("text"), *list_objects(block.get("fields"))]
    return [_read_text_object(one, names) for one in texts]


def _read_context(block: Json, names: SlackNames) -> list[str]:
    return [
        _read_picture(one) if one.get("type") == "image" else _read_text_object(one, names)
        for one in list_objects(block.get("elements"))
    ]


def _read_video(block: Json, names: SlackNames) -> list[str]:
    address = _text(block, "title_url") or _text(block, "video_url")
    return [render_link(address, _read_text_object(block.get("title"), names))]


def _read_table(block: Json, names: SlackNames) -> list[str]:
    rows = block.get("rows")
    return [
        " | ".join(_read_cell(cell, names) for cell in list_objects(row))
        for row in (rows if isinstance(rows, list) else ())
    ]


def _read_cell(cell: Json, names: SlackNames) -> str:
    if cell.get("type") == "rich_text":
        return read_blocks([cell], names).replace("\n", " ")
    return _text(cell, "text")


def _read_text_object(value: Any, names: SlackNames) -> str:
    if not isinstance(value, Mapping):
        return ""
    text = _text(value, "text")
    return read_mrkdwn(text, names) if value.get("type") == "mrkdwn" else text


def _read_picture(block: Json) -> str:
    return render_link(_text(block, "image_url"), _text(block, "alt_text"))


def _read_rich_part(part: Json, names: SlackNames) -> str:
    """A section, list, quotation or preformatted text of a rich text."""
    if part.get("type") == "rich_text_list":
        return _read_list(part, names)
    text = "".join(_read_inline(one, names) for one in list_objects(part.get("elements")))
    if part.get("type") == "rich_text_quote":
        return "\n".join(f"> {line}" for line in text.splitlines())
    return text


def _read_list(part: Json, names: SlackNames) -> str:
    depth, first = _number(part, "indent"), _number(part, "offset")
    ordered = part.get("style") == "ordered"
    return "\n".join(
        "  " * depth + (f"{first + number}. " if ordered else "• ") + _read_rich_part(item, names)
        for number, item in enumerate(list_objects(part.get("elements")), 1)
    )


def _read_inline(element: Json, names: SlackNames) -> str:
    read = _INLINE.get(str(element.get("type")))
    return read(element, names) if read else _text(element, "text")


def _read_inline_emoji(element: Json, names: SlackNames) -> str:
    name = _text(element, "name")
    return (
        _read_code_points(element.get("unicode"))
        or names.emoji.get(name)
        or find_emoji(name)
        or f":{name}:"
    )


def _read_code_points(value: Any) -> str:
    """The emoji of hexadecimal code points ("1f44b-1f3fd"); "" if it is none."""
    try:
        return "".join(chr(int(one, 16)) for one in str(value or "").split("-") if one)
    except (ValueError, OverflowError):
        return ""


def _number(value: Json, key: str) -> int:
    found = value.get(key)
    return found if isinstance(found, int) else 0


def _text(value: Json, key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


_BLOCKS: Mapping[str, Callable[[Json, SlackNames], list[str]]] = {
    "rich_text": _read_rich_text,
    "section": _read_section,
    "header": _read_section,
    "context": _read_context,
    "image": lambda block, _: [_read_picture(block)],
    "video": _read_video,
    "markdown": lambda block, _: [_text(block, "text")],
    "table": _read_table,
}
_INLINE: Mapping[str, Callable[[Json, SlackNames], str]] = {
    "link": lambda one, _: render_link(_text(one, "url"), _text(one, "text")),
    "user": lambda one, names: "@" + (names.people.get(_text(one, "user_id")) or UNKNOWN_PERSON),
    "channel": lambda one, names: (
        "#" + (names.channels.get(_text(one, "channel_id")) or UNKNOWN_CHANNEL)
    ),
    "usergroup": lambda _one, _names: "@" + UNKNOWN_GROUP,
    "broadcast": lambda one, _: "@" + _text(one, "range"),
    "emoji": _read_inline_emoji,
    "date": lambda one, _: _text(one, "fallback"),
    "color": lambda one, _: _text(one, "value"),
}
