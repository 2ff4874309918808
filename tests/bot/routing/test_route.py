"""Which mission takes a case: the rules over places written in three languages."""

from __future__ import annotations

import re
from dataclasses import replace
from time import process_time

import pytest

from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.places.name_index import NameIndex
from bot.routing.route_text import render_reason
from bot.types import Place
from knowledge.types import LANGUAGES, Language
from tests.bot.routing.sample_routes import NOW, parse_routes, route_place


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(parse_routes()) >= 300


def test_where_a_place_goes(missions: Missions, places: Gazetteer) -> None:
    wrong = []
    for text, competent, mission in parse_routes():
        route = route_place(places.find_place(text), missions)
        if (route.competent, route.mission) != (competent, mission):
            wrong.append((text, route.competent, route.mission))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "via", "body"),
    [
        ("Da Nang", "same_country", "confirmed"),
        ("하노이", "consular_area", "confirmed"),
        ("Munich", "consular_area", "announced"),
        ("Düsseldorf", "same_country", "announced"),
        ("Chicago", "same_country", "confirmed"),
        ("New York", "consular_area", "probable"),
        ("오사카", "same_country", "probable"),
        ("Guangzhou", "domestic", None),
        ("Monterrey", "domestic", None),
        ("Oslo", "domestic", None),
        ("서울", "domestic", None),
    ],
)
def test_by_which_rule(
    missions: Missions, places: Gazetteer, text: str, via: str, body: str | None
) -> None:
    route = route_place(places.find_place(text), missions)
    assert (route.via, route.body) == (via, body)


EARTH_KM = 20_100.0  # farther than any place is from another


def list_cities(missions: Missions) -> list[Place]:
    """Every city of the gazetteer as a place."""
    near = NameIndex(missions).find_cities_near((0.0, 0.0), EARTH_KM)
    return [Place(c.name, c.country, c.lat, c.lon, c.region, c.name, c.hint) for _, c in near]


@pytest.mark.long
def test_every_city_of_the_gazetteer_routes_at_home_or_to_the_desk(
    missions: Missions,
) -> None:
    started = process_time()
    territories = {"PR": "US", "VI": "US", "GU": "US", "AS": "US", "MP": "US", "MO": "HK"}
    cities = list_cities(missions)
    assert len(cities) > 30_000
    for place in cities:
        route = route_place(place, missions)
        country = territories.get(place.country, place.country)
        assert missions.get(route.competent).country in (country, "KR"), place
        assert missions.get(route.mission).country in (country, "KR"), place
        assert render_reason(route, missions, "en") and route.opens_at.tzinfo
    assert process_time() - started < 80  # 3 s where nothing else runs


def test_every_mission_is_competent_for_its_own_city(missions: Missions, places: Gazetteer) -> None:
    for mission in missions:
        for name in (mission.city, mission.city_ko):
            assert route_place(places.find_place(name), missions).competent == mission.id, name


def test_every_hint_leads_to_its_mission_and_lies_in_no_others_area(
    missions: Missions, places: Gazetteer
) -> None:
    for mission in missions:
        for name in mission.place_names:
            if name in ("조지아", "Georgia"):  # the founder is asked which
                continue
            place = places.find_place(name)
            assert place.hint == mission.id, name
            owner = missions.find_by_region(place.region or "")
            assert owner in (None, mission), f"{name} lies in {place.region}"


def test_every_region_that_is_claimed_has_a_city(missions: Missions) -> None:
    regions = {place.region for place in list_cities(missions)}
    merged_away = {"VN-27", "IN-LD"}
    territories = {"US-AS", "US-PR", "US-VI", "CN-HK", "CN-MO"}
    for mission in missions:
        claimed = {*mission.regions, *mission.unverified_regions} - merged_away - territories
        assert claimed <= regions, mission.id


@pytest.mark.parametrize(
    ("lat", "competent"),
    [(35.79, "us-los-angeles"), (35.81, "us-san-francisco"), (32.7, "us-los-angeles")],
)
def test_california_is_divided(missions: Missions, lat: float, competent: str) -> None:
    place = Place("somewhere", "US", lat, -119.0, "US-CA", "somewhere")
    assert route_place(place, missions).competent == competent


@pytest.mark.parametrize(
    ("lat", "lon", "competent"),
    [(45.42, -75.7, "ca-ottawa"), (45.35, -76.3, "ca-ottawa"), (44.23, -76.49, "ca-toronto")],
)
def test_ontario_is_divided(missions: Missions, lat: float, lon: float, competent: str) -> None:
    place = Place("somewhere", "CA", lat, lon, "CA-ON", "somewhere")
    assert route_place(place, missions).competent == competent


def test_no_border_is_crossed(missions: Missions, places: Gazetteer) -> None:
    """Bonn is nearer to Dubai's confirmed body than to any in Europe; it stays in Germany."""
    assert route_place(places.find_place("본"), missions).mission == "de-frankfurt"
    assert (
        route_place(places.find_place("Vancouver"), missions).mission == "domestic"
    )  # not Seattle
    assert (
        route_place(places.find_place("프놈펜"), missions).mission == "domestic"
    )  # not Ho Chi Minh City


def test_a_near_tie_goes_to_the_embassy(missions: Missions) -> None:
    """One kilometre decides nothing: with Hanoi further away by ten, it still takes Da Nang."""
    moved = [replace(m, lat=m.lat + 0.1) if m.id == "vn-hanoi" else m for m in missions]
    place = Place("다낭", "VN", 16.05, 108.2, "VN-DN", "Da Nang", "vn-da-nang")
    assert route_place(place, Missions(moved)).mission == "vn-hanoi"


