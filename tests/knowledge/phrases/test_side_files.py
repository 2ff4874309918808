"""The side files of known questions: what is written, read, left out and used without embedding."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.bootstrap import App
from knowledge.errors import PhrasesBroken
from knowledge.phrases.phrase import Phrase, SectionName, identify_phrase
from knowledge.phrases.side_files import GeneratedSection, PhraseFiles, name_file, read_phrase_file
from knowledge.retrieval.library import EDITION_CHECK_SECONDS, Library
from tests.samples import small_library

LIMIT = SectionName("freight", ("나루 물류바우처", "물류비는 얼마까지 지원하나요?"))
ASKED = Phrase(LIMIT, "배 운임도 쳐주나요?", "asked")
GENERATED = Phrase(LIMIT, "Is sea freight paid?", "generated")


@pytest.fixture
def files(tmp_path: Path) -> PhraseFiles:
    return PhraseFiles(tmp_path / "phrases")


def test_approved_phrases_are_read_as_they_were_written_each_once(files: PhraseFiles) -> None:
    assert files.read_approved() == [] and files.describe_state() == ()
    other = Phrase(SectionName("debt", ("A", "B")), "Who: #collects? 'ours'", "asked")
    for phrase in (ASKED, GENERATED, other, replace(ASKED, text="배 운임도  쳐주나요")):
        files.add_approved(phrase)
    assert sorted(files.read_approved(), key=str) == sorted([ASKED, GENERATED, other], key=str)
    text = (files.folder / name_file("freight")).read_text(encoding="utf-8")
    assert text.startswith("# Known questions") and "배 운임도 쳐주나요?" in text
    assert "asked:" in text and "generated:" in text
    assert not list(files.folder.glob(".*"))  # nothing half written is left


def test_ids_that_look_alike_have_files_of_their_own(files: PhraseFiles) -> None:
    names = {name_file(id) for id in ("a/b", "a b", "../a", "안내문.hwp", "x" * 300)}
    assert len(names) == 5 and all("/" not in name and len(name) < 90 for name in names)


@pytest.mark.parametrize(
    "content",
    ["[", "- a", "document: d", "document: d\nsections: x", "document: d\nsections: [{asked: [a]}]",
     "document: d\nsections: [{heading: [a], asked: a}]", "document: 1\nsections: []", "\x00",
     "document: d\nsections: [{heading: [a], asked: [1]}]"],
)  # fmt: skip
def test_a_damaged_file_is_named_and_answers_go_on_without_it(
    files: PhraseFiles, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    files.add_approved(ASKED)
    broken = files.folder / "broken.yaml"
    broken.write_text(content, encoding="utf-8")
    with pytest.raises(PhrasesBroken, match=r"broken\.yaml"):
        read_phrase_file(broken)
    with pytest.raises(PhrasesBroken):
        files.read_approved()
    with caplog.at_level(logging.ERROR):
        app = small_library.make_app(small_library.prepare_data())
        passages = files.attach_phrases(app.library.get_current_edition().passages)
    found = [one.phrases for one in passages if one.document.id == "freight"]
    assert found == [(ASKED.text,), ()] and "broken.yaml" in caplog.text


def test_what_is_settled_is_remembered_without_its_words(files: PhraseFiles) -> None:
    id = identify_phrase(ASKED.section, ASKED.text)
    files.add_settled(id)
    files.add_settled(id)
    assert files.read_settled() == {id}
    assert "운임" not in (files.folder / "settled.txt").read_text(encoding="utf-8")


def test_a_models_proposals_replace_those_of_the_same_section(files: PhraseFiles) -> None:
    other = SectionName("freight", ("나루 물류바우처", "누가 신청할 수 있나요?"))
    for one in (GeneratedSection(LIMIT, "1", ("가",)), GeneratedSection(other, "2", ()),
                GeneratedSection(LIMIT, "3", ("나", "다"))):  # fmt: skip
        files.add_generated(one)
    assert files.read_generated() == [
        GeneratedSection(other, "2", ()), GeneratedSection(LIMIT, "3", ("나", "다")),
    ]  # fmt: skip
    assert files.read_approved() == []  # a proposal is not a known question


def test_an_approved_phrase_finds_its_section_at_once_and_nothing_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(small_library.prepare_data(), tmp_path / "data")
    app = small_library.make_app(tmp_path / "data")
    files, seconds = PhraseFiles(tmp_path / "data" / "phrases"), [0.0]
    library = _open_library(app, files, seconds)
    before = library.get_current_edition()
    assert before.letters.score_text(ASKED.text).similarity.max() < 0.9
    monkeypatch.setattr(app.embedder, "embed_passages", _refuse)
    files.add_approved(ASKED)
    assert library.get_current_edition() is before  # it is not looked up yet
    seconds[0] += EDITION_CHECK_SECONDS
    after = library.get_current_edition()
    similarity = after.letters.score_text(ASKED.text).similarity
    position = next(at for at, one in enumerate(after.passages) if one.phrases)
    assert int(similarity.argmax()) == after.translation_groups[position]
    assert similarity.max() == pytest.approx(1.0, abs=1e-5)
    assert after.number == before.number and ASKED.text not in after.passages[position].asked
    files.list_files()[0].unlink()
    seconds[0] += EDITION_CHECK_SECONDS
    assert not any(one.phrases for one in library.get_current_edition().passages)


def _open_library(app: App, files: PhraseFiles, seconds: list[float]) -> Library:
    return Library(
        app.catalogue, app.vector_store, app.embedder, app.glossary, lambda: seconds[0], files
    )


def _refuse(*_: object) -> None:
    raise AssertionError("a text was embedded")
