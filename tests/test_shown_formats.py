"""The exam and the batch that the pages show are what the commands read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

from knowledge.evaluation.exam import QUESTION_FIELDS, read_exam
from tests.test_docs import FENCE, PAGES, list_fences


def test_the_exam_that_is_shown_is_read_and_its_fields_are_those_there_are(tmp_path: Path) -> None:
    (shown,) = (text for text in list_fences("yaml") if "answerable:" in text)
    (tmp_path / "own.yaml").write_text(dedent(shown), encoding="utf-8")
    asked = read_exam([tmp_path / "own.yaml"])
    assert [one.answerable for one in asked] == [True, False] and asked[0].must_say
    page = FENCE.sub("", PAGES["docs/commands.md"]).split("## An exam of your own")[1]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"\w+", row)]
    assert sorted(named) == sorted(QUESTION_FIELDS)


def test_the_batch_that_is_shown_is_one() -> None:
    (shown,) = (text for text in list_fences("json") if "question" in text)
    entries = [json.loads(line) for line in shown.strip().splitlines()]
    assert all(entry["id"] and entry["question"] for entry in entries)
    page = PAGES["docs/commands.md"].split("## Many questions at once")[1].split("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert {name for entry in entries for name in entry} == named
