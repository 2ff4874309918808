"""What is known of single missions, each fact with its source and date: what their area and the state
of their body rest on (missions.yaml), phones and members of bodies (mission_facts.yaml)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.missions.missions import MISSIONS_FILE
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import LANGUAGES, Language

MISSIONS_READ_ON = "2026-11-21"  # the day whose state missions.yaml has
DATE_PATTERN = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
MISSION_FACTS_FILE = Path(__file__).with_name("mission_facts.yaml")


@dataclass(frozen=True, slots=True)
class PublicSource:
    """Where a fact was read, and of which day that page is, as exactly as it says; None if undated."""

    name: str
    date: str | None


@dataclass(frozen=True, slots=True)
class MissionContact:
    """How a mission is reached and its office hours in each language; empty where nothing sure is
    known. `official`: read on a page of the ministry or in a copy of its data."""

    source: PublicSource
    official: bool
    phone: str = ""
    url: str = ""
    hours: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BodyMembers:
    """Who is reported to sit on a body, in each language."""

    source: PublicSource
    text: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class MissionFacts:
    """What is known of one mission; None where nothing is."""

    area_source: PublicSource | None = None
    body_source: PublicSource | None = None
    contact: MissionContact | None = None
    members: BodyMembers | None = None


def find_mission_facts(mission_id: str) -> MissionFacts:
    """The facts of a mission; empty for one of which nothing is known."""
    return _load_facts().get(mission_id, MissionFacts())


@cache
def _load_facts() -> dict[str, MissionFacts]:
    known = parse_yaml(MISSION_FACTS_FILE.read_text(encoding="utf-8"))
    text = MISSIONS_FILE.read_text(encoding="utf-8")
    entries = parse_yaml(text)
    return {
        entry["id"]: MissionFacts(
            area_source=_choose_source(entry.get("area_sources", ())),
            body_source=_choose_source(entry["body"].get("sources", ())),
            contact=_parse_contact(known["contacts"].get(entry["id"])),
            members=_parse_members(known["members"].get(entry["id"])),
        )
        for entry in entries
    }


def _choose_source(sources: Sequence[Mapping[str, Any]]) -> PublicSource | None:
    """The newest source; the first of those that are undated, None if there is none."""
    named = [PublicSource(source["url"], _read_date(str(source["date"]))) for source in sources]
    return max(named, key=lambda source: source.date or "", default=None)


def _read_date(written: str) -> str | None:
    """The date at the beginning of what missions.yaml says of a source: "2025 (day not shown)"."""
    date = DATE_PATTERN.match(written)
    return date.group() if date else None


def _parse_contact(entry: Mapping[str, Any] | None) -> MissionContact | None:
    if entry is None:
        return None
    return MissionContact(
        source=_parse_source(entry),
        official=entry["official"],
        phone=str(entry.get("phone", "")),
        url=entry.get("url", ""),
        hours=entry.get("hours", {}),
    )


def _parse_members(entry: Mapping[str, Any] | None) -> BodyMembers | None:
    if entry is None:
        return None
    return BodyMembers(_parse_source(entry), {language: entry[language] for language in LANGUAGES})


def _parse_source(entry: Mapping[str, Any]) -> PublicSource:
    return PublicSource(entry["source"], str(entry["source_date"]))
