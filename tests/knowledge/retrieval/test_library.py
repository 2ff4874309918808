"""The active edition stays open until another one is made active."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.settings import Settings
from knowledge.decision.confidence import ConfidenceModel
from knowledge.embedding.embedder import SHIPPED_MODEL
from knowledge.errors import LibraryMissing, LibraryStale
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import build_place_text, list_names
from knowledge.retrieval.library import EDITION_CHECK_SECONDS, Library
from knowledge.text import terms
from knowledge.text.glossary import Glossary
from knowledge.types import Question
from tests.samples import small_library


@pytest.fixture
def copied(tmp_path: Path) -> App:
    shutil.copytree(small_library.prepare_data(), tmp_path / "data")
    return small_library.make_app(tmp_path / "data")


def test_an_edition_holds_every_document_in_its_language(edition: Edition) -> None:
    assert set(edition.documents) == set(small_library.DOCUMENTS)
    assert set(edition.language_indexes) == {"ko", "en", "vi"}


def test_translations_are_one_group(edition: Edition) -> None:
    where = {
        (p.document.id, p.ord): int(g)
        for p, g in zip(edition.passages, edition.translation_groups, strict=True)
    }
    assert where["freight", 0] == where["freight-en", 0] != where["freight", 1]
    assert where["freight", 1] == where["freight-en", 1]


def test_a_document_is_in_force_from_its_first_to_its_last_day(edition: Edition) -> None:
    certificate = edition.documents["certificate"]
    days = ["2026-03-01", "2026-03-02", "2026-03-31", "2026-04-01"]
    assert [edition.is_in_force(certificate, date.fromisoformat(day)) for day in days] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_superseded_document_is_not_in_force(edition: Edition) -> None:
    assert not edition.is_in_force(edition.documents["freight-2025"], small_library.NOW.date())
    assert edition.is_in_force(edition.documents["freight"], small_library.NOW.date())


def test_an_empty_library_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="naru ingest"):
        small_library.make_app(tmp_path).library.get_current_edition()


def test_the_open_edition_is_kept_until_another_one_answers(copied: App, tmp_path: Path) -> None:
    seconds = [0.0]
    library = Library(
        copied.catalogue, copied.vector_store, copied.embedder, copied.glossary, lambda: seconds[0]
    )
    first = library.get_current_edition()
    assert library.get_current_edition() is first
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "new.md").write_text("# 새 문서\n\n## 무엇인가요?\n새 글입니다.\n")
    other = small_library.make_app(tmp_path / "data")  # as another process would
    other.ingest.apply(other.ingest.plan([tmp_path / "more"]), note="more", now=small_library.NOW)
    assert library.get_current_edition() is first  # it is not looked up yet
    seconds[0] += EDITION_CHECK_SECONDS
    assert library.get_current_edition().number == first.number + 1
    assert "new.md" in library.get_current_edition().documents
    other.catalogue.activate_edition(first.number)
    library.forget_check()  # as who made the edition may ask
    assert "new.md" not in library.get_current_edition().documents


def test_another_models_vectors_are_refused_with_the_remedy(copied: App, tmp_path: Path) -> None:
    with pytest.raises(LibraryStale, match=rf"made by {SHIPPED_MODEL}.*naru reindex"):
        App(
            Settings(data=tmp_path / "data", embedder="another/model", _env_file=None)
        ).library.get_current_edition()


def test_each_passage_has_a_vector_and_no_known_question_has(edition: Edition) -> None:
    assert edition.vector_index is not None
    assert edition.vector_index.positions.tolist() == list(range(len(edition.passages)))


def test_the_next_process_need_not_analyse_the_glossary(
    copied: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied.library.get_current_edition()
    monkeypatch.setattr(Glossary, "analyse_spelling", lambda *_: pytest.fail("analysed again"))
    other = small_library.make_app(tmp_path / "data")
    assert len(other.library.get_current_edition().passages) > 0


def test_a_question_without_korean_is_answered_without_kiwi(
    copied: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a section is judged by was analysed when the edition was made, whatever its language."""
    copied.library.get_current_edition()
    monkeypatch.setattr(terms, "_load_kiwi", lambda *_: pytest.fail("Kiwi was loaded"))
    other = small_library.make_app(tmp_path / "data")
    asked = Question("How much freight to Vietnam is paid?", "en", small_library.NOW)
    hits = other.retriever.search(other.library.get_current_edition(), asked)
    scored = ConfidenceModel().score_hits(asked, hits)
    assert {one.hit.matched_passage.document.language for one in scored} >= {"ko", "en"}


def test_a_section_is_judged_by_its_names_and_the_places_in_it(copied: App) -> None:
    edition, glossary = copied.library.get_current_edition(), copied.glossary
    for position, passage in enumerate(edition.passages):
        language = passage.document.language
        names, places = edition.find_section_terms(position)
        read = [glossary.tokenise_question(name, language) for name in list_names(passage)]
        assert names == frozenset(term for terms_of_name in read for term in terms_of_name)
        whole = glossary.analyser.tokenise(build_place_text(passage), language)
        assert places == glossary.place_terms[language].intersection(whole)
