"""What a founder in an emergency is told first: what to do at once and which phones to call.

The numbers are in emergency_phones.yaml, each with its source and date.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Mission
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Language

EMERGENCY_PHONES_FILE = Path(__file__).with_name("emergency_phones.yaml")

# By incident of bot/founder/reading/triage.yaml; those about life and liberty also get the phones.
LIFE_AND_LIBERTY = frozenset(
    {
        "kidnapping",
        "missing_person",
        "detention",
        "raid",
        "border",
        "violence",
        "accident",
        "disaster",
    }
)
STEPS_BY_INCIDENT = {
    "fraud": "fraud",
    "account_change": "account_change",
    "theft": "theft",
    "technology": "theft",
    "customs": "customs",
    "perishable": "customs",
    "seizure": "customs",
}


@dataclass(frozen=True, slots=True)
class EmergencyPhone:
    """A number as printed by `source`; `official` if that is the ministry or a copy of its data."""

    number: str
    official: bool
    source: str
    source_date: str


def find_emergency_phone(mission_id: str) -> EmergencyPhone | None:
    """The emergency phone of a mission, None where no sure one is known."""
    return _load_phones().get(mission_id)


def render_first_steps(incident: str, mission: Mission, language: Language) -> str:
    """What stands above everything else in the reply to an incident, "" if it needs nothing at
    once. `mission` is the competent one."""
    if incident in LIFE_AND_LIBERTY:
        return "\n".join(
            (render_phrase("emergency.local", language), render_emergency_phones(mission, language))
        )
    if incident not in STEPS_BY_INCIDENT:
        return ""
    return render_phrase(f"emergency.{STEPS_BY_INCIDENT[incident]}", language)


def render_emergency_phones(mission: Mission, language: Language) -> str:
    """The competent mission with its phone where a sure one is known, then the call centre, which is
    always open. The domestic desk is no mission to call."""
    centre = render_phrase("emergency.centre", language, phone=_load_phones()[""].number)
    phone = find_emergency_phone(mission.id)
    if phone is None and mission.id == DOMESTIC:
        return centre
    if phone is None:
        name = mission_name(mission, language)
        return render_phrase("emergency.mission_by_centre", language, mission=name) + f"\n{centre}"
    key = "mission" if phone.official else "mission_unofficial"
    line = render_phrase(
        f"emergency.{key}",
        language,
        mission=mission_name(mission, language),
        phone=phone.number,
        date=phone.source_date,
    )
    return f"{line}\n{centre}"


@cache
def _load_phones() -> dict[str, EmergencyPhone]:
    """The phones by mission id; the call centre's under ""."""
    table = parse_yaml(EMERGENCY_PHONES_FILE.read_text(encoding="utf-8"))
    return {
        id: EmergencyPhone(
            str(entry["phone"]), entry["official"], entry["source"], str(entry["source_date"])
        )
        for id, entry in {"": table["call_centre"], **table["missions"]}.items()
    }
