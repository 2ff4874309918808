"""The texts that the passages of an edition are found by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue, open_engine
from knowledge.retrieval import known_questions
from knowledge.retrieval.counts.edition_counts import count_edition
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import (
    build_index_text,
    compute_text_key,
    ensure_wordings,
    list_indexed_texts,
    list_known_questions,
)
from knowledge.types import Document, Passage

KOREAN = Document(id="a", title="물류", issuer="", language="ko", url="")
ENGLISH = replace(KOREAN, id="a-en", title="Freight", language="en", translation_of="a")
ALONE = replace(KOREAN, id="b", title="환급")


def make_passage(document: Document, heading: str, ord: int = 0, **texts: tuple[str, ...]) -> Passage:  # fmt: skip
    path = (document.title, heading) if heading else (document.title,)
    return Passage(document, ord, path, f"{document.id} text {ord}", f"sha-{document.id}{ord}", **texts)  # type: ignore[arg-type]  # fmt: skip


PASSAGES = (
    make_passage(KOREAN, "얼마까지 지원하나요?", asked=("how much is it",), unanswered=("번호 알려주세요",)),
    make_passage(KOREAN, "①", 1),
    make_passage(ENGLISH, "How much?"),
    make_passage(ALONE, "", asked=("환급 되나요",)),
)  # fmt: skip


def test_known_questions_are_headings_other_wordings_and_unanswerable_ones_in_order() -> None:
    listed = [(q.position, q.text, q.language, q.is_answered) for q in list_known_questions(PASSAGES)]  # fmt: skip
    assert listed == [
        (0, "얼마까지 지원하나요?", "ko", True),
        (0, "how much is it", "en", True),
        (0, "번호 알려주세요", "ko", False),
        (2, "How much?", "en", True),
        (3, "환급 되나요", "ko", True),
    ]


def test_an_edition_is_found_by_its_passages_and_then_by_their_known_questions() -> None:
    every = list_indexed_texts(PASSAGES)
    texts = [one for one in every if one.kind in ("passage", "question")]
    assert [one.position for one in texts] == [0, 1, 2, 3, 0, 0, 0, 2, 3]
    assert [one.text for one in texts[:4]] == [build_index_text(one) for one in PASSAGES]
    assert [one.question for one in texts[:4]] == [None] * 4
    assert [one.question for one in texts[4:]] == list_known_questions(PASSAGES)


def test_an_edition_knows_in_which_languages_each_group_can_be_read() -> None:
    terms = {compute_text_key(one.text): one.text.split() for one in list_indexed_texts(PASSAGES)}
    edition = Edition(1, PASSAGES, count_edition(PASSAGES, terms), None)
    readable = {one: groups.tolist() for one, groups in edition.group_languages.items()}
    assert edition.translation_groups.tolist() == [0, 1, 0, 2]
    assert readable == {"ko": [True, True, True], "en": [True, False, False], "vi": [False] * 3}


def test_wordings_are_read_once_and_kept_without_personal_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalogue(open_engine(f"sqlite:///{tmp_path / 'naru.db'}"))
    asked = "제 번호는 010-1234-5678 입니다"
    passages = [*PASSAGES, make_passage(ALONE, "", 1, asked=(asked, "hoàn thuế thế nào"))]
    fresh = list_indexed_texts(passages)
    assert list_indexed_texts(passages, ensure_wordings(catalogue, passages)) == fresh
    monkeypatch.setattr(known_questions, "read_wording", None)  # nothing is read again
    assert list_indexed_texts(passages, ensure_wordings(catalogue, passages)) == fresh
    assert not any("1234" in one.text for one in fresh)
    assert b"010-1234" not in (tmp_path / "naru.db").read_bytes()
    with pytest.raises(TypeError):
        ensure_wordings(catalogue, PASSAGES[:1])  # other wordings are
