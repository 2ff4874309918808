"""Does a sentence rest on its passage? Numbers, dates, amounts, names and negations, word by word."""

from __future__ import annotations

import re

from knowledge.figures import figures
from knowledge.language import detect
from knowledge.terms import Analyser
from knowledge.types import Language, Passage

SHARED = 0.6  # share of a sentence's terms that its passage must have

_URL = re.compile(r"https?://\S+|www\.\S+|\b[\w.-]+\.(?:com|kr|org|net|gov|io|vn|me)\b(?:/\S*)?")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_NAME = re.compile(
    r"\b[A-Z][A-Za-z&-]*[A-Z0-9][A-Za-z0-9&-]*\b|\b(?<![.!?] )(?<!^)[A-Z][a-z]{2,}\b"
)
_NOT = {
    "ko": re.compile(r"않|없|아니|못|불가|제외|금지|(?<![가-힣])안 "),
    "en": re.compile(
        r"\b(not|no|never|cannot|without|except|excluded|neither|nor)\b|n't\b", re.IGNORECASE
    ),
    "vi": re.compile(r"\b(không|chưa|chẳng|ngoại trừ|cấm)\b", re.IGNORECASE),
}


def supported(sentence: str, passage: Passage, language: Language, analyser: Analyser) -> bool:
    """Whether every figure, name, link and negation of `sentence`, and most of its words, stand
    in `passage`. A sentence in another language than `language` is not."""
    source = "\n".join([*passage.heading, passage.text])
    return (
        detect(sentence) == language == passage.document.language
        and not (_URL.search(sentence) or _MAIL.search(sentence))
        and figures(sentence) <= figures(source)
        and _names(sentence) <= _names(source) | set(source.lower().split())
        and _shared(sentence, source, language, analyser) >= SHARED
        and _negated_alike(sentence, source, language, analyser)
    )


def _names(text: str) -> set[str]:
    return {name.lower() for name in _NAME.findall(text)} | {
        word.lower() for word in re.findall(r"[A-Za-z]+", text) if word[:1].isupper()
    }


def _shared(sentence: str, source: str, language: Language, analyser: Analyser) -> float:
    said = analyser.terms(sentence, language)
    known = set(analyser.terms(source, language))
    return sum(term in known for term in said) / len(said) if said else 0.0


def _negated_alike(sentence: str, source: str, language: Language, analyser: Analyser) -> bool:
    """The sentence says no exactly where the source's nearest sentence does."""
    said = set(analyser.terms(sentence, language))
    candidates = [line for line in re.split(r"(?<=[.!?])\s+|\n", source) if line.strip()]
    nearest = max(candidates, key=lambda line: len(said & set(analyser.terms(line, language))))
    says_no = _NOT[language]
    return bool(says_no.search(sentence)) == bool(says_no.search(nearest))
