"""The letters of a page with their places; what its reader does not see is left out and told.

See docs/decisions/0057-pdf-text-by-the-position-of-its-letters.md.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

from ingest.formats.left_out import Kind, LeftOut
from ingest.formats.pdf.drawn.addresses import add_addresses
from ingest.formats.pdf.drawn.drawing import Drawing
from ingest.formats.pdf.drawn.geometry import Box, Fill, Glyph, turn_box, turn_point
from ingest.formats.pdf.drawn.sight import (
    DrawnLetter,
    LetterStyle,
    Strikes,
    compare_fills,
    find_reason,
)

READABLE_MIN_POINTS = 1.0  # smaller letters are not for readers
OPAQUE_MIN_ALPHA = 13  # of 255; fainter letters cannot be seen
SCAN_MIN_SHARE = 0.5  # of a page, that a picture with recognised text covers
GARBLED_MIN_SHARE = 0.3  # of a page's letters; see docs/parameters.md
GARBLED_MIN_LETTERS = 4  # side by side; a sign alone is a bullet in a font of signs
SPACE_WIDTHS = (0.2, 0.33)  # of the size; spaces of other widths are errors of fonts
_BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf06e": "■", "\uf0d8": "▶", "\uf0fc": "✓",
            "\uf0a8": "□", "\uf06c": "●", "\uf0e0": "→"}  # fmt: skip
MADE_UP_SIGNS = frozenset("\r\n\ufffe\uffff")
_INVISIBLE_MODES = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(slots=True)
class PageLetters:
    """The letters of a page, turned so that they run rightwards by `quarters` of a turn.

    `oblique` are texts that run in another direction, such as a watermark. `is_garbled` says that
    a font gives its letters no meaning, `is_recognised` that the text is that of a scanned picture.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    oblique: list[str] = field(default_factory=list)
    quarters: int = 0
    is_garbled: bool = False
    is_recognised: bool = False


def read_letters(
    page: Any, text: Any, objects: Sequence[Any], drawing: Drawing, left_out: LeftOut
) -> PageLetters:
    """The letters of a page. Those that its reader does not see are added to `left_out`.

    `text` is pdfium's text of the page, `objects` what is on it in the order of drawing.
    """
    letters = _list_letters(text, objects, drawing.fills)
    result = PageLetters(is_garbled=_is_garbled(letters))
    if result.is_garbled:
        return result
    invisible = sum(letter.style.is_invisible for letter in letters)
    result.is_recognised = (
        drawing.picture_share >= SCAN_MIN_SHARE and invisible > 0.9 * len(letters) > 0
    )
    turns = Counter(
        letter.style.quarters for letter in letters if letter.style.quarters is not None
    )
    result.quarters = turns.most_common(1)[0][0] if turns else 0
    strikes = Strikes(drawing, result.quarters)
    crop: Box = page.get_cropbox()
    oblique: dict[int, list[str]] = {}
    is_whole = True  # no letter was left out since the last one that is kept
    for letter in letters:
        style = letter.style
        glyph = _place_glyph(text, letter)
        reason = find_reason(letter, crop, result.is_recognised)
        if reason is None and strikes.lines and strikes.cross(glyph):
            reason = "struck"
        if reason:
            left_out.leave_out(reason, letter.sign)
            is_whole = False
            continue
        if not is_whole and letter.sign != " ":
            left_out.keep()
            is_whole = True
        if style.quarters == result.quarters:
            result.glyphs.append(glyph)
        else:
            oblique.setdefault(style.order, []).append(letter.sign)
    left_out.keep()
    result.oblique = [found for run in oblique.values() if (found := "".join(run).strip())]
    if drawing.links:
        result.glyphs = add_addresses(result.glyphs, drawing.turn(result.quarters).links)
    return result


