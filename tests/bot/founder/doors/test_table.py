"""The table of doors: whole, sourced, short, in the words of the library, and it accuses nobody."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

import knowledge
from bot.founder.doors.rendering import list_doors, render_for_founder, render_for_staff
from bot.founder.doors.reply import build_messages
from bot.founder.doors.situation import Situation, What, When, Where
from bot.founder.doors.table import Agency, Row, load_doors
from bot.missions.missions import mission_name
from bot.types import Place
from knowledge.types import LANGUAGES
from tests.samples.records import HANOI, MISSIONS, make_services

LIBRARY = Path(knowledge.__file__).with_name("library")
MESSAGE_CHARACTERS = 500
TABLE = load_doors()
ACCUSING = re.compile(
    r"훔|절도|탈취|도둑|(?<!사이버)범죄|theft|thief|stole|steal|criminal|trộm|cắp|tội"
)


@cache
def load_contacts() -> dict[str, dict[str, Any]]:
    contacts = yaml.safe_load((LIBRARY / "CONTACTS.yaml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in contacts}


@cache
def read_library() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in LIBRARY.glob("*.md"))


def list_situations() -> list[Situation]:
    return [
        Situation(row.what, who, where, "VN" if where == "centre" else "", when, reported)  # type: ignore[arg-type]
        for row in TABLE.rows
        for who in row.by or ("unknown",)
        for where, when, reported in product(get_args(Where), get_args(When), (True, False))
    ]


@pytest.mark.parametrize("door", TABLE.doors.values(), ids=lambda door: door.id)
def test_a_doors_contact_stands_in_the_librarys_list(door: Any) -> None:
    printed = {one for one in (door.phone, door.from_abroad, door.site) if one}
    if not door.contact:
        assert not printed and not door.as_of
        return
    contact = load_contacts()[door.contact]
    known = {
        one for key in ("numbers", "one_source", "sites", "mails") for one in contact.get(key, [])
    }
    assert printed <= known
    assert any(date.strip() in contact["source_date"] for date in door.as_of.split(";"))


@pytest.mark.parametrize("door", TABLE.doors.values(), ids=lambda door: door.id)
def test_a_door_names_its_source_which_a_document_has_too(door: Any) -> None:
    assert door.source in read_library() or door.source in str(load_contacts())
    assert re.fullmatch(r"20\d\d(-\d\d)?(-\d\d)?", door.source_date)
    assert set(door.name) == set(door.does) == set(LANGUAGES)


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.id)
def test_a_row_names_its_source_which_a_document_has_too(row: Row) -> None:
    assert row.source in read_library()
    assert re.fullmatch(r"20\d\d(-\d\d)?(-\d\d)?", row.source_date)
    assert set(row.title) == set(LANGUAGES)
    if row.deadline_source:
        assert row.deadline_source[0] in read_library()
    for key in row.announced:
        one = TABLE.announced[key]
        assert one.source in read_library() and one.date in read_library()


def test_the_six_agencies_of_the_team_and_every_kind_have_a_door() -> None:
    behind = {
        TABLE.doors[id].agency for row in TABLE.rows for order in row.order.values() for id in order
    }
    assert behind == set(get_args(Agency))
    assert {row.what for row in TABLE.rows} == set(get_args(What))


def test_the_centres_are_those_of_the_librarys_document() -> None:
    text = (LIBRARY / "overseas-ip-center.en.md").read_text(encoding="utf-8")
    names = {"US": "Los Angeles", "CN": "Beijing", "JP": "Japan", "VN": "Vietnam", "TH": "Thailand",
             "IN": "India", "MX": "Mexico"}  # fmt: skip
    assert all(name in text and TABLE.has_centre(code) for code, name in names.items())
    assert not any(map(TABLE.has_centre, ("KR", "ID", "RU", "PH", "AE", "SG")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_founder_reads_is_short_and_accuses_nobody(language: Any) -> None:
    name = max((mission_name(one, language) for one in MISSIONS), key=len)
    for situation in list_situations():
        contents = render_for_founder(situation, name, language)
        for content in contents:
            assert len(content.text) <= MESSAGE_CHARACTERS, (situation, len(content.text))
            assert content.details and content.headings
            assert not ACCUSING.search(content.text), situation
        order, evidence = contents
        assert order.text.count("\n") >= len(list_doors(situation)) + 1
        phrase = "기한|Deadline|Thời hạn"
        assert re.search(rf"^({phrase}): \S", evidence.text, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_who_took_it_fits_into_the_first_message(language: Any) -> None:
    for place in (HANOI, None):
        for situation in (one for one in list_situations() if one.what == "secret_used"):
            first, _ = build_messages(make_services(), situation, place, language)
            assert len(first.text) <= MESSAGE_CHARACTERS
            assert bool(first.buttons) == (situation.who == "unknown")


def test_no_short_number_is_told_abroad_and_what_is_only_announced_has_its_date() -> None:
    for situation in list_situations():
        order, evidence = render_for_founder(situation, "", "ko")
        if situation.where in ("abroad", "centre"):
            assert not re.search(r" (113|111|182|1332|1357|1\d{3}-\d{4})\b", order.text), situation
        row = TABLE.find_row(situation.what, situation.who)
        for key in row.announced:
            one = TABLE.announced[key]
            assert f"{one.name['ko']} ({one.date})" in evidence.text


def test_staff_read_the_row_with_its_sources_and_that_the_case_coordinates() -> None:
    text = render_for_staff(Situation("secret_used", "customer", "korea", "KR", "old", True))
    assert text.startswith("[창구 표] ") and "이 건이 총괄입니다" in text
    assert "공정거래위원회" in text and "02-368-8787" in text and "news.tvchosun.com" in text


def test_staff_read_no_internal_key_and_each_row_by_a_title_of_its_own() -> None:
    titles = [row.title["ko"] for row in TABLE.rows]
    assert len(set(titles)) == len(titles)
    for situation in list_situations():
        text = render_for_staff(situation)
        told = re.sub(r"\S+[.@]\S+", "", text)  # addresses
        assert re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", told) == [], situation
        assert not re.search(r"\b[A-Z]{2}\b", text.split("\n")[1]), situation


def test_vietnam_alone_has_a_sourced_deadline_for_a_mark() -> None:
    told = {
        country: render_for_founder(
            Situation("squatted_mark", "unknown", "centre", country), "", "en"
        )[1].text
        for country in ("VN", "CN")
    }
    assert "within 3 months" in told["VN"] and "No source gives one" in told["CN"]


def test_what_happens_now_goes_to_the_police_first() -> None:
    for where, first in (("korea", "police"), ("abroad", "local_police")):
        doors = list_doors(Situation("secret_used", "staff", where, "", "now"))  # type: ignore[arg-type]
        assert doors[0].id == first


def test_a_place_in_korea_needs_no_mission() -> None:
    seoul = Place("서울", "KR", 37.5, 127.0)
    contents = build_messages(make_services(), Situation("fakes", where="korea"), seoul, "ko")
    assert "공관" not in contents[0].text
