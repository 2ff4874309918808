"""What a message itself shows before any document is searched: whether it needs a person, how
urgent it is and whether it must be sealed. The patterns are in triage.yaml."""

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
    """`needs_person`: only people can help, whatever the documents say. `sealed`: few may see it.
    `suspect`: it has words of sealed matters, even if it only asks about them: no language model
    sees it, and a case made of it is sealed."""

    needs_person: bool
    sealed: bool
    urgency: Urgency
    suspect: bool = False


def triage_message(text: str) -> Triage:
    """Find the signs in a message. A reported incident needs a person, unless the message only
    asks how such things are done; a grave incident or a request to act always does."""
    signs = {sign for sign, pattern in _load_rules() if pattern.search(text.lower())}
    reported = "happened" in signs and "inform" not in signs
    needs_person = reported or bool(signs & {"act", "grave"}) or {"happened", "critical"} <= signs
    urgency = _determine_urgency(signs, needs_person)
    suspect = "sealed" in signs
    return Triage(needs_person, needs_person and suspect, urgency, suspect)


def _determine_urgency(signs: set[TriageSign], needs_person: bool) -> Urgency:
    if "critical" in signs and needs_person:
        return "critical"
    if "high" in signs or needs_person:
        return "high"
    return "normal"


@cache
def _load_rules() -> tuple[tuple[TriageSign, re.Pattern[str]], ...]:
    """Every pattern of every language: founders mix languages in one sentence."""
    languages = yaml.safe_load(TRIAGE_FILE.read_text(encoding="utf-8"))
    return tuple(
        (sign, re.compile(pattern))
        for signs in languages.values()
        for sign, patterns in signs.items()
        for pattern in patterns
    )
