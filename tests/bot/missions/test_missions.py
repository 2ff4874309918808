"""missions.yaml holds together, and says what is wrong where it does not."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import MissionsBroken, UnknownMission
from bot.missions.missions import (
    DOMESTIC_DESK,
    MISSIONS_FILE,
    Missions,
    mission_city_name,
    mission_name,
)

SEVERAL = ["US", "CA", "BR", "VN", "CN", "JP", "IN", "DE", "IT", "ES", "TR", "AE", "SA", "AU", "KZ"]


@pytest.fixture(scope="module")
def entries() -> list[dict[str, Any]]:
    loaded = yaml.load(MISSIONS_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert isinstance(loaded, list)
    return loaded


def test_the_shipped_file_has_every_mission_of_the_pack(missions: Missions) -> None:
    assert len(missions) == 102
    assert len({mission.id for mission in missions}) == 102


@pytest.mark.parametrize(
    ("status", "count"),
    [("confirmed", 8), ("probable", 2), ("announced", 1), ("unconfirmed", 91)],
)
def test_bodies_are_counted_as_the_sources_count_them(
    missions: Missions, status: str, count: int
) -> None:
    assert sum(mission.body == status for mission in missions) == count


def test_every_confirmed_body_names_its_source(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        if entry["body"]["status"] != "unconfirmed":
            assert entry["body"]["sources"], entry["id"]
            assert all(source["url"].startswith("http") for source in entry["body"]["sources"])


def test_every_sourced_area_names_its_source(entries: list[dict[str, Any]]) -> None:
    from_the_pack_only = {"ca-ottawa"}
    for entry in entries:
        if entry["regions"] and entry["id"] not in from_the_pack_only:
            assert entry["area_sources"], entry["id"]


def test_no_contacts_are_shipped() -> None:
    text = MISSIONS_FILE.read_text(encoding="utf-8")
    assert "phone" not in text and "email" not in text


def test_the_desk_in_seoul_is_a_mission_but_not_in_the_list(missions: Missions) -> None:
    assert missions.get("domestic") is DOMESTIC_DESK
    assert DOMESTIC_DESK.timezone == "Asia/Seoul"
    assert DOMESTIC_DESK not in list(missions)


def test_an_unknown_mission_names_near_ones(missions: Missions) -> None:
    with pytest.raises(UnknownMission, match="vn-hanoi"):
        missions.get("vn-hanio")
    with pytest.raises(UnknownMission, match=r"missions\.yaml"):
        missions.get("???")


@pytest.mark.parametrize("country", SEVERAL)
def test_every_country_with_several_missions_has_an_embassy(
    missions: Missions, country: str
) -> None:
    assert len(missions.in_country(country)) > 1
    embassy = missions.find_embassy(country)
    assert embassy is not None and embassy.kind == "embassy"


@pytest.mark.parametrize(
    ("country", "mission"),
    [("TW", "tw-taipei"), ("HK", "hk-hong-kong"), ("SG", "sg-singapore"), ("NO", None)],
)
def test_a_country_is_stood_for_by_its_only_mission(
    missions: Missions, country: str, mission: str | None
) -> None:
    found = missions.find_embassy(country)
    assert (found.id if found else None) == mission


@pytest.mark.parametrize(
    ("region", "mission"),
    [
        ("US-CT", "us-new-york"),  # New England, but not Boston's
        ("US-NM", "us-los-angeles"),
        ("US-MO", "us-chicago"),
        ("DE-SN", "de-berlin"),
        ("IN-CG", "in-mumbai"),
        ("IN-AP", "in-chennai"),
        ("IN-TS", None),  # Telangana: no source says whose
        ("US-GU", None),
        ("CA-NU", None),
        ("VN-35", None),  # the central highlands
        ("VN-44", "vn-hcmc"),
        ("IT-45", "it-milan"),
        ("TR-16", "tr-istanbul"),
        ("KZ-79", "kz-almaty"),
        ("ES-AN", "es-madrid"),
    ],
)
def test_who_claims_a_region(missions: Missions, region: str, mission: str | None) -> None:
    found = missions.find_by_region(region)
    assert (found.id if found else None) == mission


def test_what_the_second_check_lowered_is_not_sourced(missions: Missions) -> None:
    assert missions.get("vn-da-nang").area_status == "verified_as_of_2019"
    assert missions.get("in-new-delhi").regions == ()
    assert "IN-AP" in missions.get("in-chennai").unverified_regions
    assert "US-NM" in missions.get("us-los-angeles").unverified_regions
    assert missions.get("vn-hcmc").regions == ("VN-SG",)


def test_place_names_carry_no_remarks(missions: Missions) -> None:
    for mission in missions:
        assert not any("(" in name for name in mission.place_names), mission.id


@pytest.mark.parametrize(
    ("id", "language", "name", "city"),
    [
        ("vn-da-nang", "ko", "주다낭대한민국총영사관", "다낭"),
        ("vn-da-nang", "vi", "Tổng Lãnh sự quán Hàn Quốc tại Đà Nẵng", "Đà Nẵng"),
        ("de-bonn", "en", "the Bonn Branch of the Embassy", "Bonn"),
        ("tw-taipei", "vi", "Văn phòng Đại diện Hàn Quốc tại Đài Bắc", "Đài Bắc"),
        ("domestic", "ko", "국내 협의체 창구", "서울"),
        ("domestic", "en", "the domestic consultative body's desk", "Seoul"),
        ("domestic", "vi", "hội đồng tư vấn trong nước", "Seoul"),
    ],
)
def test_a_mission_is_called_in_the_readers_language(
    missions: Missions, id: str, language: Any, name: str, city: str
) -> None:
    assert name in mission_name(missions.get(id), language)
    assert mission_city_name(missions.get(id), language) == city


def test_every_mission_can_be_called_in_every_language(missions: Missions) -> None:
    for mission in (*missions, DOMESTIC_DESK):
        assert (
            mission_name(mission, "ko")
            and mission_name(mission, "en")
            and mission_name(mission, "vi")
        )


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown zone", {"timezone": "Asia/Hanoi"}, "vn-hanoi.*timezone.*Asia/Hanoi"),
    ("a latitude off the globe", {"latitude": 121.0}, "vn-hanoi.*latitude"),
    ("a longitude as text", {"longitude": "east"}, "vn-hanoi.*longitude"),
    ("an unknown body status", {"body": {"status": "maybe"}}, "vn-hanoi.*body.status.*maybe"),
    ("a body without a status", {"body": None}, "vn-hanoi.*body.status"),
    ("an unknown area status", {"area_status": "sure"}, "vn-hanoi.*area_status"),
    ("an unknown kind", {"kind": "office"}, "vn-hanoi.*kind"),
    ("a country that is no code", {"country": "Vietnam"}, "vn-hanoi.*country"),
    ("a region that is no code", {"regions": ["Hanoi"]}, "vn-hanoi.*regions.*Hanoi"),
    ("place names that are no list", {"place_names": "하노이"}, "vn-hanoi.*place_names"),
    ("an empty name", {"name_ko": " "}, "vn-hanoi.*name_ko"),
    ("another's id", {"id": "vn-hcmc"}, "vn-hcmc.*`id`"),
    ("the desk's id", {"id": "domestic"}, "domestic.*`id`"),
    ("another's region", {"regions": ["VN-SG"]}, "VN-SG, which vn-h.* has already"),
    ("another's unverified region", {"unverified_regions": ["VN-DN"]}, "claims VN-DN"),
    ("no embassy in the country", {"kind": "consulate_general"}, "VN has 3 missions, but no"),
]


@pytest.mark.parametrize(
    ("change", "sentence"), [(c, s) for _, c, s in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_a_broken_file_is_refused_with_entry_and_field(
    entries: list[dict[str, Any]], tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    broken = deepcopy([entry for entry in entries if entry["country"] == "VN"])
    broken[0] |= change
    file = tmp_path / "missions.yaml"
    file.write_text(yaml.safe_dump(broken, allow_unicode=True), encoding="utf-8")
    with pytest.raises(MissionsBroken, match=sentence):
        Missions.load(file)


def test_a_missing_field_is_named(entries: list[dict[str, Any]], tmp_path: Path) -> None:
    entry = {key: value for key, value in entries[0].items() if key != "city_ko"}
    file = tmp_path / "missions.yaml"
    file.write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")
    with pytest.raises(MissionsBroken, match="us-los-angeles: `city_ko` is missing"):
        Missions.load(file)


@pytest.mark.parametrize("text", ["just words", "- one\n- two", "{unclosed: [", ""])
def test_what_is_no_list_of_missions_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "missions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MissionsBroken):
        Missions.load(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissionsBroken, match="cannot be read"):
        Missions.load(tmp_path / "nowhere.yaml")


def test_two_embassies_in_a_country_are_refused(missions: Missions) -> None:
    hanoi, hcmc = missions.get("vn-hanoi"), missions.get("vn-hcmc")
    with pytest.raises(MissionsBroken, match=r"kind.*VN"):
        Missions([hanoi, replace(hcmc, kind="embassy")])


def test_a_mission_has_the_day_of_its_own_clock(missions: Missions) -> None:
    late = datetime(2026, 12, 2, 18, tzinfo=UTC)
    assert missions.get("vn-hanoi").find_day(late) == date(2026, 12, 3)
    assert missions.get("us-los-angeles").find_day(late) == date(2026, 12, 2)
