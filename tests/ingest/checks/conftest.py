"""A small folder of documents, and what a check finds in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingest.checks.check import check_library
from ingest.checks.reading import read_documents
from ingest.checks.types import CheckContext, CheckFinding

TODAY = date(2026, 12, 1)
KNOWN = frozenset({"shipped-one"})

CheckFolder = Callable[..., list[CheckFinding]]


def write_document(
    body: str, *, id: str = "voucher", title: str = "수출바우처", language: str = "ko", **front: str
) -> str:
    """The text of a document with one section per `## ` of `body`, published on a day."""
    declared = {"id": id, "title": title, "language": language, "published": "2026-02-03", **front}
    lines = "\n".join(f"{key}: {value}" for key, value in declared.items())
    return f"---\n{lines}\n---\n# {title}\n\n{body}\n"


@pytest.fixture
def check_folder(tmp_path: Path) -> CheckFolder:
    """Writes documents by file name, checks them, and returns the findings of a kind."""

    def check(kind: str, **files: str) -> list[CheckFinding]:
        folder = tmp_path / "documents"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name.replace('_', '.')}.md").write_text(text, encoding="utf-8")
        documents, unread = read_documents(folder)
        found = [*unread, *check_library(documents, CheckContext(TODAY, KNOWN))]
        return [one for one in found if one.remark.kind == kind]

    return check
