"""The days on which missions abroad are closed, each with its name and where that is known from."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec, module_from_spec
from typing import Any, Literal

from knowledge.types import Language

# Missions abroad also close on these four: 삼일절, 광복절, 개천절, 한글날.
KOREAN_NATIONAL_DAYS = ((3, 1), (8, 15), (10, 3), (10, 9))


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which a mission is closed: a holiday of its country, one of the four Korean national
    days, or one its body `added`. `name` is in the language asked for where the library has it,
    else in English or as the country writes it; `language` is the ISO 639-1 code of which it is, ""
    if that is not known. `source` says where the day is known from;
    `off` that the body works on it all the same."""

    day: date
    name: str
    kind: Literal["host", "korean", "added"]
    source: str
    off: bool = False
    language: str = ""


@cache
def list_public_holidays(country: str, year: int, language: Language) -> tuple[Holiday, ...]:
    """The holidays of a country (ISO 3166-1 alpha-2) and the Korean national days in a year, by day;
    only the latter where the library does not know the country."""
    korean, spoken = _load_names("KR", year, language), _find_language("KR", language)
    found = {
        day: Holiday(day, korean.get(day, ""), "korean", _source("KR"), language=spoken)
        for day in (date(year, month, day) for month, day in KOREAN_NATIONAL_DAYS)
    }
    names = _load_names(country, year, language)
    spoken = _find_language(country, language) if names else ""
    for day, name in names.items():
        found[day] = Holiday(day, name, "host", _source(country), language=spoken)
    return tuple(found[day] for day in sorted(found))


@cache
def load_closed_days(country: str, year: int) -> frozenset[date]:
    """The days of `list_public_holidays`."""
    return frozenset(holiday.day for holiday in list_public_holidays(country, year, "en"))


def _load_names(country: str, year: int, language: Language) -> dict[date, str]:
    """The name of each holiday of a country in one year; empty if the library does not list them."""
    # Imported here: the library is slow to load and most commands do not need it.
    import holidays

    _leave_other_countries_out()
    try:
        supported = holidays.country_holidays(country).supported_languages
        chosen = _choose_language(supported, language)
        listed: Any = holidays.country_holidays(country, years=year, language=chosen)
    except NotImplementedError:
        return {}
    return dict(listed.items())


def _find_language(country: str, language: Language) -> str:
    """The language of the names that `_load_names` gives; "" where the library has but the country's own."""
    import holidays

    supported = holidays.country_holidays(country).supported_languages
    return (_choose_language(supported, language) or "").partition("_")[0]


def _leave_other_countries_out() -> None:
    """Let the library load the countries that are asked for: the package they lie in would import all,
    250 modules of which a process needs a few."""
    name = "holidays.countries"
    spec = find_spec(name)
    if spec is not None and name not in sys.modules:
        sys.modules.setdefault(name, module_from_spec(spec))  # has its path, and is not run


def _choose_language(supported: Iterable[str], language: Language) -> str | None:
    """The library's name of `language`, of English where it has not that, None for the country's."""
    for wanted in (language, "en"):
        for one in sorted(supported):
            if one.partition("_")[0] == wanted:
                return one
    return None


def _source(country: str) -> str:
    """Which library, in which version, says what of which country."""
    import holidays

    return f"holidays {holidays.__version__} ({country})"
