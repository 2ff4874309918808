"""The phones and first steps of an emergency, and that each number has its source."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.founder.reading.triage import TRIAGE_FILE
from bot.missions.emergency import (
    EMERGENCY_PHONES_FILE,
    LIFE_AND_LIBERTY,
    STEPS_BY_INCIDENT,
    find_emergency_phone,
    render_first_steps,
)
from bot.missions.missions import DOMESTIC_DESK, Missions, mission_name
from knowledge.types import LANGUAGES, Language
from tests.samples.records import phrase

CALL_CENTRE = "+82-2-3210-0404"
INCIDENTS = yaml.safe_load(TRIAGE_FILE.read_text(encoding="utf-8"))["incidents"]


def test_each_phone_belongs_to_a_mission_and_names_its_source_and_date() -> None:
    table = yaml.safe_load(EMERGENCY_PHONES_FILE.read_text(encoding="utf-8"))
    known = {mission.id for mission in Missions.load()}
    assert set(table["missions"]) <= known
    for entry in (table["call_centre"], *table["missions"].values()):
        assert re.fullmatch(r"\+\d+(-\d+)+", entry["phone"])
        assert entry["source"] and re.match(r"20\d\d", str(entry["source_date"]))


def test_steps_are_known_for_every_critical_incident_and_for_no_unknown_one() -> None:
    critical = {name for name, entry in INCIDENTS.items() if entry["level"] == "critical"}
    assert critical <= LIFE_AND_LIBERTY | STEPS_BY_INCIDENT.keys() <= INCIDENTS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("incident", sorted(LIFE_AND_LIBERTY))
def test_life_and_liberty_get_the_local_number_the_mission_and_the_call_centre(
    incident: str, language: Language
) -> None:
    lines = render_first_steps(incident, Missions.load().get("ae-dubai"), language).split("\n")
    assert lines[0] == phrase("emergency.local", language)
    assert "+971-50-553-2816" in lines[1] and "0404.go.kr" not in lines[1]
    assert CALL_CENTRE in lines[2] and len(lines) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_is_not_official_is_to_be_checked(language: Language) -> None:
    text = render_first_steps("detention", Missions.load().get("vn-hcmc"), language)
    assert "+84-93-850-0238" in text and "0404.go.kr" in text


@pytest.mark.parametrize("mission", ["jp-tokyo", "domestic"])
def test_where_no_number_is_sure_only_the_call_centre_is_named(mission: str) -> None:
    text = render_first_steps("detention", Missions.load().get(mission), "ko")
    assert find_emergency_phone(mission) is None
    assert re.findall(r"\+[\d-]+", text) == [CALL_CENTRE]


def test_a_fraud_goes_to_the_bank_and_what_can_wait_has_no_steps() -> None:
    assert "recall" in render_first_steps("fraud", DOMESTIC_DESK, "en")
    assert render_first_steps("unpaid", DOMESTIC_DESK, "en") == ""
    assert render_first_steps("", DOMESTIC_DESK, "en") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_competent_mission_is_named_even_without_a_sure_phone(language: Language) -> None:
    """The case of a detention in Georgia goes to another mission's body; who is called is Atlanta."""
    atlanta = Missions.load().get("us-atlanta")
    assert find_emergency_phone("us-atlanta") is None
    steps = render_first_steps("detention", atlanta, language)
    name = mission_name(atlanta, language)
    named = phrase("emergency.mission_by_centre", language, mission=name)
    centre = phrase("emergency.centre", language, phone=CALL_CENTRE)
    assert steps.endswith(f"{named}\n{centre}") and name in named
    assert mission_name(DOMESTIC_DESK, language) not in render_first_steps(
        "detention", DOMESTIC_DESK, language
    )
