"""Korean particles that agree with the word before them: "다낭으로", "호찌민으로", "KOTRA로"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.text.language import fold_diacritics

# How both forms are written in a phrase: the one after a consonant, the one after a vowel.
PAIRS: Mapping[str, tuple[str, str]] = {
    "(으)로": ("으로", "로"),
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "(이)라": ("이라", "라"),
}
_AFTER_VALUE = re.compile(
    rf"\{{(\w+)\}}([」』’”\"]*)({'|'.join(re.escape(pair) for pair in PAIRS)})"
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_LAST_WORD = re.compile(r"([^\W_]+)[\W_]*$")
_HANGUL_FIRST, _HANGUL_LAST, _ENDINGS, _RIEUL = 0xAC00, 0xD7A3, 28, 8
_CLOSED_DIGITS, _RIEUL_DIGITS = "013678", "178"  # 영 일 삼 육 칠 팔
_CLOSED_LETTERS, _RIEUL_LETTERS = "lmnr", "lr"  # 엘 엠 엔 알, of names that are spelled out
_SPELLED_LETTERS = 3  # an upper-case name of more letters, with a vowel, is read as a word
_CLOSED_WORD = re.compile(r"(?:[mnl]|ng|nh|[^aeiouy]le|(?<![aeiouy])[aeiouy][ckpt])$")
_RIEUL_WORD = re.compile(r"(?:l|[^aeiouy]le)$")


def agree_particles(template: str, values: Mapping[str, object]) -> str:
    """The Korean `template` with each pair of particles behind a `{name}` replaced by the one that
    agrees with that name's value."""
    return _AFTER_VALUE.sub(
        lambda match: f"{{{match[1]}}}{match[2]}{choose_particle(match[3], str(values[match[1]]))}",
        template,
    )


def choose_particle(pair: str, word: str) -> str:
    """The one of a pair of particles that agrees with the word before it."""
    closed, is_rieul = _read_ending(word)
    after_consonant, after_vowel = PAIRS[pair]
    return after_consonant if closed and not (is_rieul and pair == "(으)로") else after_vowel


def _read_ending(text: str) -> tuple[bool, bool]:
    """Whether a text ends in a consonant as Koreans read it, and whether that is ㄹ."""
    found = _LAST_WORD.search(_IN_BRACKETS.sub("", text) or text)
    if found is None:
        return False, False
    word = found[1]
    last = word[-1]
    if _HANGUL_FIRST <= ord(last) <= _HANGUL_LAST:
        ending = (ord(last) - _HANGUL_FIRST) % _ENDINGS
        return ending > 0, ending == _RIEUL
    if last.isdigit():
        return last in _CLOSED_DIGITS, last in _RIEUL_DIGITS
    folded = fold_diacritics(word)
    is_spelled = word.isupper() and (
        len(word) <= _SPELLED_LETTERS or not set(folded) & set("aeiou")
    )
    if is_spelled:
        return folded[-1] in _CLOSED_LETTERS, folded[-1] in _RIEUL_LETTERS
    return bool(_CLOSED_WORD.search(folded)), bool(_RIEUL_WORD.search(folded))
