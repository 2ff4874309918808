"""Numbers that Hangul and Word show before paragraphs but do not store in their text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

_SYLLABLES = "가나다라마바사아자차카타파하"
_LETTERS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_DIGITS = "일이삼사오육칠팔구"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """The format of one level of a numbering: a template like "^1.", the kind of digits, and the
    first number."""

    text: str
    digits: str
    first: int


class Numbering:
    """Counts the numbered paragraphs of one document by numbering and level (from 0)."""

    def __init__(self, forms: Mapping[tuple[str, int], NumberFormat]) -> None:
        self._forms = forms
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def next_label(self, numbering: str, level: int) -> str:
        """The label of the next paragraph: "1.", "가.", "(1)"; "" for an unknown numbering."""
        if (numbering, level) not in self._forms:
            return ""
        form = self._forms[numbering, level]
        counts = self._counts[numbering]
        counts[level] = counts.get(level, form.first - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return re.sub(
            r"\^(\d)", lambda match: self._format_level(numbering, int(match[1]) - 1), form.text
        )

    def _format_level(self, numbering: str, level: int) -> str:
        form = self._forms.get((numbering, level), NumberFormat("", "DIGIT", 1))
        return format_number(self._counts[numbering].get(level, form.first), form.digits)


def format_number(number: int, form: str) -> str:
    """A number in a form named as in HWPX; in digits if the form is unknown or has no such number."""
    if form == "HANGUL_SYLLABLE" and number <= len(_SYLLABLES):
        return _SYLLABLES[number - 1]
    if form == "HANGUL_JAMO" and number <= len(_LETTERS):
        return _LETTERS[number - 1]
    if form == "HANGUL_PHONETIC" and number <= len(_DIGITS):
        return _DIGITS[number - 1]
    if form == "CIRCLED_DIGIT" and number <= 20:
        return chr(0x2460 + number - 1)
    if form == "CIRCLED_HANGUL_SYLLABLE" and number <= len(_SYLLABLES):
        return chr(0x326E + number - 1)
    if form.startswith("LATIN") and number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if "SMALL" in form else letter.upper()
    if form.startswith("ROMAN") and number < 40:
        return _format_roman(number) if "SMALL" in form else _format_roman(number).upper()
    return str(number)


def _format_roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text
