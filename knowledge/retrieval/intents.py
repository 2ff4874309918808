"""What kind of thing a question wants: an amount, a date, a place to apply …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

RULES = Path(__file__).with_name("intents.yaml")
_NOT_KNOWN = re.compile(
    r"확인되지|확인된 (자료|번호)|not (known|confirmed|found)|[Cc]hưa (tìm|xác|rõ)"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    asked: re.Pattern[str]
    shown: re.Pattern[str] | None
    must: bool


@lru_cache(maxsize=20_000)
def intents(text: str) -> frozenset[str]:
    """The kinds of thing that `text`, a question or a heading, asks for."""
    return frozenset(name for name, rule in _rules().items() if rule.asked.search(text))


def shows(passage: str, wanted: frozenset[str]) -> bool | None:
    """Whether a passage has every kind of thing wanted; None where one cannot tell."""
    telling = [rule.shown for name, rule in _rules().items() if name in wanted and rule.shown]
    return all(shown.search(passage) for shown in telling) if telling else None


def cannot_answer(passage: str, wanted: frozenset[str]) -> bool:
    """Whether a passage lacks a thing without which it is no answer, a phone number or a name,
    and does not say either that it is not known."""
    needed = [rule.shown for name, rule in _rules().items() if name in wanted and rule.must]
    missing = any(shown and not shown.search(passage) for shown in needed)
    return missing and not _NOT_KNOWN.search(passage)


@lru_cache(maxsize=1)
def _rules() -> dict[str, _Rule]:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return {
        name: _Rule(
            asked=re.compile(rule["asked"], re.IGNORECASE),
            shown=re.compile(rule["shown"], re.IGNORECASE) if "shown" in rule else None,
            must=rule.get("must", False),
        )
        for name, rule in rules.items()
    }
