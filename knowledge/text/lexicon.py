"""The words of the glossary that the analyser must keep whole, Korean nouns and Vietnamese pairs; and
those of a text that name places.

See docs/decisions/0048-split-korean-compounds-except-programme-names.md.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence, Set
from itertools import pairwise

from knowledge.text.concepts import Concept
from knowledge.text.terms import Analyser, split_syllables
from knowledge.types import Language

PROGRAMMES_FIELD = "programmes"  # the file whose rows are names of single programmes
# Longer Korean forms are compounds that Kiwi should split.
MAX_USER_WORD_SYLLABLES = 5  # tuned: see docs/parameters.md


def collect_user_words(concepts: Sequence[Concept]) -> Iterable[str]:
    """Short Korean nouns that Kiwi must keep as one word (자부담, 물바).

    A compound of two other forms (해외유출) is left out, so that it gives the same terms with and
    without its space; names of programmes (물류바우처) are kept, because they must not be confused.
    """
    forms = collect_korean_forms(concepts)
    for concept in concepts:
        is_name = concept.field == PROGRAMMES_FIELD
        for form in concept.forms["ko"]:
            if _is_short_noun(form) and (is_name or not any(split_compound(form, forms))):
                yield form


def collect_korean_forms(concepts: Sequence[Concept]) -> frozenset[str]:
    """Every Korean form of `concepts`."""
    return frozenset(form for concept in concepts for form in concept.forms["ko"])


def collect_syllable_pairs(concepts: Iterable[Concept]) -> Iterable[tuple[str, str]]:
    """The neighbouring syllables of Vietnamese forms, without marks."""
    for concept in concepts:
        for form in concept.forms["vi"]:
            yield from pairwise(split_syllables(form))


def split_compound(compound: str, forms: Set[str]) -> Iterable[str]:
    """`compound` written with a space, once for each place where both parts are in `forms`."""
    for middle in range(2, len(compound) - 1):
        if compound[:middle] in forms and compound[middle:] in forms:
            yield f"{compound[:middle]} {compound[middle:]}"


def find_place_terms(
    text: str, language: Language, places: Set[str], analyser: Analyser
) -> list[str]:
    """The terms in `text` that are among `places` (see `Glossary.place_terms`), each once."""
    if language == "ko" and not _may_name(text, places):
        return []  # so are two in three Korean sections, and nothing takes as long as Kiwi
    return sorted(places & set(analyser.tokenise(text, language)))


def _may_name(text: str, places: Set[str]) -> bool:
    """Whether the letters of one of `places` are in `text`: taken apart, because a particle joins the
    last syllable (칠렌 is 칠레 and ㄴ)."""
    letters = unicodedata.normalize("NFD", text)
    return any(unicodedata.normalize("NFD", place) in letters for place in places)


def _is_short_noun(form: str) -> bool:
    hangul = all("가" <= letter <= "힣" for letter in form)
    return hangul and 2 <= len(form) <= MAX_USER_WORD_SYLLABLES and not form.endswith("다")
