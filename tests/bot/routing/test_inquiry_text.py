"""What is told of missions: as it is known, with its source, in three languages."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest
import yaml

from bot.missions.emergency import EMERGENCY_PHONES_FILE
from bot.missions.facts import MISSION_FACTS_FILE, find_mission_facts
from bot.missions.inquiry import Asked
from bot.missions.missions import Missions, mission_name
from bot.places.gazetteer import Gazetteer
from bot.routing.inquiry_text import MissionReply, render_mission_reply
from bot.types import Place
from knowledge.types import LANGUAGES, Language
from tests.samples.records import phrase

NOW = datetime.fromisoformat("2026-11-23T10:00+09:00")  # a Monday; evening before in America
TEXT_LIMIT_CHARACTERS = 500

Read = tuple[Gazetteer, Missions]


@pytest.fixture
def read(places: Gazetteer, missions: Missions) -> Read:
    return places, missions


def reply(read: Read, asked: Asked, place: str, language: Language = "ko") -> MissionReply:
    places, missions = read
    return render_mission_reply(asked, places.find_place(place), missions, NOW, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("place", "id", "status"),
    [("하노이", "vn-hanoi", "confirmed"), ("도쿄", "jp-tokyo", "probable"),
     ("프랑크푸르트", "de-frankfurt", "announced"), ("시드니", "au-sydney", "unconfirmed")],
)  # fmt: skip
def test_a_body_is_told_as_sure_as_it_is_known(
    read: Read, place: str, id: str, status: str, language: Language
) -> None:
    told = reply(read, "body", place, language)
    name = mission_name(read[1].get(id), language)
    assert told.text.startswith(phrase(f"mission_answer.body_{status}", language, mission=name))
    assert told.mission.id == id and told.sources


def test_where_no_body_is_confirmed_it_is_said_who_takes_the_cases(read: Read) -> None:
    sydney, austin = reply(read, "body", "시드니"), reply(read, "body", "오스틴")
    assert sydney.text.endswith(phrase("mission_answer.desk_instead", "ko"))
    taker = phrase("mission_answer.other_body", "ko", taking="주로스앤젤레스대한민국총영사관")
    assert taker in austin.text and "주휴스턴대한민국총영사관" in austin.text


def test_who_sits_on_a_body_is_never_invented(read: Read) -> None:
    hanoi, singapore = reply(read, "members", "하노이"), reply(read, "members", "싱가포르")
    members = find_mission_facts("vn-hanoi").members
    assert members and members.text["ko"] in hanoi.text and members.source in hanoi.sources
    name = mission_name(read[1].get("sg-singapore"), "ko")
    unknown = phrase("mission_answer.members_unknown", "ko", mission=name)
    assert singapore.text.startswith(unknown)


def test_hours_without_a_source_are_said_to_be_assumed_in_the_local_zone(read: Read) -> None:
    dubai = reply(read, "hours", "두바이").text
    assert (
        "확인되지 않았습니다" in dubai
        and "09:00–12:00, 13:00–18:00(Asia/Dubai 시간대)로 가정" in dubai
    )
    assert "두바이 현지 시각 11월 23일(월) 05:00" in dubai and "09:00에 엽니다" in dubai
    now_open = reply(read, "hours", "싱가포르", "en").text
    assert now_open.endswith("within the assumed hours.") and "Asia/Singapore" in now_open


@pytest.mark.parametrize("language", LANGUAGES)
def test_hours_of_an_official_page_are_told_as_they_are(read: Read, language: Language) -> None:
    doha = reply(read, "hours", "도하", language)
    assert "07:30–12:00, 13:00–15:30" in doha.text and "13:00–18:00" not in doha.text
    assert doha.sources[0].date == "2024"


def test_a_phone_is_told_with_its_date_and_to_be_checked_unless_official(read: Read) -> None:
    seattle, hanoi = reply(read, "contact", "시애틀"), reply(read, "contact", "하노이")
    assert "+1-206-441-1011 (2024-26년 자료) [1]" in seattle.text
    assert "+84-24-3771-0404 (2020-26년 자료, 0404.go.kr에서 확인하십시오) [1]" in hanoi.text
    assert "+84-90-402-6126" in hanoi.text and "+82-2-3210-0404" in hanoi.text


def test_where_no_phone_is_sure_none_is_told(read: Read) -> None:
    """Sources differ on Dubai's phone, and Atlanta's stands in one list alone."""
    for place in ("두바이", "애틀랜타", "나이로비"):
        text = reply(read, "contact", place).text
        assert "대표전화는 확실한 자료를 찾지 못했습니다" in text and "+82-2-3210-0404" in text
    assert "+1-404" not in reply(read, "contact", "애틀랜타").text


def test_the_nearest_body_is_in_the_country_or_told_with_its_distance(read: Read) -> None:
    assert "주베트남대한민국대사관" in reply(read, "nearest", "다낭").text
    assert phrase("mission_answer.nearest_own", "ko") in reply(read, "nearest", "하이퐁").text
    nairobi = reply(read, "nearest", "나이로비").text
    assert "다른 나라의 주두바이대한민국총영사관" in nairobi and "km" in nairobi
    assert nairobi.endswith(phrase("mission_answer.desk_instead", "ko"))


@pytest.mark.parametrize("asked", get_args(Asked))
def test_a_country_without_a_listed_mission_is_said_to_have_none_listed(
    read: Read, asked: Asked
) -> None:
    text = reply(read, asked, "Oslo", "en").text
    assert "Our list has no Korean mission in Norway" in text and "0404.go.kr" in text
    alone = Place("Norway", "NO")  # nowhere to measure from
    assert "km" not in render_mission_reply(asked, alone, read[1], NOW, "en").text


def test_an_area_from_general_knowledge_is_cited_as_that(read: Read) -> None:
    (source,) = reply(read, "covers", "하이퐁").sources
    assert source.name == phrase("mission_answer.own_list", "ko")
    (source,) = reply(read, "covers", "New Jersey").sources
    assert source.name.startswith("https://") and source.date == "2002-01-14"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", get_args(Asked))
def test_no_reply_is_longer_than_an_answer_may_be(
    read: Read, asked: Asked, language: Language
) -> None:
    for mission in read[1]:
        place = Place(mission.city, mission.country, mission.lat, mission.lon, None, mission.city)
        told = render_mission_reply(asked, place, read[1], NOW, language)
        assert 0 < len(told.text) <= TEXT_LIMIT_CHARACTERS, told.text
        assert all(f"[{n}]" in told.text for n in range(1, len(told.sources) + 1))


def test_the_facts_name_listed_missions_with_source_and_date(missions: Missions) -> None:
    facts = yaml.safe_load(MISSION_FACTS_FILE.read_text(encoding="utf-8"))
    emergency = yaml.safe_load(EMERGENCY_PHONES_FILE.read_text(encoding="utf-8"))
    for entries in (*facts.values(), emergency["missions"]):
        for id, entry in entries.items():
            assert missions.get(id) and entry["source"] and entry["source_date"]
