"""Labelled fields of a notice: "접수기간: …", "○ (공고일) …", "| 시행일 | … |", "Posted: …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile

from ingest.document.notice_dates import DATE_TEXT_MAX_CHARACTERS, has_date

LABEL_LINE_MAX_CHARACTERS = 2 * DATE_TEXT_MAX_CHARACTERS  # of a line with a label and its value


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A value and the field that its label names: published, effective_from, window, deadline,
    issuer or host.

    `is_certain` is false if something qualifies the label ("2차 접수기간"): such a value can only
    contradict others. `day_first`: 05/03/2026 is the fifth of March.
    """

    field: str
    value: str
    is_certain: bool
    day_first: bool


def _allow_spaces(words: str) -> str:
    """A pattern for these labels, also with spaces between syllables: "공 고 일"."""
    return "|".join(r"\s*".join(word) for word in words.split())


# Field, pattern of its labels, whether days are written before months.
_LABEL_WORDS = (
    ("published", _allow_spaces("공고일자 공고일 게시일자 게시일 등록일자 등록일 작성일자 작성일 발행일 배포일 기사입력 입력일시 입력"), False),
    ("effective_from", _allow_spaces("시행일자 시행일 시행"), False),
    ("window", _allow_spaces("접수기간 신청기간 모집기간 공모기간 접수일정") + "|접수\\s*및\\s*신청\\s*기간|신청\\s*및\\s*접수\\s*기간|(?:신청\\s*[·ㆍ・/]\\s*접수|접수\\s*[·ㆍ・/]\\s*신청)(?:\\s*기간)?", False),
    ("deadline", _allow_spaces("접수마감일 신청마감일 접수마감 신청마감 마감일시 마감일 접수기한 신청기한"), False),
    ("issuer", _allow_spaces("소관부처 소관 담당부처 공고기관 발행기관"), False),
    ("host", _allow_spaces("주관기관 주관부처 주관"), False),
    ("published", r"date posted|posted(?: on)?|published(?: on)?|date of issue|publication date", False),
    ("effective_from", r"effective (?:date|from)|date of effect", False),
    ("window", r"application (?:period|window)|applications?", False),
    ("deadline", r"(?:application )?deadline|closing date", False),
    ("issuer", r"issued by|issuer|issuing (?:body|agency)", False),
    ("published", r"ngày (?:đăng|ban hành|công bố|phát hành)", True),
    ("effective_from", r"ngày (?:có )?hiệu lực", True),
    ("window", r"thời (?:gian|hạn) (?:nhận|nộp|tiếp nhận) hồ sơ|thời gian đăng ký", True),
    ("deadline", r"hạn (?:chót )?(?:nhận|nộp|đăng ký)(?: hồ sơ)?|hạn chót", True),
    ("issuer", r"cơ quan (?:ban hành|chủ trì)", True),
)  # fmt: skip
_ANY_LABEL = re.compile("|".join(words for _, words, _ in _LABEL_WORDS), re.IGNORECASE)
_LABELS = tuple(
    (
        field,
        re.compile(
            rf"(?P<before>.{{0,12}}?)(?:{words})(?P<after>\s*\([^()]{{0,20}}\))?", re.IGNORECASE
        ),
        day_first,
    )
    for field, words, day_first in _LABEL_WORDS
)
_NEUTRAL_QUALIFIER = re.compile(
    r"(?:참가|참여|사업|온라인|서류|모집)?\s*(?:신청서?)?\s*|참여기업\s*|참가기업\s*"
)
_OTHER_EVENT = re.compile(r"이의|교육|행사|전시|협약|심사|평가|선정|입금|정산|결과|수정|last|up")
_LINE_MARKS = re.compile(
    r"^\s*(?:<!--.*|#{1,6}\s|>\s|[□■◇◆▣○●◦◯ㅇ▷▶•·∙※*+-]\s*|o\s|\(?\d{1,2}\\?[.)]\s*+(?!\d)"
    r"|\(?[가나다라마바사아자차카타파하][.)]\s*|[①-⑳]\s*)+"
)
# A label and its value: in brackets, before a date, before a colon.
_LABEL_VALUE_FORMS = (
    re.compile(r"[(\[【<](?P<label>[^()\[\]【】<>]{2,24})[)\]】>]\s*[:：]?\s*(?P<value>.*)"),
    re.compile(r"(?P<label>[^\d:：]{2,24}?)\s+(?P<value>[~’'‘]?\s?\d.*)"),
    re.compile(r"(?P<label>[^:：]{2,40}?)\s*[:：]\s*(?P<value>.*)"),
)
_NEXT_FIELD = re.compile(
    r"\s*[|\t※].*|\s+(?:조회수?|작성자|담당자?|수정일?|첨부)\b.*|\s+[가-힣]{2,6}\s*[:：].*"
)


