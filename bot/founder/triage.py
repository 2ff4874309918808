"""What a message says about itself before any document is asked: is it for people, how urgent,
must it be sealed?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from bot.types import Urgency

TRIAGE_FILE = Path(__file__).with_name("triage.yaml")

TriageSign = Literal["happened", "grave", "act", "inform", "critical", "high", "sealed"]


@dataclass(frozen=True, slots=True)
class Triage:
    """`people`: only people can answer this, whatever the documents say about such matters."""

    needs_person: bool
    sealed: bool
    urgency: Urgency


def triage_message(text: str) -> Triage:
    """Read the signs in a message. An incident that someone reports is for people, unless they
    only ask how such things are done; a grave one and a wish that someone acts always are."""
    signs = {sign for sign, pattern in _load_rules() if pattern.search(text.lower())}
    told = "happened" in signs and "inform" not in signs
    people = told or bool(signs & {"act", "grave"}) or {"happened", "critical"} <= signs
    return Triage(people, people and "sealed" in signs, _determine_urgency(signs, people))


def _determine_urgency(signs: set[TriageSign], people: bool) -> Urgency:
    if "critical" in signs and people:
        return "critical"
    if "high" in signs or people:
        return "high"
    return "normal"


@cache
def _load_rules() -> tuple[tuple[TriageSign, re.Pattern[str]], ...]:
    """Every pattern of every language: founders mix them in one sentence."""
    languages = yaml.safe_load(TRIAGE_FILE.read_text(encoding="utf-8"))
    return tuple(
        (sign, re.compile(pattern))
        for signs in languages.values()
        for sign, patterns in signs.items()
        for pattern in patterns
    )
