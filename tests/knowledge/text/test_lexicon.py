"""The words of the glossary that the analyser keeps whole, and those that name places."""

from __future__ import annotations

import pytest

from knowledge.text.concepts import Concept
from knowledge.text.glossary import Glossary
from knowledge.text.lexicon import (
    PROGRAMMES_FIELD,
    collect_korean_forms,
    collect_syllable_pairs,
    collect_user_words,
    find_place_terms,
    split_compound,
)
from knowledge.types import Language


def make_concept(*korean: str, vietnamese: tuple[str, ...] = (), field: str = "tax") -> Concept:
    return Concept({"ko": korean, "en": (), "vi": vietnamese}, field)


@pytest.mark.parametrize(
    ("form", "is_kept"),
    [
        ("자부담", True),
        ("물바", True),
        ("배", False),  # one syllable
        ("거절하다", False),  # a verb
        ("원산지 증명", False),  # two words
        ("FTA관세", False),  # not all Hangul
        ("수출바우처사업", False),  # longer than five syllables: Kiwi splits it
    ],
)
def test_short_korean_nouns_are_kept_whole(form: str, is_kept: bool) -> None:
    assert (form in set(collect_user_words([make_concept(form)]))) == is_kept


def test_a_compound_of_two_forms_is_split_unless_it_names_a_programme() -> None:
    parts = [make_concept("해외"), make_concept("유출")]
    assert "해외유출" not in set(collect_user_words([*parts, make_concept("해외유출")]))
    name = make_concept("해외유출", field=PROGRAMMES_FIELD)
    assert "해외유출" in set(collect_user_words([*parts, name]))


def test_a_compound_is_written_with_a_space_where_both_parts_are_forms() -> None:
    forms = collect_korean_forms([make_concept("해외", "유출"), make_concept("해외유")])
    assert forms == {"해외", "유출", "해외유"}
    assert list(split_compound("해외유출", forms)) == ["해외 유출"]
    assert list(split_compound("해외", forms)) == []


def test_vietnamese_forms_give_pairs_of_neighbouring_syllables_without_marks() -> None:
    concept = make_concept("환급", vietnamese=("hoàn thuế giá trị",))
    assert list(collect_syllable_pairs([concept])) == [
        ("hoan", "thue"), ("thue", "gia"), ("gia", "tri"),
    ]  # fmt: skip


def find_places(glossary: Glossary, text: str, language: Language) -> list[str]:
    return find_place_terms(text, language, glossary.place_terms[language], glossary.analyser)


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("베트남에 보내는 물류비", "ko", ["베트남"]),
        ("칠렌 어떻게 하나요", "ko", ["칠레"]),
        ("국내 물류비", "ko", []),
        ("freight to vietnam and chile", "en", ["chile", "vietnam"]),
        ("freight within korea", "en", []),
    ],
)
def test_a_text_names_places(
    text: str, language: Language, places: list[str], glossary: Glossary
) -> None:
    assert find_places(glossary, text, language) == places


def test_kiwi_is_not_asked_where_no_place_can_be(
    glossary: Glossary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glossary.analyser, "tokenise", lambda *_: pytest.fail("analysed"))
    assert find_places(glossary, "국내 물류비는 얼마까지 지원하나요?", "ko") == []
