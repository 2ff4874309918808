"""Reading what a lead sets of a seat: topics, languages, capacity, absence. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.admin.desk.topics import load_topics
from bot.buttons import is_number
from bot.cases.seats.roster import Seat, find_role
from bot.types import SeatRules
from knowledge.types import LANGUAGES, Language

MAX_CAPACITY = 999
NONE_WORDS = frozenset({"-", "없음", "none", "any", "off", "취소", "기본", "default"})
_DATE = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?")
_LANGUAGE_WORDS: dict[str, Language] = {
    "한국어": "ko", "영어": "en", "베트남어": "vi", **{one: one for one in LANGUAGES},
}  # fmt: skip
SETTINGS = {
    "topics": "topics", "주제": "topics", "languages": "languages", "언어": "languages",
    "capacity": "capacity", "정원": "capacity", "away": "away", "부재": "away",
}  # fmt: skip


class BadSetting(Exception):
    """What was written cannot be read: `problem` names the phrase seats.bad_… that says why, `text`
    is the part of it."""

    def __init__(self, problem: str, text: str = "") -> None:
        super().__init__(f"{problem}: {text}")
        self.problem = problem
        self.text = text


def change_seat(
    seat: Seat, what: str, words: Sequence[str], today: date, seats: Sequence[Seat]
) -> SeatRules:
    """The rules of a seat after one of SETTINGS was set to `words`; "-" takes it back. Raises
    BadSetting."""
    setting, rules = SETTINGS.get(what.lower()), seat.rules
    if setting == "away":
        return set_absence(seat, words, today, seats)
    if not words:
        raise BadSetting("how", what)
    none = len(words) == 1 and words[0].lower() in NONE_WORDS
    if setting == "topics":
        topics = None if none else tuple(dict.fromkeys(map(read_topic, split_list(words))))
        return replace(rules, topics=topics)
    if setting == "languages":
        languages = () if none else tuple(dict.fromkeys(map(_read_language, split_list(words))))
        return replace(rules, languages=languages)
    if setting == "capacity":
        return replace(rules, capacity=None if none else _read_capacity(words[0]))
    raise BadSetting("how", what)


def set_absence(seat: Seat, words: Sequence[str], today: date, seats: Sequence[Seat]) -> SeatRules:
    """The rules of a seat whose holder is away: a day, or the first and the last, then who stands in;
    "-" for no longer. Raises BadSetting."""
    days = [day for word in words if (day := _read_day(word))]
    others = [word for word in words if not _DATE.fullmatch(word)]
    if not days and len(others) == 1 and others[0].lower() in NONE_WORDS:
        return replace(seat.rules, away_from=None, away_until=None, stand_in="")
    if not days or len(days) > 2 or len(others) > 1:
        raise BadSetting("days", " ".join(words))
    first, last = days[0], days[-1]
    if last < first or last < today:
        raise BadSetting("days", " ".join(words))
    stand_in = find_seat(seats, others[0]) if others else None
    if stand_in and stand_in.account == seat.account:
        raise BadSetting("stand_in", others[0])
    account = stand_in.account if stand_in else ""
    return replace(seat.rules, away_from=first, away_until=last, stand_in=account)


def find_seat(seats: Sequence[Seat], word: str) -> Seat:
    """The seat that a word names: an account, a handle or a name, or a role that only one has. Raises
    BadSetting."""
    wanted = word.strip().lower()
    bare = wanted.removeprefix("@")
    named = [
        one
        for one in seats
        if wanted == one.account.lower()
        or bare in (one.member.user.lower(), one.member.name.lower())
        or f"(@{bare})" in one.member.name.lower()
    ]
    role = find_role(wanted)
    found = named or [one for one in seats if role and one.role == role]
    if not found:
        raise BadSetting("who", word)
    if len(found) > 1:
        raise BadSetting("which", word)
    return found[0]


def split_list(words: Sequence[str]) -> list[str]:
    """The parts of a list with commas, else its words."""
    text = " ".join(words)
    parts = text.split(",") if "," in text else words
    return [part.strip() for part in parts if part.strip()]


def read_topic(word: str) -> str:
    """The topic that a word names: its id, its label or a part of it. Raises BadSetting."""
    wanted = word.strip().lower()
    for topic, labels in load_topics().labels.items():
        names = [label.lower() for label in labels.values()]
        parts = [part.strip() for name in names for part in re.split(r"[·,]", name)]
        if wanted in (topic, *names, *parts):
            return topic
    raise BadSetting("topic", word)


def _read_language(word: str) -> Language:
    try:
        return _LANGUAGE_WORDS[word.lower()]
    except KeyError:
        raise BadSetting("language", word) from None


def _read_capacity(word: str) -> int:
    number = word.removesuffix("건")
    if not is_number(number) or not 0 < int(number) <= MAX_CAPACITY:
        raise BadSetting("capacity", word)
    return int(number)


def _read_day(word: str) -> date | None:
    """The day that a word is; None for another word. Raises BadSetting for one that is no date."""
    match = _DATE.fullmatch(word)
    if match is None:
        return None
    return read_date(word)


def read_date(word: str) -> date:
    """A day such as 2026-12-20. Raises BadSetting."""
    match = _DATE.fullmatch(word.strip())
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise BadSetting("days", word)
