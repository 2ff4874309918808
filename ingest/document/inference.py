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

from ingest.document.issuers import parse_issuer, parse_signing_issuer
from ingest.document.labels import LabelledValue, find_labels
from ingest.document.notice_dates import (
    DATE_TEXT_MAX_CHARACTERS,
    has_date,
    parse_date,
    parse_date_range,
)

T = TypeVar("T")
INFERABLE_FIELDS = ("issuer", "published", "effective_from", "expires")  # what may be inferred

_NOTICE_NUMBER = re.compile(
    r"(?P<issuer>[가-힣A-Za-z· ]{0,30}?)\s*(?:공고|고시|훈령|예규|공시)\s*제\s*(?P<year>20\d\d)\s*[-–]\s*"
    r"\d+\s*호"
)
_IN_FORCE = re.compile(
    r"(?:제1조\s*\(시행일\)\s*)?(?:①\s*)?이\s(?:규정|고시|지침|법|영|규칙|요령|훈령|예규|공고|세칙|기준|조례|요강)"
    r"[은는]\s(?P<day>\S.{6,20}?)\s?부터 시행한다\.?"
)
_SIGNATURE_LINE = re.compile(r"(?P<day>.{6,30}\d\s?[일.])\s+(?P<issuer>\D+)")
_LAW_HEAD = re.compile(r"[\[(]\s*시행\s+(?P<day>[^\]\[,)]{8,20})[\]),].*")
_DATELINE = re.compile(r"[^\d,.]{2,30},\s*(?P<day>ngày\s.{10,30})")
_ENACTED = re.compile(
    r"(?:[\[(]\s*시행[^\])]*[\])]\s*)?\[\s*(?P<issuer>[가-힣A-Za-z· ]{2,30}?)\s*(?:고시|훈령|예규|공고|지침)\s*제[\d-]+호,"
    r"\s*(?P<day>20[\d. ]{6,14}?),[^\]]*\]"
)
_BYLINE = re.compile(r"(?P<day>20\d\d-\d\d-\d\d)(?:\s+\d\d?:\d\d)?(?:\s*\|?\s*\d+ min read)?")
_DATE_START_CHARACTERS = "0123456789’'‘`´"  # of a day that stands alone
_BYLINE_MAX_LINES = 12  # lines in which a byline may stand
_CLOSING_MAX_LINES = 6  # lines in which a closing without a day may stand


@dataclass(frozen=True, slots=True)
class InferredMetadata:
    """What the text says of its document; None for what it does not say, or not clearly."""

    issuer: str | None = None
    published: str | None = None
    effective_from: date | None = None
    expires: date | None = None


def infer_metadata(markdown: str) -> InferredMetadata:
    """What a document's own text says of it."""
    lines = [bare for line in markdown.splitlines() if (bare := _strip_line(line))]
    entries = list(find_labels(markdown))
    effective, expires = _infer_effective_from(lines, entries), _infer_expires(entries)
    if effective and expires and expires < effective:
        effective = expires = None
    return InferredMetadata(
        _infer_issuer(lines, entries), _infer_published(lines, entries), effective, expires
    )


def _strip_line(line: str) -> str:
    """A line without Markdown's own marks; "" for page marks and table rows."""
    text = line.strip().lstrip("#>").replace("**", "").strip()
    if text.startswith(("<!--", "|")):
        return ""
    return (
        text if len(text) <= DATE_TEXT_MAX_CHARACTERS else "…"
    )  # a sentence, which is no notice's form


