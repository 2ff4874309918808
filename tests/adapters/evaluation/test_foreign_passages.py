"""Foreign documents from a folder, from lines and made up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from adapters.errors import CommandFailed
from adapters.evaluation.foreign_passages import write_foreign_documents
from knowledge.text.language import detect_language
from tests.samples import small_library


def read_sections(folder: Path) -> list[tuple[str, str]]:
    """The language of each section, and its heading."""
    found = []
    for path in sorted(folder.glob("*.md")):
        for section in path.read_text(encoding="utf-8").split("\n## ")[1:]:
            found.append((path.name.split(".")[1], section.partition("\n")[0]))
    return found


def test_made_up_notices_have_the_number_asked_for_and_three_languages(tmp_path: Path) -> None:
    sections = read_sections(write_foreign_documents("301", tmp_path))
    assert len(sections) == 301
    counts = Counter(language for language, _ in sections)
    assert counts["ko"] > counts["en"] > counts["vi"] > 0
    assert {language for language, _ in sections} == {
        detect_language(path.read_text(encoding="utf-8").partition("\n# ")[2])
        for path in tmp_path.glob("*.md")
    }


def test_they_are_the_same_in_every_run(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_foreign_documents("20", tmp_path / name)
    one, other = ([p.read_bytes() for p in sorted((tmp_path / n).iterdir())] for n in "ab")
    assert one == other


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert write_foreign_documents(str(tmp_path), tmp_path / "unused") == tmp_path


def test_each_line_becomes_a_document_that_is_read(tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text(
        '{"text": "등대는\\n밤마다 켜집니다.", "title": "등대: \\"빛\\""}\n{"text": "A pier is long."}\n'
    )
    (tmp_path / "out").mkdir()
    folder = write_foreign_documents(str(lines), tmp_path / "out")
    app = small_library.make_app(tmp_path / "data")
    plan = app.ingest.plan([folder])
    app.engine.dispose()
    documents = {version.document.id: version for version in plan.versions()}
    assert not plan.skipped and set(documents) == {"foreign-00001", "foreign-00002"}
    first, second = documents["foreign-00001"], documents["foreign-00002"]
    assert first.document.title == '등대: "빛"' and first.passages[0].text.startswith(
        "등대는 밤마다"
    )
    assert (first.document.language, second.document.language) == ("ko", "en")


@pytest.mark.parametrize(
    ("source", "says"),
    [("nowhere", "no folder"), ("0", "no folder"), ("-5", "no folder"), ("{lines}", "line 2")],
)
def test_anything_else_is_a_sentence(tmp_path: Path, source: str, says: str) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"text": "a"}\n["text"]\n')
    with pytest.raises(CommandFailed, match=says):
        write_foreign_documents(source.format(lines=lines), tmp_path)
