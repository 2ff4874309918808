"""Checks whether a passage supports a sentence: figures, names, links, negations and words."""

from __future__ import annotations

import re
import unicodedata

from knowledge.answering.figures import find_figures
from knowledge.answering.model.identifiers import find_identifiers, mask_identifiers
from knowledge.text.language import detect_language
from knowledge.text.terms import Analyser
from knowledge.types import Language, Passage

# Share of a sentence's terms, figures aside, that its passage must have.
MIN_SHARED_TERMS_RATIO = 0.75  # tuned: see docs/parameters.md

# Anything else that a messenger would turn into a link, and remains of tokens.
_LINK_LIKE = re.compile(  # TP.HCM is a city
    r"\w://|\bwww\.|mailto:|@\w|[a-z0-9-](?<!\btp)\.(?:한국|xn--|[a-z]{2,}(?![a-z]))"
    r"|[{}]|\b(?:link|mail|handle|number|phone|text)-\d",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"\s*(?:[|•*-]|\d+[.)])\s?")  # a row of a table or list stands by itself
_NEGATION = {
    "ko": re.compile(
        r"않|없|아니|못|불가|제외|금지|(?<![가-힣])안 |마십시오|마세요|말아야"
        r"|마감(?!일|은 |이 )|종료|중단|끝났|끝난"
    ),
    "en": re.compile(
        r"\b(not|no|never|cannot|without|except|excluded|neither|nor|closed|ended|expired"
        r"|suspended|stopped)\b|n't\b",
        re.IGNORECASE,
    ),
    "vi": re.compile(
        r"\b(không|chưa|chẳng|ngoại trừ|cấm|đã đóng|kết thúc|hết hạn|dừng)\b", re.IGNORECASE
    ),
}


def is_supported(sentence: str, passage: Passage, language: Language, analyser: Analyser) -> bool:
    """Whether `passage` has every figure, name, link, telephone number and negation of `sentence`
    and most of its words.

    False where the sentence or the passage is not in `language`.
    See docs/decisions/0039-hide-links-and-numbers-from-models-behind-tokens.md.
    """
    identifiers, sentence = find_identifiers(sentence), mask_identifiers(sentence)
    source = passage.text_with_headings
    relevant = _drop_unrelated_items(sentence, source, language, analyser)
    return (
        detect_language(sentence) == language == passage.document.language
        and identifiers <= find_identifiers(relevant)
        and not _LINK_LIKE.search(unicodedata.normalize("NFKC", sentence))
        and find_figures(sentence) <= find_figures(relevant)
        and _has_known_names(sentence, source, language, analyser)
        and _compute_shared_ratio(sentence, source, len(identifiers), language, analyser)
        >= MIN_SHARED_TERMS_RATIO
        and _has_same_negation(sentence, source, language, analyser)
    )


def _drop_unrelated_items(
    sentence: str, source: str, language: Language, analyser: Analyser
) -> str:
    """`source` without its table rows and list items, except the one nearest to the sentence."""
    lines = source.split("\n")
    items = [line for line in lines if _LIST_ITEM.match(line)]
    if not items:
        return source
    nearest = _find_nearest_line(sentence, items, language, analyser)
    return "\n".join(line for line in lines if line == nearest or line not in items)


def _has_known_names(sentence: str, source: str, language: Language, analyser: Analyser) -> bool:
    """Whether `source` has every name; Korean compounds with or without their spaces."""
    known = set(analyser.tokenise(source, language))
    joined = "".join(source.split()).lower()
    return all(
        name in known or (language == "ko" and name in joined)
        for name in analyser.find_names(sentence, language)
    )


def _compute_shared_ratio(
    sentence: str, source: str, identifier_count: int, language: Language, analyser: Analyser
) -> float:
    """The share (0 to 1) of the sentence's terms that `source` has.

    Figures do not count, because "30%" and "30 percent" are different terms; each identifier
    counts as a shared term.
    """
    terms = [term for term in analyser.tokenise(sentence, language) if not term[0].isdigit()]
    known = set(analyser.tokenise(source, language))
    shared = identifier_count + sum(term in known for term in terms)
    total = identifier_count + len(terms)
    return shared / total if total else 0.0


def _has_same_negation(sentence: str, source: str, language: Language, analyser: Analyser) -> bool:
    """Whether the sentence is negated, or says that something has ended, exactly where the
    nearest sentence of `source` does."""
    candidates = [line for line in re.split(r"(?<=[.!?])\s+|\n", source) if line.strip()]
    nearest = _find_nearest_line(sentence, candidates, language, analyser)
    negation = _NEGATION[language]
    return bool(negation.search(sentence)) == bool(negation.search(nearest))


def _find_nearest_line(
    sentence: str, lines: list[str], language: Language, analyser: Analyser
) -> str:
    """The one of `lines` (at least one) that shares most terms with the sentence."""
    terms = set(analyser.tokenise(sentence, language))
    return max(lines, key=lambda line: len(terms & set(analyser.tokenise(line, language))))
