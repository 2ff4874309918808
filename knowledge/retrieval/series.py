"""Notices of one programme: which one is the newer edition of which, by issuer and title."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from knowledge.types import Document

STEM_MIN_LETTERS = 6  # of a title without year and number: shorter ones are not of one programme

_YEAR = re.compile(
    r"(?:năm\s*)?(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)\s*(?:학년도|년도|년)?|[’'‘`´](?P<short>\d\d)(?!\d)\s*년?"
)
_NUMBER = re.compile(
    r"제?\s*(?<!\d)(?P<ko>\d{1,3})\s*(?:차|회|기)(?![가-힣]*[간년월])|제\s*(?P<notice>\d{1,3})\s*호"
    r"|(?:round|phase|no\.?|batch|đợt|lần|số)\s*(?P<other>\d{1,3})\b|\b(?P<ordinal>\d{1,3})(?:st|nd|rd|th)\s+(?:round|call|batch)",
    re.IGNORECASE,
)
_HALF = re.compile(r"(?P<first>상반기|first half)|(?P<second>하반기|second half)", re.IGNORECASE)
# What a title says of the notice and not of its programme: "[공고]", "(연장)", "재공고", "공고문".
_NOTICE_WORDS = re.compile(
    r"[\[(【<]\s*(?:(?:긴급|재|추가|변경|수정|정정|연장|마감|모집|접수|기간)\s*)*(?:공고문?|안내|알림|연장|수정|변경|정정|추가|긴급)"
    r"\s*[\])】>]|(?:재|변경|수정|정정|연장|추가)\s*(?=공고)|(?<=공고)문"
)


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a document stands in its series: `key` is equal for all notices of one programme,
    `order` grows with year, half and number. `is_numbered`: the title has any of them."""

    key: tuple[str, str, str, str]
    order: tuple[int, int, int, str]
    is_numbered: bool


def find_series_place(document: Document) -> SeriesPlace | None:
    """The place of a document in its series; None if its title or year cannot tell."""
    title = _NOTICE_WORDS.sub(" ", unicodedata.normalize("NFC", document.title))
    year, rest = _cut(_YEAR, title)
    half, rest = _cut(_HALF, rest)
    number, rest = _cut(_NUMBER, rest)
    stem = re.sub(r"[\W_]+", "", rest).casefold()
    published = document.published or ""
    written = int(year) + (2000 if len(year) == 2 else 0) if year else int(published[:4] or 0)
    if len(stem) < STEM_MIN_LETTERS or not written:
        return None
    halves = {"상반기": 1, "first half": 1, "하반기": 2, "second half": 2}
    order = (written, halves.get(half.lower(), 0), int(number or 0), published)
    # Where no one said who issued it, a page speaks for no other site's programme.
    issuer = document.issuer or urlsplit(document.url).hostname or ""
    key = (issuer, document.language, document.audience, stem)
    return SeriesPlace(key, order, bool(year or half or number))


def find_newer_editions(documents: Iterable[Document]) -> Mapping[str, tuple[Document, ...]]:
    """The newer notices of the same programme of each document that has any, by its id.

    Two that name each other as original and translation are one.
    """
    series = defaultdict[tuple[str, str, str, str], list[tuple[SeriesPlace, Document]]](list)
    for document in documents:
        if place := find_series_place(document):
            series[place.key].append((place, document))
    newer = dict[str, tuple[Document, ...]]()
    for members in series.values():
        for place, document in members:
            later = tuple(other for at, other in members if _is_newer(at, place)
                          and other.base_id != document.base_id)  # fmt: skip
            if later:
                newer[document.id] = later
    return newer


def rank_in_series(document: Document) -> tuple[int, int, int, str]:
    """The sort key of a document among the notices of its programme."""
    place = find_series_place(document)
    return place.order if place else (0, 0, 0, "")


def has_appeared(document: Document, day: date) -> bool:
    """Whether a notice was published and in force by `day`; a date that is not known counts as past."""
    published = document.published or ""
    return document.has_begun(day) and published <= day.isoformat()[: len(published)]


def _is_newer(one: SeriesPlace, other: SeriesPlace) -> bool:
    """Whether `one` comes after `other`. Without a year or number in either title they are equal."""
    return (one.is_numbered or other.is_numbered) and one.order[:3] > other.order[:3]


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The first value of a pattern in a text, "" without one, and the text without any."""
    match = pattern.search(text)
    value = next((one for one in match.groups() if one), "") if match else ""
    return value, pattern.sub(" ", text)
