"""Intents: the kinds of thing a question asks for, such as an amount, a date or an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.text.yaml_text import parse_yaml

INTENT_RULES_PATH = Path(__file__).with_name("intents.yaml")
OWN_STATUS = "own_status"  # what only the asker's own file tells: a result, a balance, a date
OTHERS = "others"  # how many others, or what other firms reported
INTENT_TEXTS_CACHED = 20_000  # questions and headings
_SAYS_NOT_KNOWN = re.compile(
    r"확인되지|확인된 (자료|번호)|not (known|confirmed|found)|[Cc]hưa (tìm|xác|rõ)"
)


@dataclass(frozen=True, slots=True)
class _IntentRule:
    """How a question shows the intent, and how a passage shows that it has what is asked for.

    `passage_pattern` is None where passages do not show it. `is_required` is true where a passage
    without it cannot answer.
    """

    question_pattern: re.Pattern[str]
    passage_pattern: re.Pattern[str] | None
    is_required: bool


@lru_cache(maxsize=INTENT_TEXTS_CACHED)
def detect_intents(text: str) -> frozenset[str]:
    """The names of the intents of `text`, a question or a heading; empty where there are none."""
    return frozenset(
        name for name, rule in _load_rules().items() if rule.question_pattern.search(text)
    )


def asks_own_status(question: str) -> bool:
    """Whether a question is about the asker's own application, case or balance."""
    return OWN_STATUS in detect_intents(question)


def asks_about_others(question: str) -> bool:
    """Whether a question is about other firms: how many, how often, what they reported."""
    return OTHERS in detect_intents(question)


def has_intent_evidence(passage: str, intents: frozenset[str]) -> bool | None:
    """Whether a passage's text has everything of the kinds in `intents`; None where no rule can
    tell."""
    patterns = [
        rule.passage_pattern
        for name, rule in _load_rules().items()
        if name in intents and rule.passage_pattern
    ]
    return all(pattern.search(passage) for pattern in patterns) if patterns else None


def lacks_required_evidence(passage: str, intents: frozenset[str]) -> bool:
    """Whether a passage's text lacks what an answer to `intents` must have, such as a phone number
    or a name, without saying that it is not known."""
    patterns = [
        rule.passage_pattern
        for name, rule in _load_rules().items()
        if name in intents and rule.is_required
    ]
    missing = any(pattern and not pattern.search(passage) for pattern in patterns)
    return missing and not _SAYS_NOT_KNOWN.search(passage)


@lru_cache(maxsize=1)
def _load_rules() -> dict[str, _IntentRule]:
    rules = parse_yaml(INTENT_RULES_PATH.read_text(encoding="utf-8"))
    return {
        name: _IntentRule(
            question_pattern=re.compile(rule["asked"], re.IGNORECASE),
            passage_pattern=re.compile(rule["shown"], re.IGNORECASE) if "shown" in rule else None,
            is_required=rule.get("must", False),
        )
        for name, rule in rules.items()
    }
