"""`naru library check`: findings with their places, exit codes, and the shipped library itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.cli.conftest import RunCommand
from tests.ingest.checks.conftest import write_document

AS_OF = "2026-12-01T10:00+09:00"
KEYS = ["level", "kind", "file", "line", "section", "says"]
BODY = "## 무엇인가요?\n수출바우처는 수출 비용을 지원합니다."
# Errors of the shipped library that only its text can cure: the file and the kind.
KNOWN: set[tuple[str, str]] = set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "a.md").write_text(write_document(BODY, checked="2026-01-01"), encoding="utf-8")
    return folder


def test_warnings_are_told_and_are_no_failure(run: RunCommand, folder: Path) -> None:
    ran = run("library", "check", str(folder), "--as-of", AS_OF)
    assert (ran.code, ran.err) == (0, "")
    finding, counts = ran.out.splitlines()
    assert finding.startswith("warning  a.md:6: its sources were last read on 2026-01-01, 334 days")
    assert counts == "documents 1: error 0, warning 1, info 0"
    assert list(folder.parent.iterdir()) == [folder]  # neither a database nor anything else


def test_an_error_ends_with_one(run: RunCommand, folder: Path) -> None:
    wrong = write_document(BODY, id="b", supersedes="[gone]")
    (folder / "b.md").write_text(wrong, encoding="utf-8")
    ran = run("library", "check", str(folder), "--as-of", AS_OF, "--json")
    assert ran.code == 1 and list(ran.json) == ["documents", "counts", "findings"]
    assert (ran.json["documents"], ran.json["counts"]["error"]) == (2, 1)
    error = ran.json["findings"][0]
    assert list(error) == KEYS
    assert (error["level"], error["kind"], error["file"], error["line"]) == (
        "error", "unknown_id", "b.md", 6,
    )  # fmt: skip


def test_what_another_folder_or_the_shipped_library_has_may_be_named(
    run: RunCommand, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "old.md").write_text(write_document(BODY, id="old"), encoding="utf-8")
    names = write_document(BODY, id="b", supersedes="[old, certification-support]")
    (folder / "b.md").write_text(names, encoding="utf-8")
    assert run("library", "check", str(folder), "--as-of", AS_OF).code == 1
    also = ("--also", str(other))
    assert run("library", "check", str(folder), "--as-of", AS_OF, *also).code == 0


def test_the_age_the_language_and_the_information_are_chosen(run: RunCommand, folder: Path) -> None:
    young = run("library", "check", str(folder), "--as-of", AS_OF, "--max-age", "400")
    assert young.out == "documents 1: error 0, warning 0, info 0\n"
    korean = run("library", "check", str(folder), "--as-of", AS_OF, "--lang", "ko")
    assert "출처를 다시 읽고" in korean.out
    told = write_document(f"{BODY}\n출처: https://a.kr (날짜 없음)")
    (folder / "a.md").write_text(told, encoding="utf-8")
    assert "undated" not in run("library", "check", str(folder)).out
    assert "undated" in run("library", "check", str(folder), "--info").out


@pytest.mark.parametrize("wrong", [["nowhere"], [".", "--lang", "ja"], [".", "--max-age", "0"]])
def test_wrong_usage_says_what_to_write(run: RunCommand, wrong: list[str]) -> None:
    ran = run("library", "check", *wrong)
    assert ran.code in (1, 2) and ran.err.startswith("naru: ")


def test_every_document_of_the_shipped_library_passes(run: RunCommand) -> None:
    report = run("library", "check", "--as-of", AS_OF, "--json").json
    errors = {(one["file"], one["kind"]) for one in report["findings"] if one["level"] == "error"}
    assert report["documents"] > 300
    assert errors - KNOWN == set()
    assert KNOWN - errors == set(), "cured: take it out of KNOWN"