def find_labels(markdown: str) -> Iterator[LabelledValue]:
    """All labelled values: in lines, on the lines below a label, and in tables."""
    lines = markdown.splitlines()
    for number, line in enumerate(lines):
        if (
            len(line) > LABEL_LINE_MAX_CHARACTERS
            or line.lstrip().startswith("|")
            or not _ANY_LABEL.search(line)
        ):
            continue
        text = _strip_marks(line)
        label, value = _split_label(text)
        if value:
            yield from _match_label(label, value)
        elif label:
            for below in _find_values_below(lines[number + 1 : number + 13]):
                yield from _match_label(label, below)
    for table in _find_tables(lines):
        yield from _find_table_labels(table)


def _strip_marks(line: str) -> str:
    return _LINE_MARKS.sub("", re.sub(r"<br\s*/?>", " ", line.replace("**", ""))).strip()


def _split_label(text: str) -> tuple[str, str]:
    """The label and the value of a line; the value is empty if the line is only a label."""
    for form in _LABEL_VALUE_FORMS:
        if match := form.match(text):
            return match["label"], match["value"]
    return (text, "") if len(text) <= 24 else ("", "")


def _find_values_below(lines: list[str]) -> Iterator[str]:
    """The lines below a label on a line of its own, as long as they begin with a date."""
    texts = [text for line in lines if (text := _strip_marks(line))]
    yield from takewhile(lambda text: re.match(r"[~’'‘]?\s?\d", text), texts[:4])


def _match_label(label: str, value: str) -> Iterator[LabelledValue]:
    """The labelled value, if `label` is a known label and the value is short enough."""
    value = _NEXT_FIELD.sub("", value[:LABEL_LINE_MAX_CHARACTERS]).strip()
    if not value or len(value) > DATE_TEXT_MAX_CHARACTERS:
        return
    for field, pattern, day_first in _LABELS:
        match = pattern.fullmatch(label.strip())
        if match and not _OTHER_EVENT.search(match["before"].lower()):
            is_certain = bool(_NEUTRAL_QUALIFIER.fullmatch(match["before"])) and not match["after"]
            yield LabelledValue(field, value, is_certain, day_first)
            return


def _find_tables(lines: list[str]) -> Iterator[list[list[str]]]:
    """The rows of cells of each table that contains a label."""
    for is_table, run in groupby(lines, lambda line: line.lstrip().startswith("|")):
        rows = list(run) if is_table else []
        if any(map(_ANY_LABEL.search, rows)):
            cells = [
                [_strip_marks(cell) for cell in row.strip().strip("|").split("|")] for row in rows
            ]
            yield [row for row in cells if not all(re.fullmatch(r":?-*:?", cell) for cell in row)]


def _find_table_labels(rows: list[list[str]]) -> Iterator[LabelledValue]:
    """The value of a label is the next cell, or the cells below a row of labels."""
    for row in rows:
        for label, value in pairwise(row):
            if not _is_label(value):
                yield from _match_label(label, value)
    if rows and any(map(_is_label, rows[0])) and not any(map(has_date, rows[0])):
        for row in rows[1:]:
            for label, value in zip(rows[0], row, strict=False):
                yield from _match_label(label, value)


def _is_label(text: str) -> bool:
    return any(pattern.fullmatch(text) for _, pattern, _ in _LABELS)
