"""Numbers and dates as Excel shows them: `#,##0"만원"` makes 500만원 of 500.

See docs/decisions/0054-own-formatter-for-excel-number-formats.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from ingest.formats.office.date_formats import format_moment, is_date_section

Number = int | float
Moment = datetime | date | time | timedelta

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/표준)|(?P<exponent>[Ee][+-])|(?P<sign>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-]*)(?:-[0-9A-Fa-f]+)?")
DENOMINATOR_MAX = 9999
MAX_DIGITS = 700  # the largest number has 309, and a format at most 255 signs


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One part of a format between semicolons; `condition` says for which numbers it is."""

    tokens: tuple[tuple[str, str], ...]  # kind (digit, text, point, comma, percent, …) and sign
    condition: tuple[str, float] | None


@lru_cache(maxsize=512)
def parse_format(form: str) -> tuple[FormatSection, ...]:
    """The sections of a number format."""
    sections: list[FormatSection] = []
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, float] | None = None
    for match in _TOKEN.finditer(form):
        bracket = match.group("bracket")
        compared = _CONDITION.fullmatch(bracket.strip()) if bracket else None
        if match.group("sign") == ";":
            sections.append(FormatSection(tuple(tokens), condition))
            tokens, condition = [], None
        elif compared:
            condition = compared.group(1), float(compared.group(2))
        elif token := _read_token(match):
            tokens.append(token)
    sections.append(FormatSection(tuple(tokens), condition))
    return tuple(sections)


def _read_token(match: re.Match[str]) -> tuple[str, str] | None:
    """The kind and sign of a part of a format; None for colours and what fills a cell."""
    kind, value = str(match.lastgroup), match.group(str(match.lastgroup))
    if kind == "bracket":
        currency = _CURRENCY.fullmatch(value)
        if currency:
            return "text", currency.group(1)
        return ("elapsed", value.lower()) if re.fullmatch(r"[hHmMsS]+", value) else None
    if kind in ("quoted", "escaped"):
        return "text", value
    if kind == "space":
        return "text", " "
    if kind == "sign":
        return _classify_sign(value), value
    return None if kind == "fill" else (kind, value)


def _classify_sign(sign: str) -> str:
    kinds = {".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "words"}
    return "digit" if sign in "0#?" else kinds.get(sign, "text")


def format_value(value: Number | Moment | str, form: str) -> str:
    """A value of a cell in its number format.

    Text is changed only by a section for text. A date whose format shows no year is followed by
    the whole date in brackets: the year is in the file, and an answer needs it.
    """
    sections = parse_format(form)
    if isinstance(value, str):
        return _format_text(value, sections)
    if isinstance(value, (datetime, date, time, timedelta)):
        return format_moment(value, form)
    return _format_number(value, sections)


def _format_text(value: str, sections: tuple[FormatSection, ...]) -> str:
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) < 4 and not any(kind == "words" for kind, _ in section.tokens):
        return value
    return "".join(value if kind == "words" else sign for kind, sign in section.tokens)


def _format_number(value: Number, sections: tuple[FormatSection, ...]) -> str:
    section, amount = _choose_section(value, sections[:3])
    if section is None:
        return format_general(value)
    if is_date_section(section.tokens):
        return format_general(value)  # a number that is no date: Excel shows ####
    return _render_section(amount, section.tokens).strip()


def _choose_section(
    value: Number, sections: tuple[FormatSection, ...]
) -> tuple[FormatSection | None, Number]:
    """The section for a number, and the number that it shows: without its sign in a section of
    its own for negative numbers."""
    if any(section.condition for section in sections):
        for number, section in enumerate(sections):
            if _holds(value, section.condition, last=number == len(sections) - 1):
                shows_sign = section.condition is None or section.condition[0] in (">", ">=", "=")
                return section, value if shows_sign or value >= 0 else abs(value)
        return None, value
    if len(sections) == 1 or value > 0 or (value == 0 and len(sections) < 3):
        return sections[0], value
    if value < 0:
        return sections[1], abs(value)
    return sections[2], value


def _holds(value: Number, condition: tuple[str, float] | None, last: bool) -> bool:
    if condition is None:
        return last
    sign, other = condition
    return {
        "<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other,
        "=": value == other, "<>": value != other,
    }[sign]  # fmt: skip


