"""Telegram's HTML as tdlib reads it: tags become entities, mistakes are refused in its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED_REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([A-Za-z]+));?")
START_TAG = re.compile(r"<([^\s>]*)")
END_TAG = re.compile(r"</([^\s>]*)\s*")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?""")
AUTOMATIC_ENTITY = re.compile(
    r"(?P<bot_command>(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?)"
    r"|(?P<url>https?://[^\s<>]+)"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31})"
)


class MarkupError(Exception):
    """What comes after "can't parse entities: "."""


@dataclass(slots=True)
class _OpenTag:
    tag: str
    attributes: dict[str, str]
    offset: int


def count_utf16_units(text: str) -> int:
    """The length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def find_automatic_entities(text: str) -> list[Json]:
    """What Telegram finds by itself: commands, links and mentions."""
    return [
        {
            "type": match.lastgroup,
            "offset": count_utf16_units(text[: match.start()]),
            "length": count_utf16_units(match[0]),
        }
        for match in AUTOMATIC_ENTITY.finditer(text)
    ]


def parse_html(text: str) -> tuple[str, list[Json]]:
    """The text without its tags, and the entities they meant."""
    return _HtmlParser(text).parse()


def trim_whitespace(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text without white space around it, with its entities moved along."""
    shift = count_utf16_units(text) - count_utf16_units(text.lstrip())
    clean = text.strip()
    moved = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, count_utf16_units(clean))
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return clean, moved


class _HtmlParser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.out = ""
        self.open: list[_OpenTag] = []
        self.entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.text):
            self._step(self.text[self.at])
        if self.open:
            tag = self.open[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return self.out, self.entities

    def _step(self, character: str) -> None:
        if self.text.startswith("</", self.at):
            self._end()
        elif character == "<":
            self._start()
        elif character == "&":
            self._reference()
        else:
            self.out += character
            self.at += 1

    def _byte(self, position: int) -> int:
        return len(self.text[:position].encode(errors="surrogatepass"))

    def _reference(self) -> None:
        match = CHARACTER_REFERENCE.match(self.text, self.at)
        found = _decode_reference(match) if match else ""
        if match and found:
            self.out += found
            self.at = match.end()
        else:
            self.out += "&"
            self.at += 1

    def _start(self) -> None:
        begin = self.at
        match = START_TAG.match(self.text, begin)
        tag = match[1].lower() if match else ""
        self.at = begin + 1 + len(tag)
        if self.at >= len(self.text):
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            where = self._byte(begin)
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')
        self.open.append(_OpenTag(tag, attributes, count_utf16_units(self.out)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while (match := ATTRIBUTE.match(self.text, self.at)) is not None:
            self.at = match.end()
            name, value = match[1].lower(), match[2]
            if value is None and (tag, name) != ("blockquote", "expandable"):
                raise MarkupError(
                    "Expected equal sign in declaration of an attribute of the tag "
                    f'"{tag}" at byte offset {self._byte(begin)}'
                )
            found[name] = CHARACTER_REFERENCE.sub(
                lambda m: _decode_reference(m) or m[0], (value or "").strip("\"'")
            )
        closing = re.compile(r"\s*>").match(self.text, self.at)
        if closing is None:
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        self.at = closing.end()
        return found

    def _end(self) -> None:
        begin = self.at
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        match = END_TAG.match(self.text, begin)
        name = match[1].lower() if match else ""
        self.at = match.end() if match else begin + 2
        if not self.text.startswith(">", self.at):
            raise MarkupError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        if name not in ("", self.open[-1].tag):
            raise MarkupError(
                f"Unmatched end tag at byte offset {self._byte(begin)}, "
                f'expected "</{self.open[-1].tag}>", found "</{name}>"'
            )
        self._close(self.open.pop())

    def _close(self, opened: _OpenTag) -> None:
        length = count_utf16_units(self.out) - opened.offset
        if length == 0:
            return
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            entity["url"] = opened.attributes.get("href", "")
            if not re.match(r"(https?|tg|mailto|tel|ton):", entity["url"]):
                return
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)


def _decode_reference(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return NAMED_REFERENCES.get(name, "")
    code = int(hexadecimal, 16) if hexadecimal is not None else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""