def test_a_body_that_is_confirmed_later_takes_its_own_cases(missions: Missions) -> None:
    later = [replace(m, body="confirmed") if m.id == "vn-da-nang" else m for m in missions]
    place = Place("다낭", "VN", 16.05, 108.2, "VN-DN", "Da Nang", "vn-da-nang")
    route = route_place(place, Missions(later))
    assert (route.mission, route.via) == ("vn-da-nang", "consular_area")


def test_a_hint_from_an_older_file_is_no_hint(missions: Missions) -> None:
    place = Place("다낭", "VN", 16.05, 108.2, "VN-DN", "Da Nang", "vn-da-nang-old")
    assert route_place(place, missions).competent == "vn-da-nang"


def test_guam_is_nobodys_area_but_in_the_united_states(
    missions: Missions, places: Gazetteer
) -> None:
    route = route_place(places.find_place("괌"), missions)
    assert (route.competent, route.mission) == ("us-washington", "us-los-angeles")


def test_without_a_place_the_domestic_desk_takes_the_case(missions: Missions) -> None:
    route = route_place(None, missions)
    assert (route.place, route.competent, route.mission) == (None, "domestic", "domestic")
    assert route.basis == "nowhere"
    assert "도시" in render_reason(route, missions, "ko")


def test_the_next_opening_is_the_taking_missions(missions: Missions, places: Gazetteer) -> None:
    route = route_place(places.find_place("Da Nang"), missions)
    assert route.opens_at.isoformat() == "2026-11-23T09:00:00+07:00"
    assert route_place(places.find_place("Oslo"), missions).opens_at.utcoffset() == NOW.utcoffset()


REASONS: list[tuple[str, Language, str]] = [
    ("다낭", "ko", "다낭 지역은 주다낭대한민국총영사관 관할입니다(2019년 공지 기준)."),
    ("다낭", "ko", "가장 가까운 공관인 주베트남대한민국대사관에서 접수합니다."),
    ("Da Nang", "en", "the nearest confirmed one in the same country takes the case: the Embassy"),
    ("Đà Nẵng", "vi", "Đà Nẵng thuộc khu vực lãnh sự của Tổng Lãnh sự quán Hàn Quốc tại Đà Nẵng"),
    ("동나이", "ko", "공식 자료로 확인된 관할 구역은 아닙니다"),
    ("호치민", "ko", "호치민 지역은 주호치민대한민국총영사관 관할입니다. 이 공관의 협의체에서"),
    ("Dong Nai", "en", "not confirmed by an official source"),
    ("Fresno", "en", "no official source draws the line"),
    ("New York", "en", "no public report of a meeting"),
    ("Munich", "ko", "구성한다고 예고한 곳"),
    ("베트남", "ko", "베트남 내 도시가 확인되지 않아"),
    ("Vietnam", "vi", "Chưa rõ thành phố nào tại Việt Nam"),
    ("달랏", "ko", "달랏 지역을 맡는 총영사관이 확인되지 않아 주베트남대한민국대사관에서"),
    ("블라디보스토크", "ko", "총영사관이 확인되지 않아 주러시아대한민국대사관에서"),
    ("모스크바", "ko", "모스크바 지역은 주러시아대한민국대사관 관할입니다. 현지에는"),
    ("Oslo", "en", "Our list has no Korean mission in Norway"),
    ("Oslo", "vi", "Danh sách của chúng tôi không có cơ quan đại diện Hàn Quốc tại Na Uy"),
    ("광저우", "ko", "협의체가 확인된 공관이 없어 국내 협의체 창구에서"),
    ("부산", "ko", "국내 사안"),
]


@pytest.mark.parametrize(("text", "language", "part"), REASONS)
def test_the_founder_is_told_why(
    missions: Missions, places: Gazetteer, text: str, language: Language, part: str
) -> None:
    route = route_place(places.find_place(text), missions)
    assert part in render_reason(route, missions, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_at_most_two_sentences(
    missions: Missions, places: Gazetteer, language: Language
) -> None:
    for text in ("다낭", "Fresno", "Munich", "서울", "Oslo", "오사카", "베트남", "달랏", "Toronto"):
        reason = render_reason(route_place(places.find_place(text), missions), missions, language)
        assert len(re.findall(r"\.(?: |$)", reason)) <= 2, reason
        assert "{" not in reason and "  " not in reason and " ." not in reason


def test_a_reason_in_another_language_is_a_rendering_of_the_same_route(
    missions: Missions, places: Gazetteer
) -> None:
    route = route_place(places.find_place("Đà Nẵng"), missions)
    assert (route.basis, route.via) == ("area_2019", "same_country")
    assert "관할입니다(2019년 공지 기준)" in render_reason(route, missions, "ko")
    assert "khu vực lãnh sự" in render_reason(route, missions, "vi")


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("하노이", "area"),
        ("다낭", "area_2019"),
        ("동나이", "general"),
        ("Fresno", "line"),
        ("베트남", "country"),
        ("달랏", "rest"),
        ("Oslo", "unlisted"),
        ("서울", "home"),
    ],
)
def test_what_the_competence_rests_on(
    missions: Missions, places: Gazetteer, text: str, basis: str
) -> None:
    assert route_place(places.find_place(text), missions).basis == basis
