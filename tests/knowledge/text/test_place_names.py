"""The places that a text names."""

from __future__ import annotations

import pytest

from knowledge.text.glossary import Glossary
from knowledge.text.place_names import find_place_terms
from knowledge.types import Language


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
    assert find_place_terms(glossary, text, language) == places


def test_kiwi_is_not_asked_where_no_place_can_be(
    glossary: Glossary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glossary.analyser, "tokenise", lambda *_: pytest.fail("analysed"))
    assert find_place_terms(glossary, "국내 물류비는 얼마까지 지원하나요?", "ko") == []
