"""Finds the figures in a Korean, English or Vietnamese text: amounts, percentages, periods, dates.

"3천만 원", "30,000,000원" and "KRW 30 million" are one figure; so are "50%" and "50퍼센트", and
"6 March 2026" and "2026년 3월 6일". "10일" and "10개월" are two: a figure keeps its unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.text.dates import blank_dates, find_dates

_NUMBER_WORDS = {
    1: "일 한 một a one", 2: "이 두 hai two", 3: "삼 세 ba three", 4: "사 네 bốn four",
    5: "오 다섯 năm five", 6: "육 여섯 sáu six", 7: "칠 일곱 bảy seven", 8: "팔 여덟 tám eight",
    9: "구 아홉 chín nine", 10: "열 mười ten", 11: "eleven", 12: "twelve", 15: "fifteen",
    20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy",
    80: "eighty", 90: "ninety",
}  # fmt: skip
_NUMBER_BY_WORD = {
    word: number for number, words in _NUMBER_WORDS.items() for word in words.split()
}
_KOREAN_MULTIPLIERS = {"십": 10, "백": 100, "천": 1_000, "만": 10**4, "억": 10**8, "조": 10**12}
_WESTERN_MULTIPLIERS = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 10**3, "m": 10**6, "bn": 10**9, "tn": 10**12,
    "nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9,
    "nghìn tỷ": 10**12, "nghìn tỉ": 10**12, "ngàn tỷ": 10**12, "ngàn tỉ": 10**12,
}  # fmt: skip

# Numbers in words, only where the next word shows that they are numbers.
_NUMBER_WORD_PATTERNS = (
    re.compile(r"(?<![가-힣\d])(?:[일이삼사오육칠팔구]?[십백천만억조])+(?=\s?(?:원|달러|유로|엔|위안|개|건|명|퍼센트))"),
    re.compile(r"(?<![가-힣])(?:한(?=\s?(?:달|시간|주))|(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열)"
               r"(?=\s?(?:달|시간|주|배|번|차례|명|개|건|곳|해|가지|나라|군데|회)))"),
    re.compile(r"\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
               r"(?=\s(?:ngày|tuần|tháng|năm|giờ|lần|nghìn|triệu|tỷ|phần trăm)\b)", re.IGNORECASE),
    re.compile(r"\b(?:a|one)(?=\s(?:hundred|thousand|million|billion)\b)"
               r"|\bone(?=\s(?:day|week|month|year|hour)\b)"
               r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
               r"|forty|fifty|sixty|seventy|eighty|ninety)\b", re.IGNORECASE),
)  # fmt: skip
_HALF = re.compile(r"절반|\bhalf\b|\bmột nửa\b", re.IGNORECASE)
_ARTICLE = re.compile(r"제\s?(\d+)\s?조")  # an article of a law, not three trillion
_PHONE = re.compile(r"(?<![\d-])\d{2,4}-\d{3,4}-\d{4}(?![\d-])")

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|[1-9]\d{0,2}(?:\.\d{3})+|\d+(?:\.\d+)?)(?![\d])"
_FIGURE = re.compile(
    rf"(?P<korean>{_NUMBER}\s?[십백천만억조]+(?:\s?{_NUMBER}\s?[십백천만억조]+)*"
    r"(?:\s?\d{1,3}(?:,?\d{3})?(?=\s?(?:원|달러|명|개|건)))?)"
    rf"|(?P<western>\d+,\d{{1,2}}|{_NUMBER})\s?"
    r"(?P<scale>hundred|thousand|million|billion|trillion|bn|tn"
    r"|(?:nghìn|ngàn) (?:tỷ|tỉ)|nghìn|ngàn|triệu|tỷ|tỉ|[km])\b"
    rf"|(?P<decimal>\d+,\d{{1,2}})(?=\s?(?:%|phần trăm))|(?P<plain>{_NUMBER})",
    re.IGNORECASE,
)
_RANGE_JOIN = re.compile(r"\s?(?:[~∼–—-]|to|or|and|에서|부터|내지|또는|및|đến|hoặc|và)\s?(?=\d)")

_UNIT_PATTERNS = {
    "%": r"%|퍼센트|프로(?![가-힣])|percent|per cent|phần trăm",
    "won": r"원|won\b|KRW",
    "usd": r"달러|(?:US )?dollars?|USD|đô la",
    "eur": r"유로|euros?|EUR",
    "vnd": r"동(?![가-힣])|đồng|VN[DĐ]",
    "jpy": r"엔|yen|JPY",
    "cny": r"위안|yuan|CNY|RMB",
    "day": r"영업일|근무일|일|(?:working |business |calendar )?days?\b|ngày",
    "week": r"주(?![요소문식관년당])|weeks?\b|tuần",
    "month": r"개월|달(?!러)|months?\b|tháng",
    "year": r"년|years?\b|năm",
    "hour": r"시간|hours?\b|giờ",
}
_UNIT_AFTER = re.compile(
    r"[\s-]?(?:여\s?)?(?:"
    + "|".join(f"(?P<u{i}>{u})" for i, u in enumerate(_UNIT_PATTERNS.values()))
    + ")",
    re.IGNORECASE,
)
_CURRENCY_BEFORE = {
    unit: re.compile(rf"(?:{sign})\s?(?:\d[\d,.]*\s?(?:[~–-]|to)\s?)?$")
    for unit, sign in {"won": "KRW|₩", "usd": r"USD|\$", "eur": "EUR|€", "vnd": "VN[DĐ]"}.items()
}


def find_figures(text: str) -> frozenset[str]:
    """Every figure of `text`: its full value ("30000000") and its value with its unit
    ("30000000 won", "10 day"); of a date the keys of `DateMention.figure_keys`; phone numbers as
    written."""
    figures = {match.group() for match in _PHONE.finditer(text)}
    text = _replace_number_words(_PHONE.sub(" ", text))
    for date in find_dates(text):
        figures |= date.figure_keys()
    text = blank_dates(text)
    matches = list(_FIGURE.finditer(text))
    unit: str | None = None
    for match, following in zip(reversed(matches), [None, *reversed(matches[1:])], strict=False):
        join = _RANGE_JOIN.match(text, match.end())
        is_range = join is not None and following is not None and join.end() == following.start()
        unit = _find_unit(text, match) or (unit if is_range else None)  # "10 to 20 days"
        value = _parse_value(match)
        figures.add(_format_value(value))
        if unit and not (unit == "year" and 1900 <= value < 2100):
            figures.add(f"{_format_value(value)} {unit}")
    return frozenset(figures)


def _replace_number_words(text: str) -> str:
    """`text` with numbers in words replaced by digits."""
    text = _ARTICLE.sub(r"제\1 항목", text)
    text = _HALF.sub(" 50% ", text)
    for pattern in _NUMBER_WORD_PATTERNS:
        text = pattern.sub(_convert_number_word, text)
    return text


def _convert_number_word(match: re.Match[str]) -> str:
    word = match.group().lower()
    if word in _NUMBER_BY_WORD:
        return str(_NUMBER_BY_WORD[word])
    return re.sub(r"[일이삼사오육칠팔구]", lambda one: str(_NUMBER_BY_WORD[one.group()]), word) \
        if word[0] in _NUMBER_BY_WORD else f"1{word}"  # fmt: skip


def _find_unit(text: str, match: re.Match[str]) -> str | None:
    """The unit of a figure: the word after it, else the currency before it, else None."""
    if after := _UNIT_AFTER.match(text, match.end()):
        return list(_UNIT_PATTERNS)[int((after.lastgroup or "u0")[1:])]
    before = text[max(0, match.start() - 20) : match.start()]
    return next((unit for unit, sign in _CURRENCY_BEFORE.items() if sign.search(before)), None)


def _parse_value(match: re.Match[str]) -> float:
    if korean := match.group("korean"):
        return _parse_korean_number(korean)
    if western := match.group("western"):
        return round(_parse_number(western) * _WESTERN_MULTIPLIERS[match.group("scale").lower()], 2)
    return _parse_number(match.group("decimal") or match.group("plain"))


def _parse_korean_number(text: str) -> float:
    """1억 5천만 → 150,000,000: each group below 만 is multiplied by the 만, 억 or 조 after it."""
    total = group = number = 0.0
    for token in _split_korean_number(text):
        unit = _KOREAN_MULTIPLIERS.get(token)
        if unit is None:
            number = _parse_number(token)
        elif unit < 10**4:
            group, number = group + (number or 1) * unit, 0.0
        else:
            total, group, number = total + (group + number or 1) * unit, 0.0, 0.0
    return total + group + number


def _split_korean_number(text: str) -> Iterator[str]:
    return (match.group() for match in re.finditer(r"\d[\d,.]*|[십백천만억조]", text))


def _parse_number(number: str) -> float:
    """1,000 and 1.000 are a thousand; 3,5 and 3.5 are three and a half."""
    if re.fullmatch(r"\d+,\d{1,2}", number):
        return float(number.replace(",", "."))
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", number):
        return float(number.replace(".", ""))
    return float(number.replace(",", ""))


def _format_value(value: float) -> str:
    return str(int(value)) if value.is_integer() else str(value)
