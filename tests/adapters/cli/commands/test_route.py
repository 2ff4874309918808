"""`naru route`: who is competent and who takes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.cli.conftest import AS_OF, RunCommand

pytestmark = pytest.mark.usefixtures("quick")

KEYS = ["place", "competent", "mission", "via", "body", "reason", "opens_at"]


def test_a_route_has_exactly_the_keys_of_the_contract(run: RunCommand) -> None:
    ran = run("route", "Da Nang", "--topic", "tax", "--json", "--as-of", AS_OF)
    found = ran.json
    assert (ran.code, ran.err) == (0, "")
    assert list(found) == KEYS
    assert list(found["place"]) == ["name", "country", "lat", "lon"]
    assert found["place"]["country"] == "VN"
    assert (found["competent"], found["mission"]) == ("vn-da-nang", "vn-hanoi")
    assert (found["via"], found["body"]) == ("same_country", "confirmed")
    assert found["opens_at"] == "2026-11-23T09:00+07:00"  # the 21st is a Saturday


@pytest.mark.usefixtures("own_library")
def test_the_opening_follows_the_hours_that_the_body_has_set(run: RunCommand) -> None:
    assert run("hours", "vn-hanoi", "mon-fri 10:30-12:00,13:00-17:00").code == 0
    route = run("route", "Da Nang", "--json", "--as-of", AS_OF).json
    assert route["opens_at"] == "2026-11-23T10:30+07:00"


@pytest.mark.parametrize(("language", "word"), [("ko", "관할"), ("en", "area"), ("vi", "khu vực")])
def test_the_reason_is_in_the_language_asked_for(run: RunCommand, language: str, word: str) -> None:
    assert word in run("route", "Da Nang", "--lang", language, "--json").json["reason"]


def test_for_people_it_prints_the_mission_and_why(run: RunCommand) -> None:
    assert run("route", "다낭").out.startswith("vn-hanoi: ")


def test_a_country_without_a_mission_goes_to_the_desk(run: RunCommand) -> None:
    found = run("route", "North Korea", "--json").json
    assert (found["mission"], found["via"]) == ("domestic", "domestic")


def test_a_place_nobody_knows_is_one_line(run: RunCommand) -> None:
    ran = run("route", "zzzqq", "--json")
    assert ran.code == 1 and list(ran.json) == ["error"] and "zzzqq" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_batch_keeps_order_and_ids_and_goes_on_after_a_bad_line(
    run: RunCommand, tmp_path: Path
) -> None:
    path = tmp_path / "places.jsonl"
    entries = [{"id": 1, "place": "다낭"}, {"id": 2, "place": "zzzqq"}, {"id": 3},
               {"id": 4, "place": "Bonn"}]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, entries)) + "\n{", encoding="utf-8")
    ran = run("route", "--batch", str(path), "--json")
    found = ran.lines
    assert ran.code == 0 and [one["id"] for one in found] == [1, 2, 3, 4, None]
    assert list(found[0]) == ["id", *KEYS]
    assert found[3]["place"]["country"] == "DE"
    assert all("error" in found[i] for i in (1, 2, 4))