def _list_letters(text: Any, objects: Sequence[Any], fills: Sequence[Fill]) -> list[DrawnLetter]:
    """The letters in the order of the file, without spaces that pdfium made up."""
    orders = {bytes(item.raw): order for order, item in enumerate(objects)}
    styles: dict[bytes, LetterStyle] = {}
    letters: list[DrawnLetter] = []
    rect, page = raw.FS_RECTF(), text.raw
    read_box, find_object = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetTextObject
    for index, sign in enumerate(_read_signs(text)):
        if sign in MADE_UP_SIGNS:
            continue
        read_box(page, index, rect)
        left, right = rect.left, rect.right
        if left == right and sign == " ":
            continue  # made up
        found = find_object(page, index)
        if not found:
            continue
        key = bytes(found)
        style = styles.get(key)
        if style is None:
            style = styles[key] = _read_style(text, index, found, orders.get(key, 0))
            compare_fills(style, fills)
        box = (left, rect.bottom, right, rect.top)
        letters.append(DrawnLetter(" " if sign.isspace() else sign, box, style, index))
    return letters


def _read_signs(text: Any) -> Sequence[str]:
    """What each letter of pdfium's text means; bullets of fonts of signs as those of Unicode."""
    count = text.count_chars()
    whole = list(text.get_text_range(errors="replace"))
    if len(whole) != count:  # some have no meaning, or are not of the first 65,536
        whole = [chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)]
    return [_BULLETS.get(sign, sign) for sign in whole]


def _place_glyph(text: Any, letter: DrawnLetter) -> Glyph:
    """A letter where it is on the page after its turn."""
    sign, box, style, place = letter
    if not style.quarters:
        return Glyph(sign, box[0], box[2], style.baseline, style.size, style.space)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, place, x, y)
    left, _, right, _ = turn_box(box, style.quarters)
    _, baseline = turn_point(x.value, y.value, style.quarters)
    return Glyph(sign, left, right, baseline, style.size, style.space)


def _read_style(text: Any, index: int, found: Any, order: int) -> LetterStyle:
    """The style of the text object that a letter belongs to."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    exact = raw.FPDFText_GetFontSize(text, index) * (math.hypot(matrix.c, matrix.d) or 1)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(text, index, red, green, blue, alpha)
    x, y, width = ctypes.c_double(), ctypes.c_double(), ctypes.c_float()
    raw.FPDFText_GetCharOrigin(text, index, x, y)
    raw.FPDFFont_GetGlyphWidth(raw.FPDFTextObj_GetFont(found), 32, 1_000.0, width)
    share = min(max(width.value / 1_000 or 0.25, SPACE_WIDTHS[0]), SPACE_WIDTHS[1])
    turn = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
    size = round(exact * 2) / 2 if exact >= READABLE_MIN_POINTS else exact
    reason: Kind | None = "hidden" if exact < READABLE_MIN_POINTS else None
    return LetterStyle(
        size=size,
        space=share * size,
        baseline=y.value,
        quarters=round(turn) % 4 if abs(turn - round(turn)) < 0.05 else None,
        colour=(red.value, green.value, blue.value),
        is_invisible=raw.FPDFTextObj_GetTextRenderMode(found) in _INVISIBLE_MODES,
        reason="pale" if alpha.value < OPAQUE_MIN_ALPHA else reason,
        order=order,
    )


def _is_garbled(letters: Sequence[DrawnLetter]) -> bool:
    """Whether letters of a page have no meaning outside their font, so that it must be recognised."""
    if not any(is_meaningless(sign) for sign in {letter.sign for letter in letters}):
        return False
    together = count = run = 0
    for letter in letters:
        if letter.sign == " ":
            run = 0
            continue
        count += 1
        run = run + 1 if is_meaningless(letter.sign) else 0
        together += 2 if run == 2 else run > 2
    return together >= GARBLED_MIN_LETTERS or together > GARBLED_MIN_SHARE * count


def is_meaningless(letter: str) -> bool:
    """Whether a letter is none of Unicode: missing, for private use or a control character."""
    return (
        letter == "\ufffd"
        or letter < " "
        or "\ue000" <= letter <= "\uf8ff"
        or "\x7f" <= letter <= "\x9f"
    )
