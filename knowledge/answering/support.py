"""Does a sentence rest on its passage? Figures, names, links, negations and words, one by one."""

from __future__ import annotations

import re
import unicodedata

from knowledge.answering.figures import find_figures
from knowledge.answering.identifiers import find_identifiers, mask_identifiers
from knowledge.text.language import detect_language
from knowledge.text.terms import Analyser
from knowledge.types import Language, Passage

MIN_SHARED_TERMS_RATIO = 0.75  # share of a sentence's terms that its passage must have

# Anything else a messenger would make a link of, and what is left of a token.
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
    """Whether every figure, name and negation of `sentence`, and most of its words, stand in
    `passage`; its links, telephone numbers and the like to the letter. A sentence in another
    language than `language` is not."""
    named, sentence = find_identifiers(sentence), mask_identifiers(sentence)
    source = passage.text_with_headings
    about = _drop_unrelated_items(sentence, source, language, analyser)
    return (
        detect_language(sentence) == language == passage.document.language
        and named <= find_identifiers(about)
        and not _LINK_LIKE.search(unicodedata.normalize("NFKC", sentence))
        and find_figures(sentence) <= find_figures(about)
        and _has_known_names(sentence, source, language, analyser)
        and _compute_shared_ratio(sentence, source, len(named), language, analyser)
        >= MIN_SHARED_TERMS_RATIO
        and _has_same_negation(sentence, source, language, analyser)
    )


def _drop_unrelated_items(
    sentence: str, source: str, language: Language, analyser: Analyser
) -> str:
    """`source` without the rows and list items that are about something else."""
    lines = source.split("\n")
    items = [line for line in lines if _LIST_ITEM.match(line)]
    if not items:
        return source
    nearest = _find_nearest_line(sentence, items, language, analyser)
    return "\n".join(line for line in lines if line == nearest or line not in items)


def _has_known_names(sentence: str, source: str, language: Language, analyser: Analyser) -> bool:
    """A compound may be written with spaces in the one and without them in the other."""
    known = set(analyser.tokenise(source, language))
    together = "".join(source.split()).lower()
    return all(
        name in known or (language == "ko" and name in together)
        for name in analyser.find_names(sentence, language)
    )


def _compute_shared_ratio(
    sentence: str, source: str, named: int, language: Language, analyser: Analyser
) -> float:
    """Figures aside: "30%" and "30 percent" are different words. Of what is `named` each counts
    as a word that both have."""
    said = [term for term in analyser.tokenise(sentence, language) if not term[0].isdigit()]
    known = set(analyser.tokenise(source, language))
    both = named + sum(term in known for term in said)
    return both / (named + len(said)) if named or said else 0.0


def _has_same_negation(sentence: str, source: str, language: Language, analyser: Analyser) -> bool:
    """The sentence says no, or that something is over, exactly where the source's nearest
    sentence does."""
    candidates = [line for line in re.split(r"(?<=[.!?])\s+|\n", source) if line.strip()]
    nearest = _find_nearest_line(sentence, candidates, language, analyser)
    says_no = _NEGATION[language]
    return bool(says_no.search(sentence)) == bool(says_no.search(nearest))


def _find_nearest_line(
    sentence: str, lines: list[str], language: Language, analyser: Analyser
) -> str:
    """The one of `lines` that has most of the sentence's words."""
    said = set(analyser.tokenise(sentence, language))
    return max(lines, key=lambda line: len(said & set(analyser.tokenise(line, language))))