def format_general(value: Number) -> str:
    """A number without a format, to eleven digits like Excel."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.11g}" if 1e-4 <= abs(value) < 1e11 else f"{value:.6g}".upper()
    return str(int(value))


def _render_section(value: Number, tokens: tuple[tuple[str, str], ...]) -> str:
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds or "words" in kinds:
        shown = format_general(value)
        return "".join(shown if kind in ("general", "words") else sign for kind, sign in tokens)
    if "digit" not in kinds:
        words = "".join(sign for kind, sign in tokens)
        return f"-{words}" if value < 0 and words else words
    if "exponent" in kinds:
        return _render_exponent(value, tokens)
    if "slash" in kinds and not _is_slash_text(kinds):
        return _render_fraction(value, tokens)
    return _render_digits(value, tokens)


def _render_digits(value: Number, tokens: tuple[tuple[str, str], ...]) -> str:
    """Digits in the places of `0`, `#` and `?`; words between them stay where they are."""
    places = [n for n, (kind, _) in enumerate(tokens) if kind == "digit"]
    points = [n for n, (kind, _) in enumerate(tokens) if kind == "point"]
    point = points[0] if points else places[-1] + 1
    whole = [n for n in places if n < point]
    part = [n for n in places if n > point]
    last = max(places[-1], point if points else 0)
    commas = [n for n, (kind, _) in enumerate(tokens) if kind == "comma"]
    scale = _count_scale(tokens, whole[-1] if whole else point, last)
    grouped = any(whole and whole[0] < n < whole[-1] for n in commas)
    with localcontext() as context:
        context.prec = MAX_DIGITS
        amount = Decimal(repr(value)) * 100 ** sum(kind == "percent" for kind, _ in tokens)
        amount /= Decimal(1000) ** scale
        amount = amount.quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    digits, _, decimals = f"{abs(amount):f}".partition(".")
    shown = _place_whole(digits.lstrip("0"), whole, tokens, grouped)
    shown.update(_place_decimals(decimals, part, tokens))
    written: list[str] = []
    for n, (kind, sign) in enumerate(tokens):
        if n in shown:
            written.append(shown[n])
        elif kind == "point" and n == point:
            if not whole:
                written.append(digits.lstrip("0"))
            written.append("." if any(shown.get(n) for n in part) else "")
        elif kind == "comma":
            written.append("," if n > last + scale else "")
        else:
            written.append(sign)
    text = "".join(written)
    return f"-{text}" if amount < 0 else text


def _count_scale(tokens: tuple[tuple[str, str], ...], whole: int, last: int) -> int:
    """How many commas follow the last digit before or after the point: each divides by 1,000."""
    count = 0
    for start in {whole, last}:
        n = start + 1
        while n < len(tokens) and tokens[n][0] == "comma":
            count, n = count + 1, n + 1
    return count


def _place_whole(
    digits: str, whole: list[int], tokens: tuple[tuple[str, str], ...], grouped: bool
) -> dict[int, str]:
    """The digits before the point by place, from the right; the rest stands in the first place."""
    shown: dict[int, str] = {}
    left, seen = digits, 0
    for n in reversed(whole):
        count = len(left) if n == whole[0] else min(1, len(left))
        taken, left = left[len(left) - count :], left[: len(left) - count]
        if not taken:
            taken = {"0": "0", "?": " "}.get(tokens[n][1], "")
        written = ""
        for digit in reversed(taken):
            written = digit + ("," if grouped and seen and seen % 3 == 0 else "") + written
            seen += digit != " "
        shown[n] = written
    return shown


def _place_decimals(
    decimals: str, part: list[int], tokens: tuple[tuple[str, str], ...]
) -> dict[int, str]:
    """The digits after the point by place, without zeros that `#` does not show."""
    shown = dict(zip(part, decimals, strict=False))
    for n in reversed(part):
        if shown.get(n, "0") != "0" or tokens[n][1] == "0":
            break
        shown[n] = " " if tokens[n][1] == "?" else ""
    return shown


def _render_exponent(value: Number, tokens: tuple[tuple[str, str], ...]) -> str:
    at = [kind for kind, _ in tokens].index("exponent")
    decimals = 0
    for n, (kind, _) in enumerate(tokens[:at]):
        if kind == "point":
            decimals = sum(kind == "digit" for kind, _ in tokens[n:at])
    mantissa, _, power = f"{value:.{decimals}E}".partition("E")
    width = sum(kind == "digit" for kind, _ in tokens[at:])
    sign = "-" if int(power) < 0 else ("+" if tokens[at][1][1] == "+" else "")
    return f"{mantissa}E{sign}{abs(int(power)):0{width}d}"


def _is_slash_text(kinds: list[str]) -> bool:
    """Whether a slash does not stand between two numbers: `0"원"/"월"`."""
    slash = kinds.index("slash")
    before = [kind for kind in kinds[:slash] if kind != "text"]
    after = kinds[slash + 1 : slash + 2]
    return not before or before[-1] != "digit" or after != ["digit"]


def _render_fraction(value: Number, tokens: tuple[tuple[str, str], ...]) -> str:
    slash = [kind for kind, _ in tokens].index("slash")
    width = 0
    while slash + 1 + width < len(tokens) and tokens[slash + 1 + width][0] == "digit":
        width += 1
    exact = Fraction(repr(abs(value))).limit_denominator(min(10**width - 1, DENOMINATOR_MAX))
    whole, rest = divmod(exact, 1)
    part = f"{rest.numerator}/{rest.denominator}" if rest else ""
    shown = " ".join(filter(None, [str(whole) if whole or not part else "", part]))
    tail = "".join(sign for kind, sign in tokens[slash + 1 + width :] if kind == "text")
    return f"{'-' if value < 0 else ''}{shown}{tail}"