def _infer_published(lines: list[str], entries: list[LabelledValue]) -> str | None:
    """The day of a label, of the closing or of a dateline; else the year of the number."""
    days = _find_labelled_dates(entries, "published")
    days += [day for day, _ in _find_closings(lines)]
    days += [
        parse_date(m["day"])
        for line in lines[:_BYLINE_MAX_LINES]
        if (m := _ENACTED.fullmatch(line))
    ]
    days += [
        parse_date(m["day"], day_first=True)
        for line in lines
        if "ngày" in line and (m := _DATELINE.fullmatch(line))
    ]
    days += [
        parse_date(m["day"]) for line in lines[:_BYLINE_MAX_LINES] if (m := _BYLINE.fullmatch(line))
    ]
    years = {match["year"] for match in _find_notice_numbers(lines)}
    if days:
        agreed = _find_consensus(days)
        return agreed.isoformat() if agreed and years <= {str(agreed.year)} else None
    return _find_consensus(years)


def _infer_effective_from(lines: list[str], entries: list[LabelledValue]) -> date | None:
    days = _find_labelled_dates(entries, "effective_from")
    days += [
        parse_date(m["day"])
        for line in lines
        if "시행" in line and (m := _IN_FORCE.fullmatch(line))
    ]
    days += [
        parse_date(m["day"])
        for line in lines[:_BYLINE_MAX_LINES]
        if (m := _LAW_HEAD.fullmatch(line))
    ]
    return _find_consensus(days)


def _infer_expires(entries: list[LabelledValue]) -> date | None:
    ends = []
    for one in entries:
        if one.field == "window":
            found = parse_date_range(one.value, day_first=one.day_first)
            if found is not None or has_date(one.value):
                ends.append(found.last if found and one.is_certain else None)
        elif one.field == "deadline" and has_date(one.value):
            ends.append(_parse_labelled_date(one) or _parse_range_end(one))
    return _find_consensus(ends)


def _infer_issuer(lines: list[str], entries: list[LabelledValue]) -> str | None:
    """Who signs or numbers it; else whose it is said to be."""
    signed = [issuer for _, issuer in _find_closings(lines)]
    signed += [
        issuer for line in lines[-_CLOSING_MAX_LINES:] if (issuer := parse_signing_issuer(line))
    ]
    signed += [name for m in _find_notice_numbers(lines) if (name := parse_issuer(m["issuer"]))]
    signed += [m["issuer"] for line in lines[:_BYLINE_MAX_LINES] if (m := _ENACTED.fullmatch(line))]
    for said in (
        signed,
        _find_labelled_issuers(entries, "issuer"),
        _find_labelled_issuers(entries, "host"),
    ):
        if said:
            return _find_consensus(said)
    return None


def _find_notice_numbers(lines: list[str]) -> Iterator[re.Match[str]]:
    for line in lines:
        if "호" in line and (match := _NOTICE_NUMBER.fullmatch(line.strip("[]<>〈〉()「」 "))):
            yield match


def _find_closings(lines: list[str]) -> Iterator[tuple[date, str]]:
    """A line that is a day, and the issuer on the next one or behind it."""
    for line, below in pairwise([*lines, ""]):
        pairs = [(line, below)]
        if match := _SIGNATURE_LINE.fullmatch(line):
            pairs.append((match["day"], match["issuer"]))
        for written, signer in pairs:
            if (
                written[0] in _DATE_START_CHARACTERS
                and (day := parse_date(written))
                and (issuer := parse_signing_issuer(signer))
            ):
                yield day, issuer


def _find_labelled_dates(entries: list[LabelledValue], field: str) -> list[date | None]:
    return [
        _parse_labelled_date(one) for one in entries if one.field == field and has_date(one.value)
    ]


def _find_labelled_issuers(entries: list[LabelledValue], field: str) -> list[str]:
    named = [parse_issuer(one.value) for one in entries if one.field == field]
    return [name for name in named if name]


def _parse_labelled_date(one: LabelledValue) -> date | None:
    return parse_date(one.value, day_first=one.day_first) if one.is_certain else None


def _parse_range_end(one: LabelledValue) -> date | None:
    found = parse_date_range(one.value, day_first=one.day_first)
    return found.last if found and one.is_certain else None


def _find_consensus(found: Iterable[T | None]) -> T | None:
    """What all candidates say; None where they disagree or one cannot be read."""
    said = set(found)
    return said.pop() if len(said) == 1 else None
