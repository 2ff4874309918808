"""What kind of thing a question wants: an amount, a date, a place to apply …"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

RULES = Path(__file__).with_name("intents.yaml")


@lru_cache(maxsize=20_000)
def intents(text: str) -> frozenset[str]:
    """The kinds of thing that `text`, a question or a heading, asks for."""
    return frozenset(name for name, (asked, _) in _rules().items() if asked.search(text))


def shows(passage: str, wanted: frozenset[str]) -> bool | None:
    """Whether a passage has every kind of thing wanted; None where one cannot tell."""
    telling = [shown for name, (_, shown) in _rules().items() if name in wanted and shown]
    return all(shown.search(passage) for shown in telling) if telling else None


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return {
        name: (
            re.compile(rule["asked"], re.IGNORECASE),
            re.compile(rule["shown"], re.IGNORECASE) if "shown" in rule else None,
        )
        for name, rule in rules.items()
    }
