"""What people read of a plan: guessed dates, and where old and new answers differ."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.cli.ingest_report import print_ingest_report
from knowledge.evaluation.answer_diff import AnswerSnapshot, ChangedAnswer

SAME = (
    "The voucher pays a share of the freight of small firms that exported in the year before. " * 2
)


def make_report(**values: Any) -> dict[str, Any]:
    counts = {"created": 1}
    return {
        "identity": [], "changes": [], "skipped": [], "notes": [], "counts": counts,
        "applied": False, "seconds": 1.0, "edition": 1, **values,
    }  # fmt: skip


def make_change(*inferred: str) -> dict[str, Any]:
    return {
        "kind": "created", "id": "notice.docx", "issuer": "", "published": "2026-10-05",
        "effective_from": None, "expires": None, "inferred": list(inferred),
    }  # fmt: skip


def test_two_answers_that_begin_alike_are_shown_where_they_differ(
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = (f"{SAME}It ends on 31 March.", f"{SAME}It ends on 30 April.")
    old, new = (AnswerSnapshot("answered", text, ("freight",)) for text in texts)
    golden = [ChangedAnswer("a", "When does it end?", old, new)]
    print_ingest_report(make_report(golden=golden, golden_asked=1))
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].endswith("… before. It ends on 31 March.")
    assert lines[3].endswith("… before. It ends on 30 April.")


def test_what_a_question_mark_means_is_said_where_there_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_ingest_report(make_report(changes=[make_change("published")]))
    guessed = capsys.readouterr().out
    assert "published 2026-10-05?" in guessed and "? was read from" in guessed
    print_ingest_report(make_report(changes=[make_change()]))
    assert "?" not in capsys.readouterr().out
