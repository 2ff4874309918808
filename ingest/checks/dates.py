"""Dates that a library must state: of its sources, of the end of a call, of the last check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ingest.checks.types import (
    CheckContext,
    CheckedDocument,
    CheckedLine,
    CheckedSection,
    CheckFinding,
    find_at,
)
from ingest.document.inference import find_open_end, find_unread_end
from ingest.passages.clause_marks import SOURCES_LINE
from ingest.passages.split import parse_sources
from ingest.remarks import Remark
from knowledge.text.dates import find_dates

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SAID_UNDATED = re.compile(
    r"날짜\s?(?:없음|미상)|undated|no date|không (?:ghi|có|rõ) ngày", re.IGNORECASE
)
_OWN_SUMMARY = re.compile(r"나루|Naru")
_SITE_OF_LINK = re.compile(r"https?://([^/\s()]+)")
# A call or a programme, if the title has its year as well.
_CALL = re.compile(
    r"공고|모집|공모|접수|신청|지원|바우처|참가 ?기업|\bcalls?\b|application|\bround\b|intake|support"
    r"|programmes?\b|voucher|nhận hồ sơ|đợt (?:nộp|tuyển|xét)|hỗ trợ",
    re.IGNORECASE,
)
# A title that says that its calls are past tells of them, and goes on being true.
_HISTORY = re.compile(r"지난|\bpast\b|trước đây", re.IGNORECASE)
# "Firms apply by …", not "the rules apply until …".
_APPLICATION = re.compile(
    r"접수|신청|모집|공모|\bapplications?\b|\bintake\b|\bapply by\b|\b(?:firms|companies|exporters|you)"
    r" (?:can |may |must )?apply\b|nộp (?:đơn|hồ sơ)|nhận hồ sơ|đăng ký tham gia",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"까지|마감|\buntil\b|\bby\b|\bclos|deadline|\bto\b|đến|hạn|[~∼–]", re.IGNORECASE
)


def find_undated_sources(
    documents: Sequence[CheckedDocument],
) -> Iterator[CheckFinding]:
    """Sources without a date; one that is said to have none is only listed. A document that names no
    sources is one itself, and needs its own date."""
    for one in documents:
        if not any(section.sources for section in one.sections):
            if one.document.published is None:
                yield find_at("warning", one, Remark("document_undated"))
            continue
        for section in one.sections:
            for line in section.sources:
                yield from _find_undated(one, section, line)


def find_open_windows(documents: Sequence[CheckedDocument], today: date) -> Iterator[CheckFinding]:
    """Calls that are bound to a year or to a day to come and have no `expires`: they would go on
    answering when they are over."""
    for one in documents:
        if one.document.expires is not None:
            continue
        title = one.document.title
        if _YEAR.search(title) and _CALL.search(title) and not _HISTORY.search(title):
            yield find_at("error", one, Remark("call_without_end"), line=one.keys.get("expires"))
            continue
        text = "\n".join(section.text for section in one.sections)
        if words := find_open_end(text):
            yield find_at("warning", one, Remark("open_end", {"words": words}))
        elif words := find_unread_end(text, one.document.published):
            yield find_at("warning", one, Remark("unread_end", {"words": words}))
        for section in one.sections:
            for line, sentence, last in _list_windows(section, today):
                remark = Remark(
                    "window_without_end", {"day": last.isoformat(), "sentence": sentence}
                )
                yield find_at("error", one, remark, section, line)


def find_stale_checks(
    documents: Sequence[CheckedDocument], context: CheckContext
) -> Iterator[CheckFinding]:
    """Documents whose sources were last read too long ago, or are said to be read in the future."""
    for one in documents:
        if one.checked is None:
            continue
        days, line = (context.today - one.checked).days, one.keys.get("checked")
        day = one.checked.isoformat()
        if days < 0:
            yield find_at("error", one, Remark("checked_in_future", {"day": day}), line=line)
        elif days > context.checked_max_days:
            most = context.checked_max_days
            remark = Remark("checked_stale", {"day": day, "days": days, "most": most})
            yield find_at("warning", one, remark, line=line)


def _find_undated(
    one: CheckedDocument, section: CheckedSection, line: CheckedLine
) -> Iterator[CheckFinding]:
    for source, note in _list_undated(line.text):
        if _SAID_UNDATED.search(note):
            remark = Remark("source_undated", {"source": source})
            yield find_at("info", one, remark, section, line.number)
        else:
            remark = Remark("source_without_date", {"source": source})
            yield find_at("warning", one, remark, section, line.number)


def _list_undated(line: str) -> Iterator[tuple[str, str]]:
    """The sources of a line that have no date, and what is said of each in brackets."""
    named = SOURCES_LINE.match(line.strip())
    text = named.group(2) if named else line
    links = parse_sources(text)
    if not links and not (_YEAR.search(text) or _OWN_SUMMARY.search(text)):
        yield text, text
    for link in links:
        if link.published is None and not _YEAR.search(note := _find_note(text, link.url)):
            yield link.url, note


def _find_note(text: str, url: str) -> str:
    """What stands in brackets after an address."""
    after = re.match(r"\s*\(([^)]*)\)", text[text.index(url) + len(url) :])
    return after.group(1) if after else ""


def _list_windows(section: CheckedSection, today: date) -> Iterator[tuple[int | None, str, date]]:
    """The sentences that say until which day to come one may apply: line, sentence, day."""
    for line in section.lines:
        for sentence in line.split_sentences():
            if not (_APPLICATION.search(sentence) and _UNTIL.search(sentence)):
                continue
            days = [
                day
                for one in find_dates(sentence)
                if (day := _build_day(one.year, one.month, one.day))
            ]
            if days and max(days) > today:
                yield line.number, sentence, max(days)


def _build_day(year: int | None, month: int, day: int | None) -> date | None:
    if year is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
