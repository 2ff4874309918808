"""A rollback brings back every answer, to the byte."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from knowledge.evaluation.exam import list_exam_files, read_exam
from tests.adapters.cli.conftest import AS_OF, RunCommand
from tests.samples import small_library


def write_batch(folder: Path, questions: Iterable[str]) -> str:
    """The questions as a file for `naru ask --batch`."""
    lines = [json.dumps({"id": id, "question": one}) for id, one in enumerate(questions)]
    (folder / "batch.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return str(folder / "batch.jsonl")


@pytest.mark.usefixtures("own_library")
def test_after_an_ingest_and_a_rollback_every_answer_is_what_it_was(
    run: RunCommand, tmp_path: Path
) -> None:
    documents = small_library.write_documents(tmp_path / "documents")
    headings = [line.removeprefix("## ") for path in sorted(documents.glob("*.md"))
                for line in path.read_text("utf-8").splitlines() if line.startswith("## ")]  # fmt: skip
    golden = [one.question for one in read_exam(list_exam_files("open"))][::14]
    asked = ("ask", "--batch", write_batch(tmp_path, [*headings, *golden]), "--as-of", AS_OF)
    before = run(*asked).out
    assert len(before.splitlines()) >= 30 and before.count('"verdict": "answered"') >= 6
    for path in documents.glob("*.md"):
        text = path.read_text(encoding="utf-8").replace("3천만", "5천만").replace("FTA", "CEPA")
        path.write_text(text.replace("30 million", "50 million"), encoding="utf-8")
    (documents / "refund-vi.md").unlink()
    assert run("ingest", str(documents), "--json").json["edition"] == 2
    between = run(*asked).out
    assert "5천만" in between and between != before.replace('"edition": 1', '"edition": 2')
    run("rollback", "1")
    assert run(*asked).out == before
