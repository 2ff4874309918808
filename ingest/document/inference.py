"""Metadata inferred from the text of a notice: issuer, publication date and application window.

Only the fixed forms of a notice count: a labelled line or table cell, the notice number, the
closing with date and issuer. Where two places disagree, the field stays unknown. See
docs/decisions/0012-notice-dates-only-from-labelled-fields.md.
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
    has_open_end,
    parse_date,
    parse_date_range,
)

T = TypeVar("T")
INFERABLE_FIELDS = ("issuer", "published", "effective_from", "expires")

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
_DATE_START_CHARACTERS = "0123456789’'‘`´"  # of a date on a line of its own
_BYLINE_MAX_LINES = 12  # from the top, in which a byline may be
_END_HINT = re.compile(r"\d|말|달")  # of a day, where no form of a date may be known
_CLOSING_MAX_LINES = 6  # from the end, in which a closing without a date may be


@dataclass(frozen=True, slots=True)
class InferredMetadata:
    """The fields that a text states; None for those it does not state unambiguously.

    `published` is YYYY-MM-DD, or YYYY where only the notice number says it.
    """

    issuer: str | None = None
    published: str | None = None
    effective_from: date | None = None
    expires: date | None = None


def infer_metadata(markdown: str, published: str | None = None) -> InferredMetadata:
    """The metadata that the text of a document states about itself.

    `published` is its date where that is declared: periods without a year are counted from it.
    """
    lines = [bare for line in markdown.splitlines() if (bare := _strip_line(line))]
    entries = list(find_labels(markdown))
    stated = _infer_published(lines, entries)
    near = _parse_day(published or stated)
    effective, expires = _infer_effective_from(lines, entries), _infer_expires(entries, near)
    if effective and expires and expires < effective:
        effective = expires = None
    return InferredMetadata(_infer_issuer(lines, entries), stated, effective, expires)


def _strip_line(line: str) -> str:
    """A line without Markdown marks; "" for page marks and table rows, "…" for a long line."""
    text = line.strip().lstrip("#>").replace("**", "").strip()
    if text.startswith(("<!--", "|")):
        return ""
    return text if len(text) <= DATE_TEXT_MAX_CHARACTERS else "…"  # a sentence


def _infer_published(lines: list[str], entries: list[LabelledValue]) -> str | None:
    """The date of a label, closing or dateline; else the year of the notice number."""
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


def find_open_end(markdown: str) -> str | None:
    """The words with which a notice leaves the end of its window open ("예산 소진 시까지"); None if
    it gives a day, or has no window."""
    values = [one.value for one in find_labels(markdown) if one.field in ("window", "deadline")]
    if not values or not all(has_open_end(value) for value in values):
        return None
    windows = [parse_date_range(value) for value in values]
    return values[0] if all(one and one.last is None for one in windows) else None


def find_unread_end(markdown: str, published: str | None = None) -> str | None:
    """The words of a window or deadline whose last day cannot be read although they give one; None
    without any. `published` is the date of the notice."""
    near = _parse_day(published)
    for entry in find_labels(markdown):
        if entry.field not in ("window", "deadline") or not _END_HINT.search(entry.value):
            continue
        if (
            _parse_range_end(entry, near) is None
            and not has_open_end(entry.value)
            and (entry.field == "window" or _parse_labelled_date(entry, near) is None)
        ):
            return entry.value
    return None


def _parse_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text and len(text) == len("2026-03-06") else None


def _infer_expires(entries: list[LabelledValue], near: date | None) -> date | None:
    ends = []
    for entry in entries:
        if entry.field == "window":
            window = parse_date_range(entry.value, day_first=entry.day_first, near=near)
            if window is not None or has_date(entry.value):
                ends.append(window.last if window and entry.is_certain else None)
        elif entry.field == "deadline" and has_date(entry.value):
            ends.append(_parse_labelled_date(entry, near) or _parse_range_end(entry, near))
    return _find_consensus(ends)


def _infer_issuer(lines: list[str], entries: list[LabelledValue]) -> str | None:
    """The issuer in signature or notice number; else that of a label; else the labelled host."""
    signed = [issuer for _, issuer in _find_closings(lines)]
    signed += [
        issuer for line in lines[-_CLOSING_MAX_LINES:] if (issuer := parse_signing_issuer(line))
    ]
    signed += [name for m in _find_notice_numbers(lines) if (name := parse_issuer(m["issuer"]))]
    signed += [m["issuer"] for line in lines[:_BYLINE_MAX_LINES] if (m := _ENACTED.fullmatch(line))]
    for issuers in (
        signed,
        _find_labelled_issuers(entries, "issuer"),
        _find_labelled_issuers(entries, "host"),
    ):
        if issuers:
            return _find_consensus(issuers)
    return None


def _find_notice_numbers(lines: list[str]) -> Iterator[re.Match[str]]:
    for line in lines:
        if "호" in line and (match := _NOTICE_NUMBER.fullmatch(line.strip("[]<>〈〉()「」 "))):
            yield match


def _find_closings(lines: list[str]) -> Iterator[tuple[date, str]]:
    """Date and issuer of each closing: a line that is a date, with the issuer after or below it."""
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
        _parse_labelled_date(entry)
        for entry in entries
        if entry.field == field and has_date(entry.value)
    ]


def _find_labelled_issuers(entries: list[LabelledValue], field: str) -> list[str]:
    named = [parse_issuer(entry.value) for entry in entries if entry.field == field]
    return [name for name in named if name]


def _parse_labelled_date(entry: LabelledValue, near: date | None = None) -> date | None:
    if not entry.is_certain:
        return None
    return parse_date(entry.value, day_first=entry.day_first, near=near)


def _parse_range_end(entry: LabelledValue, near: date | None) -> date | None:
    period = parse_date_range(entry.value, day_first=entry.day_first, near=near)
    return period.last if period and entry.is_certain else None


def _find_consensus(candidates: Iterable[T | None]) -> T | None:
    """The value of all candidates; None if they disagree or one of them is None."""
    values = set(candidates)
    return values.pop() if len(values) == 1 else None
