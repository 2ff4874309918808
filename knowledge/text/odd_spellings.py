"""Reads numbers that are written in other ways than on a card: in full-width or spelled digits, over
the end of a line, with words or markup between their groups.

Each character that is read knows its place in the text, so that the text itself can be masked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣ーㅡ⁻₋ˉ˗⁃﹘⸺⸻─━➖ｰ"), "-")
_SPACE_CODES = (
    0x09, 0x0B, 0x0C, 0xA0, 0x115F, 0x1160, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x2800,
    0x3000, 0x3164, 0xFFA0,
)  # fmt: skip
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_STARS = dict.fromkeys(map(ord, "●○◯∗＊※•"), "*")
_SPACES = dict.fromkeys(_SPACE_CODES, " ")
_TO_ASCII = str.maketrans({**_FULL_WIDTH, **HYPHENS, **_SPACES, **_STARS, "〜": "~"})

# What is not seen, and marks above, below and around a digit.
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e0fff]|(?<=\d)[\u0300-\u036f]+|[\u20dd-\u20e4]"
)
# A letter with the vowels, final consonants and accents that macOS writes after it.
_DECOMPOSED = re.compile(r"[^\W\d_][\u0300-\u036f\u1161-\u11ff]+")
# Digits that are signs, and digits that are spelled: so many together are a number.
_SPELLED = dict(zip("공영빵일이삼사오육륙칠팔구", "0001234566789", strict=True))
_SPELLED_DIGIT = f"[{''.join(_SPELLED)}]"
_ODD_DIGITS = re.compile(
    "[¹²³⁰⁴-⁹₀-₉⓪①-⑨⓿❶-❾➀-➈➊-➒⓵-⓽]{3,}"
    rf"|{_SPELLED_DIGIT}{{6,}}?(?=이(?!{_SPELLED_DIGIT})[가-힣])|{_SPELLED_DIGIT}{{6,}}"  # "…육칠이에요"
)
_IS_ODD = re.compile(
    f"[{''.join(map(chr, _TO_ASCII))}]|"
    + "|".join(one.pattern for one in (_UNSEEN, _DECOMPOSED, _ODD_DIGITS))
)

# What stands between the groups of a number, or around it as markup. Groups of thousands are none.
_JOINT = re.compile(
    r"(?<=\d)(?!,\d{3}(?!\d))(?P<between>"
    r"\*{0,2}(?:[^\w*]|_){1,6}\*{0,2}|\s{0,2}(?:다시|대시|하이픈|에|의|の|dash|hyphen|gạch(?: ngang| nối)?)\s{0,2}"
    r")(?=\d)"
    r"""|(?<![\w*])[*_~`"'(\[<|]{1,2}(?=\d)|(?<=\d)[*_~`"')\]>|]{1,2}(?![\w*])""",
    re.IGNORECASE,
)
_PLAIN_JOINTS = frozenset(" -~·_./")  # as the rules read them
_PARAGRAPH = re.compile(r"\n\s*\n")
_HYPHEN = re.compile(r"[^\n]*(?:[-~]|다시|대시|하이픈|dash|hyphen|gạch)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text as it is read. `places` are where each of its characters begins in the text as it is
    written, and where that ends."""

    text: str
    places: Sequence[int]


def is_odd(text: str) -> bool:
    """Whether `fold_text` may read `text` otherwise than as it is written."""
    return not text.isascii() and _IS_ODD.search(text) is not None


def strip_unseen(text: str) -> str:
    """`text` without characters that people do not see and programs read: of no width, tags, marks of
    direction, variants."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def fold_text(text: str) -> Spelling:
    """`text` composed, without invisible characters, and in ASCII where it has other digits, full-width
    letters, hyphens and spaces."""
    if text.isascii():
        return Spelling(text, range(len(text) + 1))
    pieces = (
        list(_compose(text))
        if _DECOMPOSED.search(text)
        else list(zip(text, range(len(text)), strict=True))
    )
    seen = "".join(letter for letter, _ in pieces)
    places = [at for _, at in pieces]
    for unseen in reversed(list(_UNSEEN.finditer(seen))):
        del places[unseen.start() : unseen.end()]
    plain = _ODD_DIGITS.sub(_read_digits, _UNSEEN.sub("", seen).translate(_TO_ASCII))
    if any(letter.isdecimal() and not letter.isascii() for letter in plain):
        plain = "".join(
            str(int(letter)) if letter.isdecimal() and not letter.isascii() else letter
            for letter in plain
        )
    return Spelling(plain, [*places, len(text)])


def join_groups(spelling: Spelling) -> Spelling | None:
    """The same with one sign for what stands between the groups of a number: a hyphen for a hyphen or its
    name, a space for anything else. None if nothing does."""
    parts, places, end = list[str](), list[int](), 0
    for joint in _JOINT.finditer(spelling.text):
        sign = _read_joint(joint["between"]) if joint["between"] else " "
        if sign != joint.group():
            parts += [spelling.text[end : joint.start()], sign]
            places += [
                *spelling.places[end : joint.start()],
                *[spelling.places[joint.start()]] * len(sign),
            ]
            end = joint.end()
    if not parts:
        return None
    return Spelling("".join([*parts, spelling.text[end:]]), [*places, *spelling.places[end:]])


def _read_joint(written: str) -> str:
    if written in _PLAIN_JOINTS or _PARAGRAPH.search(written):
        return written
    return "-" if _HYPHEN.match(written) else " "


def _compose(text: str) -> Iterator[tuple[str, int]]:
    """The letters of `text`, composed, each with where it begins."""
    end = 0
    for found in _DECOMPOSED.finditer(text):
        yield from zip(text[end : found.start()], range(end, found.start()), strict=True)
        for letter in unicodedata.normalize("NFC", found.group()):
            yield letter, found.start()
        end = found.end()
    yield from zip(text[end:], range(end, len(text)), strict=True)


def _read_digits(found: re.Match[str]) -> str:
    return "".join(_SPELLED.get(one) or str(unicodedata.digit(one)) for one in found.group())
