"""What a message tells of technology that was taken, or of a right that is infringed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.founder.doors.rendering import find_row
from bot.founder.doors.situation import WHO, read_situation
from bot.founder.doors.table import load_doors, render_who_answer
from bot.types import Place
from knowledge.types import LANGUAGES
from tests.samples.records import HANOI

HERE = Path(__file__).parent
MESSAGES = yaml.safe_load((HERE / "messages.yaml").read_text(encoding="utf-8"))
BLIND = yaml.safe_load((HERE / "messages_blind.yaml").read_text(encoding="utf-8"))


def read_row(text: str) -> str:
    situation = read_situation(text, None)
    return find_row(situation).id if situation else "none"


@pytest.mark.parametrize(("row", "text"), MESSAGES)
def test_each_situation_in_three_languages(row: str, text: str) -> None:
    assert read_row(text) == row


@pytest.mark.parametrize(("what", "who", "text"), BLIND)
def test_the_messages_that_were_written_first(what: str, who: str, text: str) -> None:
    kinds = {"staff_left": "secret_used", "subcontract": "secret_used"}
    wanted = what if what == "none" else load_doors().find_row(kinds.get(what, what), who).id
    assert read_row(text) == wanted


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", WHO)
def test_a_pressed_answer_outweighs_the_words(who: str, language: str) -> None:
    text = f"경쟁사가 도면을 빼돌렸어요\n{render_who_answer(who, language)}"  # type: ignore[arg-type]
    situation = read_situation(text, None)
    assert situation and situation.who == who


@pytest.mark.parametrize(
    ("place", "where"),
    [(None, "unknown"), (HANOI, "centre"), (Place("자카르타", "ID"), "abroad"),
     (Place("부산", "KR"), "korea"), (Place("Frankfurt", "DE"), "centre")],
)  # fmt: skip
def test_where_it_is(place: Place | None, where: str) -> None:
    situation = read_situation("도면이 유출됐어요", place)
    assert situation and situation.where == where


@pytest.mark.parametrize(
    ("text", "when", "reported"),
    [
        ("지금 직원이 도면을 내려받고 있어요", "now", False),
        ("3년 전에 파트너가 도면을 빼돌렸습니다", "old", False),
        ("파트너가 도면을 빼돌려서 경찰에 이미 신고했습니다", "recent", True),
        ("They stole our source code two years ago", "old", False),
        ("They stole our source code; we reported it to the police", "recent", True),
        ("Đối tác đã đánh cắp bản vẽ năm ngoái", "old", False),
        ("Đối tác đánh cắp bản vẽ, chúng tôi đã trình báo công an", "recent", True),
    ],
)
def test_how_long_ago_and_whether_it_was_reported(text: str, when: str, reported: bool) -> None:
    situation = read_situation(text, None)
    assert situation and (situation.when, situation.reported) == (when, reported)
