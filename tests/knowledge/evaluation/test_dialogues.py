"""Reading dialogues with their labels."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from knowledge.errors import ExamBroken
from knowledge.evaluation.dialogues import read_dialogues

SAMPLES = Path(__file__).parents[2] / "samples"


def test_each_turn_has_its_label() -> None:
    freight, mislabelled = read_dialogues(SAMPLES / "dialogues.yaml")
    assert (freight.id, freight.kind, freight.language) == ("freight", "thanks", "ko")
    assert freight.as_of == datetime.fromisoformat("2026-11-21T10:00+09:00")
    assert [turn.say for turn in freight.turns] == ["물류비는 얼마까지 지원하나요?", "감사합니다"]
    first, thanks = (turn.expect for turn in freight.turns)
    assert first.verdicts == ("answered",) and first.must_not_say == ("1380",)
    assert thanks.no_case and thanks.no_citations and thanks.sealed is None
    assert mislabelled.as_of is None and mislabelled.turns[1].expect.keeps == ("first text",)


@pytest.mark.parametrize(
    "text",
    [
        "id: alone",
        "- {id: a, language: ko}",
        "- {id: a, language: fr, turns: []}",
        "- {id: a, language: ko, turns: [{expect: {}}]}",
        "- {id: a, language: ko, turns: [{say: b, expect: {matter: other}}]}",
        "- {id: a, language: ko, turns: [{say: b, expect: {urgency: huge}}]}",
        "- {id: a, language: ko, as_of: soon, turns: []}",
        "- [",
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "talks.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExamBroken, match=r"talks\.yaml"):
        read_dialogues(path)
