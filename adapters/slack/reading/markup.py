"""Slack's markup as the words that a person reads: names, addresses, emoji.

The rules are those of https://docs.slack.dev/messaging/formatting-message-text: `&`, `<` and `>` are
escaped in what people type, so that everything in angle brackets is a code of Slack's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.emoji import Emoji

UNKNOWN_PERSON, UNKNOWN_CHANNEL, UNKNOWN_GROUP = "동료", "채널", "그룹"

_CODE = re.compile(r"<([^<>]+)>")
_EMOJI_NAME = re.compile(r"(?<!\d):([0-9]+):|:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?://)?", re.IGNORECASE)
_SKIN_TONE = "::skin-tone-"
_FIRST_SKIN_TONE, _FIRST_REGIONAL_LETTER = 0x1F3FB - 2, 0x1F1E6  # Slack counts tones from 2 to 6


@dataclass(frozen=True, slots=True)
class SlackNames:
    """What the codes of a message stand for: people and channels by id, emoji by name."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    emoji: Mapping[str, str] = field(default_factory=dict)


NO_NAMES = SlackNames()


def read_mrkdwn(text: str, names: SlackNames = NO_NAMES) -> str:
    """Text without Slack's markup, as a person reads it. A person, channel or group without a known
    name is called by a plain word; an emoji that is not known stays as it was typed."""
    parts = _CODE.split(text)  # every second part is a code
    words = (
        _read_code(part, names) if number % 2 else unescape_text(read_emoji(part, names.emoji))
        for number, part in enumerate(parts)
    )
    return "".join(words).strip()


def unescape_text(text: str) -> str:
    """Text with Slack's three escaped characters as they are."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_emoji(text: str, known: Mapping[str, str]) -> str:
    """Text with the emoji that it names; `known` are those that the message itself explains."""
    done, position = "", 0
    while match := _EMOJI_NAME.search(text, position):
        name = match.group(1) or match.group(2)
        is_time = name.isdigit() and not match.group(1)  # 12:00:30
        sign = "" if is_time else known.get(name) or find_emoji(name)
        end = match.end() if sign else match.end() - 1  # its second colon may begin another name
        done += text[position : match.start()] + (sign or text[match.start() : end])
        position = end
    return done + text[position:]


def find_emoji(name: str) -> str:
    """The emoji that Slack calls `name`; "" if there is none of that name."""
    name, _, tone = name.partition(_SKIN_TONE)
    if re.fullmatch(r"flag-[a-z]{2}", name):
        return "".join(chr(_FIRST_REGIONAL_LETTER + ord(one) - ord("a")) for one in name[5:])
    code = f":{name}:"
    sign = Emoji.replace(code)
    if sign == code:
        return ""
    return sign + (chr(_FIRST_SKIN_TONE + int(tone)) if tone else "")


def render_link(address: str, label: str) -> str:
    """A link as words: its label, and its address unless the label says the same but for the scheme
    and a slash at the end."""
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not label:
        return bare
    return label if _is_same_address(label, address) else f"{label} ({bare})"


def _is_same_address(label: str, address: str) -> bool:
    if address.startswith("tel:"):
        return re.sub(r"[^\d+]", "", label) == re.sub(r"[^\d+]", "", address)
    return _trim_address(label) == _trim_address(address)


def _trim_address(address: str) -> str:
    return _SCHEME.sub("", address.strip()).rstrip("/")


def _read_code(code: str, names: SlackNames) -> str:
    sign, (name, _, label) = code[0], code[1:].partition("|")
    label = unescape_text(label)
    if sign == "@":
        return "@" + (names.people.get(name) or label.lstrip("@") or UNKNOWN_PERSON)
    if sign == "#":
        return "#" + (names.channels.get(name) or label.lstrip("#") or UNKNOWN_CHANNEL)
    if sign == "!":
        return _read_special_code(name, label)
    address, _, label = code.partition("|")
    return render_link(unescape_text(address), unescape_text(label))


def _read_special_code(name: str, label: str) -> str:
    """`<!here>`, `<!subteam^S1|@team>`, `<!date^1392734382^{date}^https://…|a day>`."""
    kind, *values = name.split("^")
    if kind == "subteam":
        return "@" + (label.lstrip("@") or UNKNOWN_GROUP)
    if kind == "date":
        return render_link(unescape_text(values[2]), label) if len(values) > 2 else label
    return label or f"@{kind}"
