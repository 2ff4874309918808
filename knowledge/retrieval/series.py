"""Notices of one programme: which one is the newer edition of which, by issuer and title."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from knowledge.text.dates import MONTH_NUMBERS
from knowledge.types import Document

STEM_MIN_LETTERS = 6  # of a title without year and number: shorter ones are not of one programme

_YEAR = re.compile(
    r"(?:năm\s*)?(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)\s*(?:학년도|년도|년)?|[’'‘`´](?P<short>\d\d)(?!\d)\s*년?"
)
_ORDINALS = {word: number for number, words in enumerate((
    "first nhất đầu một 첫 일", "second hai 두 이", "third ba 세 삼", "fourth tư bốn 네 사", "fifth năm 다섯 오",
    "sixth sáu 여섯 육"), 1) for word in words.split()}  # fmt: skip
_ROMANS = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
}
_WORD, _ROMAN = (
    "|".join(_ORDINALS),
    "(?-i:" + "|".join(sorted(_ROMANS, key=len, reverse=True)) + ")",
)
_CALL = "call|round|phase|batch|edition|intake|cohort"
# A Roman numeral or a word counts only with what it numbers: "자금 II" may be another programme.
_NUMBER = re.compile(
    r"제?\s*(?<!\d)(?P<ko>\d{1,3})\s*(?:차|회|기)(?![가-힣]*[간년월])|제\s*(?P<notice>\d{1,3})\s*호"
    rf"|제?\s*\b(?P<roman>{_ROMAN})\s?(?:[차회](?![가-힣]*[간년월])|기(?![가-힣]))|제\s?(?P<read>[일이삼사오육])\s?차"
    r"|(?<![가-힣])(?P<native>첫|두|세|네|다섯|여섯)\s?번?째"
    rf"|\b(?:{_CALL}|no\.?|đợt|lần|số|kỳ|vòng)\s*(?:thứ\s(?P<thứ>{_WORD})|(?P<other>\d{{1,3}}|{_ROMAN}))\b"
    rf"|\b(?:(?P<ordinal>\d{{1,3}})(?:st|nd|rd|th)|(?P<word>{_WORD}))\s+(?:{_CALL})\b",
    re.IGNORECASE,
)
# The parts of a year by their last month, so that halves, quarters, seasons and months compare.
_PART = re.compile(
    r"(?P<m6>상반기|first half|1st half|nửa đầu năm)|(?P<m12>하반기|second half|2nd half|nửa cuối năm)"
    r"|(?<!\d)(?P<quarter>[1-4])\s?(?:/\s?4\s?)?(?:사?분기)|\b(?:q|quý\s)\s?(?P<q>[1-4])\b|\b(?P<digit>[1-4])q\b"
    rf"|\bquý\s(?P<quý>{_ROMAN})\b|\b(?P<nth>first|second|third|fourth)\squarter\b|\b(?P<nth2>[1-4])(?:st|nd|rd|th)\squarter\b"
    r"|(?P<s5>춘계|(?<![가-힣])봄(?![가-힣])|\bspring\b|\bmùa xuân\b)|(?P<s8>하계|(?<![가-힣])여름(?![가-힣])|\bsummer\b|\bmùa hè\b)"
    r"|(?P<s11>추계|(?<![가-힣])가을(?![가-힣])|\b(?:autumn|fall)\b|\bmùa thu\b)"
    r"|(?P<s13>동계|(?<![가-힣])겨울(?![가-힣])|\bwinter\b|\bmùa đông\b)"
    r"|(?<!\d)(?P<month>1[0-2]|0?[1-9])\s?월(?!\s?\d)|\btháng\s(?P<tháng>1[0-2]|0?[1-9])\b"
    rf"|\b(?P<name>{'|'.join(name for name in MONTH_NUMBERS if len(name) > 3)}|(?-i:May))\b",
    re.IGNORECASE,
)
# What a title says of the notice and not of its programme: "[공고]", "(연장)", "재공고", "공고문".
_NOTICE_WORDS = re.compile(
    r"[\[(【<]\s*(?:(?:긴급|재|추가|변경|수정|정정|연장|마감|모집|접수|기간)\s*)*(?:공고문?|안내|알림|연장|수정|변경|정정|추가|긴급)"
    r"\s*[\])】>]|(?:재|변경|수정|정정|연장|추가)\s*(?=공고)|(?<=공고)문"
)


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a document stands in its series: `key` is equal for all notices of one programme,
    `order` grows with year, part of the year, number and date. `is_numbered`: the title has any of them."""

    key: tuple[str, str, str, str]
    order: tuple[int, int, int, str]
    is_numbered: bool


def find_series_place(document: Document) -> SeriesPlace | None:
    """The place of a document in its series; None if its title or year cannot tell."""
    # NFKC writes the one letter "Ⅱ" as "II".
    title = _NOTICE_WORDS.sub(" ", unicodedata.normalize("NFKC", document.title))
    year, _, rest = _cut(_YEAR, title)
    part, kind, rest = _cut(_PART, rest)
    number, _, rest = _cut(_NUMBER, rest)
    stem = re.sub(r"[\W_]+", "", rest).casefold()
    published = document.published or ""
    written = int(year) + (2000 if len(year) == 2 else 0) if year else int(published[:4] or 0)
    if len(stem) < STEM_MIN_LETTERS or not written:
        return None
    order = (written, _find_last_month(part, kind), _parse_number(number), published)
    # Where no one said who issued it, a page speaks for no other site's programme.
    issuer = document.issuer or urlsplit(document.url).hostname or ""
    key = (issuer, document.language, document.audience, stem)
    return SeriesPlace(key, order, bool(year or part or number))


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
    return document.has_begun(day) and document.was_published(day)


def _is_newer(one: SeriesPlace, other: SeriesPlace) -> bool:
    """Whether `one` comes after `other`: by what the titles say, or else by their dates. Without a
    year or number in either title they are equal."""
    if not (one.is_numbered or other.is_numbered):
        return False
    if one.order[:3] != other.order[:3]:
        return one.order[:3] > other.order[:3]
    known = min(len(one.order[3]), len(other.order[3]))  # a year alone is neither before nor after
    return one.order[3][:known] > other.order[3][:known]


def _parse_number(text: str) -> int:
    """A number in digits, as a Roman numeral or in words; 0 for ""."""
    if text.isdecimal():
        return int(text)
    return _ROMANS.get(text) or _ORDINALS.get(text.lower(), 0)


def _find_last_month(part: str, kind: str) -> int:
    """The last month of a part of the year, by the group of `_PART` that it matched; 0 for ""."""
    if kind[:1] in ("m", "s") and kind[1:].isdecimal():
        return int(kind[1:])
    if kind == "name":
        return MONTH_NUMBERS[part.capitalize()]
    return _parse_number(part) * (1 if kind in ("month", "tháng", "") else 3)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """The first value of a pattern in a text and the name of its group, "" without one, and the
    text without any."""
    match = pattern.search(text)
    kind = str(match.lastgroup or "") if match else ""
    return (match[kind] if match and kind else ""), kind, pattern.sub(" ", text)
