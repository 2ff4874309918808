"""What a message tells of technology that was taken or a right that is infringed: what happened, by
whom, where, how long ago, and whether it was reported. The patterns are in situations.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from bot.founder.doors.table import list_who_labels, load_doors
from bot.founder.reading.triage import (
    compile_pattern,
    fold_text,
    is_reported_in,
    triage_message,
)
from bot.types import Place
from knowledge.text.yaml_text import parse_yaml

SITUATIONS_FILE = Path(__file__).with_name("situations.yaml")

What = Literal[
    "core_technology", "hacked_mail", "squatted_mark", "fakes", "right_infringed", "still_talking",
    "secret_used",
]  # fmt: skip
Who = Literal["staff", "customer", "partner", "other", "unknown"]
Where = Literal["korea", "abroad", "centre", "unknown"]
When = Literal["now", "recent", "old"]
WHO: tuple[Who, ...] = get_args(Who)
TECHNOLOGY_INCIDENTS = ("theft", "technology")  # of triage.yaml
HAS_NO_TAKER = frozenset({"core_technology", "hacked_mail", "squatted_mark", "fakes",
                          "right_infringed", "still_talking"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Situation:
    """`who` is "unknown" where no word says it; `where` is "centre" in a country with an overseas IP
    centre, of which `country` is the ISO code ("" if not known)."""

    what: What
    who: Who = "unknown"
    where: Where = "unknown"
    country: str = ""
    when: When = "recent"
    reported: bool = False


@dataclass(frozen=True, slots=True)
class _Patterns:
    kinds: tuple[tuple[What, re.Pattern[str], re.Pattern[str] | None], ...]
    talking: re.Pattern[str]
    suspected: re.Pattern[str]
    left: re.Pattern[str]
    who: tuple[tuple[Who, re.Pattern[str]], ...]
    unknown_who: re.Pattern[str]
    now: re.Pattern[str]
    old: re.Pattern[str]
    reported: re.Pattern[str]


def read_situation(text: str, place: Place | None) -> Situation | None:
    """The situation that `text` reports, for a founder at `place`; None if it tells of nothing that
    the doors are for, or only asks in general."""
    what = _read_what(text)
    if what is None:
        return None
    folded, patterns = fold_text(text), _load_patterns()
    is_now = triage_message(text).incident == "theft" or bool(patterns.now.search(folded))
    return Situation(
        what,
        "unknown" if what in HAS_NO_TAKER else _read_who(text, folded, patterns),
        _find_where(place),
        place.country if place else "",
        "now" if is_now else "old" if patterns.old.search(folded) else "recent",
        bool(patterns.reported.search(folded)),
    )


def _read_what(text: str) -> What | None:
    patterns, folded = _load_patterns(), fold_text(text)
    for what, pattern, exception in patterns.kinds:
        if is_reported_in(text, pattern) and not (exception and exception.search(folded)):
            return what
    is_taken = triage_message(text).incident in TECHNOLOGY_INCIDENTS
    if not is_taken and not is_reported_in(text, patterns.suspected):
        return None
    return "still_talking" if patterns.talking.search(folded) else "secret_used"


def _read_who(text: str, folded: str, patterns: _Patterns) -> Who:
    """Who took it: what a button said, else the first that the words name."""
    for who, labels in list_who_labels().items():
        if any(label in text for label in labels):
            return who  # type: ignore[return-value]
    if patterns.unknown_who.search(folded):
        return "unknown"
    named = [who for who, pattern in patterns.who if pattern.search(folded)]
    if "staff" in named and ("customer" not in named or patterns.left.search(folded)):
        if "partner" not in named or patterns.left.search(folded):
            return "staff"
        named.remove("staff")
    return next((who for who in named if who != "staff" or len(named) == 1), "unknown")


def _find_where(place: Place | None) -> Where:
    if place is None:
        return "unknown"
    if place.country == "KR":
        return "korea"
    return "centre" if load_doors().has_centre(place.country) else "abroad"


@cache
def _load_patterns() -> _Patterns:
    table: dict[str, Any] = parse_yaml(SITUATIONS_FILE.read_text(encoding="utf-8"))
    unknown = set(table["kinds"]) - set(get_args(What))
    assert not unknown, f"{SITUATIONS_FILE.name}: unknown kinds {unknown}"
    return _Patterns(
        tuple(
            (
                what,
                _join([one for language in ("ko", "en", "vi") for one in entry[language]]),
                compile_pattern(entry["unless"]) if "unless" in entry else None,
            )
            for what, entry in table["kinds"].items()
        ),
        _join(table["talking"]),
        _join(table["suspected"]),
        compile_pattern(table["left"]),
        tuple((who, compile_pattern(table["who"][who])) for who in WHO if who != "unknown"),
        compile_pattern(table["unknown_who"]),
        compile_pattern(table["when"]["now"]),
        compile_pattern(table["when"]["old"]),
        compile_pattern(table["reported"]),
    )


def _join(patterns: Sequence[str]) -> re.Pattern[str]:
    return compile_pattern("|".join(f"(?:{one})" for one in patterns))
