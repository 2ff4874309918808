"""Days that a notice names by the calendar or by its own date, written out as dates: "11월 말",
"12월 초순", "4분기 내", "내년 1월 8일", "공고일로부터 30일 이내", "by the end of November"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from knowledge.text.dates import MONTH_NUMBERS

# After a notice that a date without a year of the next year is believed: later ones may be past.
YEAR_GUESS_MAX = timedelta(days=183)

_END = r"(?=\s*(?:까지|$|[(,~]))"
_MONTHS = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
# The last day is meant: "초" is until the 10th, "중순" until the 20th, "11월 중" the whole month.
_PERIOD_END = re.compile(
    r"(?:(?<!\d)(?:(?P<year>(?:19|20)\d\d)|[’'‘`´]\s?(?P<short>\d\d))\s*(?:년도?|[.])\s*"
    r"|(?P<this>금년도?|올해|당해\s*연도|당해|내년)\s*)?"
    rf"(?:(?<!\d)(?P<month>\d{{1,2}})\s*(?:월\s*(?:말일?|(?P<part>초순?|중순|하순|중|이?내){_END})|[.]\s*말일?{_END})"
    rf"|(?P<quarter>[1-4])\s*(?:사?분기)(?:\s*(?:[말중]|이?내))?{_END}"
    rf"|(?P<half>[상하])반기(?:\s*(?:[말중]|이?내))?{_END}"
    rf"|(?<![가-힣\d])(?P<bare>월|분기|반기)\s*말일?{_END}"
    rf"|(?<![가-힣])(?:연말|년말|말){_END})"
)
_FOREIGN_END = re.compile(
    rf"\b(?:the\s)?end\sof\s(?P<name>{_MONTHS})\b(?:,?\s(?P<year>20\d\d))?"
    r"|(?:\b(?:cuối|hết)\s)+tháng\s(?P<month>\d{1,2})(?:(?:\s?/\s?|\snăm\s)(?P<nam>20\d\d))?",
    re.IGNORECASE,
)
_PART_ENDS = {"초": 10, "초순": 10, "중순": 20}
_NAMED_YEAR = re.compile(r"(?P<year>금년도?|올해|당해\s*연도|내년)\s*(?=\d{1,2}\s*(?:월|[.])\s*\d)")
_NAMED_MONTH = re.compile(
    r"(?:(?P<next>익월|다음\s*달|내달)|당월|이번\s*달|이달|금월)\s*(?=(?:[1-9]\d?\s*일|말))"
)
_AFTER_NOTICE = re.compile(
    r"공고일\s*(?:로)?부터\s*(?P<count>[1-9]\d{0,2})\s*(?P<unit>주일?|일|개월|달)\s*(?:간|이내|까지|동안|내)+"
)
_NOTICE_DAY = re.compile(r"공고\s*(?:일|즉시)(?=\s*(?:[~∼〜～–—-]|(?:로)?부터))")


def write_period_ends(text: str, near: date | None, *, of_window: bool = False) -> str:
    """The text with such days as dates: "2026년 11월 말" as 2026. 11. 30. `near` is the date of the
    notice; an end without a year in it is after that. Only of a window "초순" and "5월 중" say the
    latest day; of anything else they say no day."""
    if near:
        text = _write_from_notice(text, near)

    def write(match: re.Match[str]) -> str:
        is_day = of_window or not (match["part"] or re.search("[중내]", match.group()))
        last = _find_period_end(match, near) if is_day else None
        return _write_day(last) if last else match.group()

    def write_foreign(match: re.Match[str]) -> str:
        month = int(match["month"] or 0) or MONTH_NUMBERS[str(match["name"]).capitalize()]
        last = _find_end(month, 31, match["year"] or match["nam"], near)
        return _write_day(last) if last else match.group()

    return _PERIOD_END.sub(write, _FOREIGN_END.sub(write_foreign, text))


def has_period_end(text: str) -> bool:
    """Whether a text names the end of a period, even if its year is not known."""
    return bool(_PERIOD_END.search(text) or _FOREIGN_END.search(text) or _AFTER_NOTICE.search(text))


def add_span(day: date, count: int, unit: str) -> date:
    """The day that is `count` of a Korean unit (일, 주, 주일, 개월, 달) after another one; the last of
    its month where the month is too short."""
    if unit in ("개월", "달"):
        years, month = divmod(day.month - 1 + count, 12)
        return _cut_day(day.year + years, month + 1, day.day)
    return day + timedelta(count * (7 if unit.startswith("주") else 1))


def _write_from_notice(text: str, near: date) -> str:
    """Years, months and days that are counted from the notice, as dates."""
    text = _AFTER_NOTICE.sub(
        lambda match: f"~ {_write_day(add_span(near, int(match['count']), match['unit']))}", text
    )
    text = _NOTICE_DAY.sub(_write_day(near), text)
    text = _NAMED_YEAR.sub(lambda match: f"{near.year + ('내년' in match['year'])}. ", text)
    later = (near.replace(day=1) + timedelta(31)).replace(day=1)
    return _NAMED_MONTH.sub(
        lambda match: "{0.year}년 {0.month}월 ".format(later if match["next"] else near), text
    )


def _write_day(day: date) -> str:
    return f"{day.year}. {day.month}. {day.day}."


def _find_period_end(match: re.Match[str], near: date | None) -> date | None:
    """The last day that a match of `_PERIOD_END` names; None if its year is not known."""
    parts = match.groupdict()
    year = parts["year"] or (f"20{parts['short']}" if parts["short"] else None)
    if year is None and near and parts["this"]:
        year = str(near.year + ("내년" in parts["this"]))
    month = 12
    if parts["month"]:
        month = int(parts["month"])
    elif parts["quarter"]:
        month = 3 * int(parts["quarter"])
    elif parts["half"]:
        month = 6 if parts["half"] == "상" else 12
    elif parts["bare"]:
        if near is None:
            return None
        month = {"월": near.month, "분기": 3 * ((near.month + 2) // 3)}.get(
            parts["bare"], 6 if near.month <= 6 else 12
        )
    return _find_end(month, _PART_ENDS.get(parts["part"] or "", 31), year, near)


def _find_end(month: int, day: int, year: str | None, near: date | None) -> date | None:
    """The day of a month, its last one if it is shorter; without a year the first on or after the
    notice, None if that is long after it."""
    if not 1 <= month <= 12 or (year is None and near is None):
        return None
    written = int(year) if year else near.year if near else 0
    last = _cut_day(written, month, day)
    if near and last < near and year is None:
        last = _cut_day(written + 1, month, day)
        return last if last - near <= YEAR_GUESS_MAX else None
    return last


def _cut_day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
