"""What is asked about missions is recognised, and what only looks like it is left to the library."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import yaml

from bot.founder.reading.triage import triage_message
from bot.missions.inquiry import PlaceOrigin, names_mission, read_inquiry
from bot.places.gazetteer import Gazetteer
from knowledge.evaluation.exam import TOLD_FOLDER, read_exam

MESSAGES_FILE = Path(__file__).with_name("inquiry_messages.yaml")
MESSAGES: list[dict[str, Any]] = yaml.safe_load(MESSAGES_FILE.read_text(encoding="utf-8"))

AS_SEEN = {
    "텍사스 오스틴 어느 영사관이에요?": "covers",
    "which consulate covers New Jersey": "covers",
    "시드니에도 협의체 있어요?": "body",
    "lanh su quan nao lo cho Da Nang": "covers",
    "Lãnh sự quán nào lo cho Đà Nẵng": "covers",
}


def read(text: str, places: Gazetteer, *, talk_has_place: bool = False) -> str:
    triage = triage_message(text)
    if triage.needs_person or triage.incident:
        return ""
    named = places.find_mentioned_place(text)
    origin: PlaceOrigin = "text" if named else "talk" if talk_has_place else "none"
    return read_inquiry(text, origin) or ""


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message["text"])
def test_own_messages_are_read_as_labelled(message: dict[str, Any], places: Gazetteer) -> None:
    read_as = read(message["text"], places, talk_has_place=message.get("place", False))
    assert read_as == message["asked"]


def test_the_messages_cover_each_kind_and_as_many_lookalikes() -> None:
    counts = Counter(message["asked"] for message in MESSAGES)
    assert set(counts) == {"covers", "body", "members", "nearest", "hours", "contact", "flow", ""}
    assert len(MESSAGES) >= 100 and counts[""] >= 50


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", AS_SEEN)
def test_as_founders_typed_it(text: str, form: Any, places: Gazetteer) -> None:
    assert read_inquiry(normalize(form, text), "text") == AS_SEEN[text]
    assert read(text, places) == AS_SEEN[text]


@pytest.mark.parametrize(
    ("text", "asked"),
    [("거긴 몇시에 열어요", "hours"), ("연락처", "contact"), ("전화번호 알려주세요", "contact"),
     ("phone number?", "contact"), ("when do they open?", "hours"), ("số điện thoại", "contact"),
     ("ở đó mấy giờ mở cửa", "hours"), ("연락처는요", "contact"), ("근데 번호는요?", "contact"),
     ("what about the phone number", "contact"), ("thế còn số điện thoại thì sao ạ", "contact"),
     ("근무시간은요", "hours")],
)  # fmt: skip
def test_what_points_to_a_place_needs_the_one_of_the_talk(text: str, asked: str) -> None:
    assert read_inquiry(text, "talk") == asked
    assert read_inquiry(text, "none") is None


@pytest.mark.parametrize(
    "text",
    ["그럼 어디다 물어봐요", "누구한테 연락해야 돼요", "so who do we turn to?", "where can I ask about this",
     "vậy hỏi ai bây giờ", "em phải liên hệ với ai ạ"],
)  # fmt: skip
def test_who_asks_for_a_door_asks_for_a_contact(text: str) -> None:
    assert read_inquiry(text, "talk") == read_inquiry(text, "none") == "contact"


@pytest.mark.parametrize(
    "text",
    ["신고는 어디에 해요", "기술탈취는 어디에 물어봐요", "where do we apply", "who do we sell to",
     "hỏi giá ở đâu", "어디에 문의 서식이 있어요"],
)  # fmt: skip
def test_what_names_its_subject_asks_for_no_door(text: str) -> None:
    assert read_inquiry(text, "none") is None


def test_members_may_be_asked_for_in_two_languages_at_once() -> None:
    assert read_inquiry("뉴욕 협의체 who sits there", "text") == "members"


def test_a_long_message_tells_of_a_matter() -> None:
    question = "which consulate covers New Jersey"
    assert read_inquiry(f"{question}? " + "we make pumps and valves " * 5, "text") is None


def test_no_question_as_told_is_taken_for_one_about_missions(places: Gazetteer) -> None:
    """They were written without this table in mind, for programmes, rules and matters. The second
    set has three that do ask which mission is competent."""
    told = read_exam([TOLD_FOLDER / "questions.yaml"])
    assert len(told) > 200
    taken = [case.question for case in told if read(case.question, places, talk_has_place=True)]
    assert taken == []


@pytest.mark.parametrize(
    "text", ["주두바이총영사관 지원협의체", "Consultative body in India", "TLSQ Đà Nẵng"]
)
def test_a_title_that_names_a_mission_is_known(text: str) -> None:
    assert names_mission(text)
    assert not names_mission("수출바우처 2026년 공고")
