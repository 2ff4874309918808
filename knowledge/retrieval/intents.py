"""What kind of thing a question wants: an amount, a date, a place to apply …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

INTENT_RULES_PATH = Path(__file__).with_name("intents.yaml")
_SAYS_NOT_KNOWN = re.compile(
    r"확인되지|확인된 (자료|번호)|not (known|confirmed|found)|[Cc]hưa (tìm|xác|rõ)"
)


@dataclass(frozen=True, slots=True)
class _IntentRule:
    question_pattern: re.Pattern[str]
    passage_pattern: re.Pattern[str] | None
    is_required: bool


@lru_cache(maxsize=20_000)
def detect_intents(text: str) -> frozenset[str]:
    """The kinds of thing that `text`, a question or a heading, asks for."""
    return frozenset(
        name for name, rule in _load_rules().items() if rule.question_pattern.search(text)
    )


def has_intent_evidence(passage: str, wanted: frozenset[str]) -> bool | None:
    """Whether a passage has every kind of thing wanted; None where one cannot tell."""
    telling = [
        rule.passage_pattern
        for name, rule in _load_rules().items()
        if name in wanted and rule.passage_pattern
    ]
    return all(shown.search(passage) for shown in telling) if telling else None


def lacks_required_evidence(passage: str, wanted: frozenset[str]) -> bool:
    """Whether a passage lacks a thing without which it is no answer, a phone number or a name,
    and does not say either that it is not known."""
    needed = [
        rule.passage_pattern
        for name, rule in _load_rules().items()
        if name in wanted and rule.is_required
    ]
    missing = any(shown and not shown.search(passage) for shown in needed)
    return missing and not _SAYS_NOT_KNOWN.search(passage)


@lru_cache(maxsize=1)
def _load_rules() -> dict[str, _IntentRule]:
    rules = yaml.safe_load(INTENT_RULES_PATH.read_text(encoding="utf-8"))
    return {
        name: _IntentRule(
            question_pattern=re.compile(rule["asked"], re.IGNORECASE),
            passage_pattern=re.compile(rule["shown"], re.IGNORECASE) if "shown" in rule else None,
            is_required=rule.get("must", False),
        )
        for name, rule in rules.items()
    }
