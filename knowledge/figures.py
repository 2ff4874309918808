"""The figures in a text: amounts, percentages, dates and numbers, written in any of three ways.

"3천만 원", "30,000,000원" and "KRW 30 million" are one figure; so are "50%" and "50퍼센트".
"""

from __future__ import annotations

import re

_KOREAN_UNITS = {"십": 10, "백": 100, "천": 1_000, "만": 10**4, "억": 10**8, "조": 10**12}
_WORD_UNITS = {
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 10**3, "m": 10**6, "bn": 10**9, "tn": 10**12,
    "nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9,
}  # fmt: skip
_KOREAN = re.compile(r"\d[\d,]*(?:\.\d+)?(?:\s?[십백천만억조]+)(?:\s?\d[\d,]*\s?[십백천만억조]*)*")
_WESTERN = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)\s?(thousand|million|billion|trillion|bn|tn|nghìn|triệu|tỷ|[km])\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        1,
    )
    for name in names.split()
}
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\b\.?", re.IGNORECASE)


def figures(text: str) -> frozenset[float]:
    """Every number of `text` at its full value, the months of dates among them."""
    found: set[float] = set()
    for pattern, value in ((_KOREAN, _korean_value), (_WESTERN, _western_value)):
        found.update(value(match) for match in pattern.finditer(text))
        text = pattern.sub(" ", text)
    found.update(float(match.group().replace(",", "")) for match in _PLAIN.finditer(text))
    found.update(float(_MONTHS[match.group(1).lower()]) for match in _MONTH.finditer(text))
    return frozenset(found)


def _korean_value(match: re.Match[str]) -> float:
    """1억 5천만 → 150,000,000: each group below 만 is carried up by the 만, 억, 조 after it."""
    total = group = number = 0.0
    for token in re.findall(r"\d[\d,]*(?:\.\d+)?|[십백천만억조]", match.group()):
        unit = _KOREAN_UNITS.get(token)
        if unit is None:
            number = float(token.replace(",", ""))
        elif unit < 10**4:
            group, number = group + (number or 1) * unit, 0.0
        else:
            total, group, number = total + (group + number or 1) * unit, 0.0, 0.0
    return total + group + number


def _western_value(match: re.Match[str]) -> float:
    return round(float(match.group(1).replace(",", "")) * _WORD_UNITS[match.group(2).lower()], 2)
