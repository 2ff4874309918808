"""Files of any format as a check sees them."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

from ingest.checks.reading import read_documents
from tests.ingest.checks.conftest import write_document

BODY = "## 무엇인가요?\n수출을 지원합니다.\n출처: https://a.kr (2026)\n\n## 언제인가요?\n봄입니다."


def test_lines_and_keys_have_their_numbers_in_the_file(tmp_path: Path) -> None:
    text = write_document(BODY, checked="2026-12-01")
    (tmp_path / "a.md").write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig")
    (one,), unread = read_documents(tmp_path)
    lines = text.splitlines()
    assert unread == [] and one.checked == date(2026, 12, 1)
    assert lines[one.keys["checked"] - 1] == "checked: 2026-12-01"
    assert [section.heading for section in one.sections] == ["무엇인가요?", "언제인가요?"]
    told = [line for section in one.sections for line in (*section.lines, *section.sources)]
    assert [lines[(line.number or 0) - 1] for line in told] == [line.text for line in told]
    assert [line.text for line in one.sections[0].lines] == ["수출을 지원합니다."]


def test_members_of_an_archive_and_other_formats_have_sections_without_lines(
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("a.md", write_document(BODY))
    page = "<html><body><h1>공고</h1><p>수출을 지원합니다.</p></body></html>"
    (tmp_path / "b.html").write_text(page, encoding="utf-8")
    (member, html), unread = read_documents(tmp_path)
    assert (unread, member.file, html.file) == ([], "all.zip/a.md", "b.html")
    assert member.sections[0].lines[0].number == 10
    assert html.sections[0].lines[0].number is None


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(write_document(BODY, checked="soon"), encoding="utf-8")
    (tmp_path / "b.md").write_text("", encoding="utf-8")
    documents, unread = read_documents(tmp_path)
    assert documents == ()
    assert [(one.level, one.file, one.remark.kind) for one in unread] == [
        ("error", "a.md", "no_day"),
        ("error", "b.md", "empty"),
    ]
