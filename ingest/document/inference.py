"""What a notice says of itself: its number, the day of its publication, its window, its issuer.

Only what stands in a notice's own form counts: a labelled line or table cell, the number, the
closing with its day and its issuer. Where two places disagree, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from ingest.document.issuers import body_named, closing_body
from ingest.document.labels import Labelled, labelled
from ingest.document.notice_dates import LONGEST, mentions_day, single, stretch

T = TypeVar("T")
FIELDS = ("issuer", "published", "effective_from", "expires")  # what may be inferred

_NUMBERED = re.compile(
    r"(?P<body>[가-힣A-Za-z· ]{0,30}?)\s*(?:공고|고시|훈령|예규|공시)\s*제\s*(?P<year>20\d\d)\s*[-–]\s*"
    r"\d+\s*호"
)
_IN_FORCE = re.compile(
    r"(?:제1조\s*\(시행일\)\s*)?(?:①\s*)?이\s(?:규정|고시|지침|법|영|규칙|요령|훈령|예규|공고|세칙|기준|조례|요강)"
    r"[은는]\s(?P<day>\S.{6,20}?)\s?부터 시행한다\.?"
)
_SIGNED = re.compile(r"(?P<day>.{6,30}\d\s?[일.])\s+(?P<body>\D+)")
_LAW_HEAD = re.compile(r"[\[(]\s*시행\s+(?P<day>[^\]\[,)]{8,20})[\]),].*")
_DATELINE = re.compile(r"[^\d,.]{2,30},\s*(?P<day>ngày\s.{10,30})")
_ENACTED = re.compile(
    r"(?:[\[(]\s*시행[^\])]*[\])]\s*)?\[\s*(?P<body>[가-힣A-Za-z· ]{2,30}?)\s*(?:고시|훈령|예규|공고|지침)\s*제[\d-]+호,"
    r"\s*(?P<day>20[\d. ]{6,14}?),[^\]]*\]"
)
_BYLINE = re.compile(r"(?P<day>20\d\d-\d\d-\d\d)(?:\s+\d\d?:\d\d)?(?:\s*\|?\s*\d+ min read)?")
_STARTS = "0123456789’'‘`´"  # of a day that stands alone
_TOP = 12  # lines in which a byline may stand
_END = 6  # lines in which a closing without a day may stand


@dataclass(frozen=True, slots=True)
class Inferred:
    """What the text says of its document; None for what it does not say, or not clearly."""

    issuer: str | None = None
    published: str | None = None
    effective_from: date | None = None
    expires: date | None = None


def infer(markdown: str) -> Inferred:
    """What a document's own text says of it."""
    lines = [bare for line in markdown.splitlines() if (bare := _bare(line))]
    entries = list(labelled(markdown))
    effective, expires = _effective(lines, entries), _expires(entries)
    if effective and expires and expires < effective:
        effective = expires = None
    return Inferred(_issuer(lines, entries), _published(lines, entries), effective, expires)


def _bare(line: str) -> str:
    """A line without Markdown's own marks; "" for page marks and table rows."""
    text = line.strip().lstrip("#>").replace("**", "").strip()
    if text.startswith(("<!--", "|")):
        return ""
    return text if len(text) <= LONGEST else "…"  # a sentence, which is no notice's form


def _published(lines: list[str], entries: list[Labelled]) -> str | None:
    """The day of a label, of the closing or of a dateline; else the year of the number."""
    days = _days(entries, "published")
    days += [day for day, _ in _closings(lines)]
    days += [single(m["day"]) for line in lines[:_TOP] if (m := _ENACTED.fullmatch(line))]
    days += [
        single(m["day"], day_first=True)
        for line in lines
        if "ngày" in line and (m := _DATELINE.fullmatch(line))
    ]
    days += [single(m["day"]) for line in lines[:_TOP] if (m := _BYLINE.fullmatch(line))]
    years = {match["year"] for match in _numbers(lines)}
    if days:
        agreed = _agreed(days)
        return agreed.isoformat() if agreed and years <= {str(agreed.year)} else None
    return _agreed(years)


def _effective(lines: list[str], entries: list[Labelled]) -> date | None:
    days = _days(entries, "effective_from")
    days += [
        single(m["day"]) for line in lines if "시행" in line and (m := _IN_FORCE.fullmatch(line))
    ]
    days += [single(m["day"]) for line in lines[:_TOP] if (m := _LAW_HEAD.fullmatch(line))]
    return _agreed(days)


def _expires(entries: list[Labelled]) -> date | None:
    ends = []
    for one in entries:
        if one.field == "window":
            found = stretch(one.value, day_first=one.day_first)
            if found is not None or mentions_day(one.value):
                ends.append(found.last if found and one.sure else None)
        elif one.field == "deadline" and mentions_day(one.value):
            ends.append(_day(one) or _last(one))
    return _agreed(ends)


def _issuer(lines: list[str], entries: list[Labelled]) -> str | None:
    """Who signs or numbers it; else whose it is said to be."""
    signed = [body for _, body in _closings(lines)]
    signed += [body for line in lines[-_END:] if (body := closing_body(line))]
    signed += [name for m in _numbers(lines) if (name := body_named(m["body"]))]
    signed += [m["body"] for line in lines[:_TOP] if (m := _ENACTED.fullmatch(line))]
    for said in (signed, _bodies(entries, "issuer"), _bodies(entries, "host")):
        if said:
            return _agreed(said)
    return None


def _numbers(lines: list[str]) -> Iterator[re.Match[str]]:
    for line in lines:
        if "호" in line and (match := _NUMBERED.fullmatch(line.strip("[]<>〈〉()「」 "))):
            yield match


def _closings(lines: list[str]) -> Iterator[tuple[date, str]]:
    """A line that is a day, and the issuer on the next one or behind it."""
    for line, below in pairwise([*lines, ""]):
        pairs = [(line, below)]
        if match := _SIGNED.fullmatch(line):
            pairs.append((match["day"], match["body"]))
        for written, signer in pairs:
            if (
                written[0] in _STARTS
                and (day := single(written))
                and (body := closing_body(signer))
            ):
                yield day, body


def _days(entries: list[Labelled], field: str) -> list[date | None]:
    return [_day(one) for one in entries if one.field == field and mentions_day(one.value)]


def _bodies(entries: list[Labelled], field: str) -> list[str]:
    named = [body_named(one.value) for one in entries if one.field == field]
    return [name for name in named if name]


def _day(one: Labelled) -> date | None:
    return single(one.value, day_first=one.day_first) if one.sure else None


def _last(one: Labelled) -> date | None:
    found = stretch(one.value, day_first=one.day_first)
    return found.last if found and one.sure else None


def _agreed(found: Iterable[T | None]) -> T | None:
    """What all candidates say; None where they disagree or one cannot be read."""
    said = set(found)
    return said.pop() if len(said) == 1 else None
