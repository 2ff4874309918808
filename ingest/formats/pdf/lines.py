"""Letters joined to words and pieces of lines by where they are drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.formats.pdf.drawn.geometry import Box, Glyph
from ingest.formats.raised import raise_letters

WORD_GAP_OF_SPACE = 0.5  # of the width of a space; see docs/parameters.md
SCRIPT_GAP_OF_SIZE = 0.4  # between Hangul and Latin letters or figures; see docs/parameters.md
DRAWN_SPACES_MIN_SHARE = 0.03  # of the letters of a page, if its program draws spaces
PIECE_GAP_OF_SIZE = 1.4  # of the size, from which two pieces are apart; see docs/parameters.md
BASELINE_TOLERANCE_OF_SIZE = 0.22
SMALL_OF_SIZE = 0.8  # letters that are raised or lowered are smaller than this
SMALL_MAX_LETTERS = 8  # that are raised or lowered together
SPACED_OUT_MIN_GAPS = 4  # in a piece, before its letters count as spaced out
SPACED_OUT_MIN_OF_SIZE = 0.06
_LEADER = re.compile(r"([.·…․‥・]\s?){4,}|…{2,}")


@dataclass(frozen=True, slots=True)
class LinePiece:
    """Words without a wide gap between them; positions in points."""

    text: str
    size: float
    left: float
    right: float
    baseline: float
    stretch: float = 0.0  # by how much its spaces are wider than those of its font

    @property
    def box(self) -> Box:
        """The box of the piece."""
        low, high = self.baseline - 0.2 * self.size, self.baseline + 0.8 * self.size
        return self.left, low, self.right, high

    @property
    def has_leader(self) -> bool:
        """Whether dots lead to what is at the end of the line."""
        return bool(_LEADER.search(self.text))


def detect_drawn_spaces(glyphs: Sequence[Glyph]) -> bool:
    """Whether the program that wrote a page draws the spaces between its words."""
    spaces = sum(glyph.letter == " " for glyph in glyphs)
    return spaces >= DRAWN_SPACES_MIN_SHARE * len(glyphs) > 0


def build_pieces(glyphs: Sequence[Glyph], draws_spaces: bool) -> list[LinePiece]:
    """The pieces of all lines, from the top of the page and from the left.

    `draws_spaces` is that of the page. A space that the file holds after the last word of a piece
    stays at its end.
    """
    return [piece for row in _group_rows(glyphs) for piece in _split_row(row, draws_spaces)]


def group_lines(pieces: Iterable[LinePiece]) -> list[list[LinePiece]]:
    """Pieces that stand on one line together, lines from the top, pieces from the left."""
    lines: list[list[LinePiece]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.baseline, piece.left)):
        last = lines[-1] if lines else None
        if last and last[0].baseline - piece.baseline <= 0.4 * min(last[0].size, piece.size):
            last.append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda piece: piece.left) for line in lines]


def _group_rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Letters on the same baseline; small ones that are raised or lowered are with their line."""
    rows: list[_Row] = []
    row: _Row | None = None
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.baseline):
        near = row and row.baseline - glyph.baseline <= BASELINE_TOLERANCE_OF_SIZE * min(
            row.size, glyph.size
        )
        if row and near:
            row.glyphs.append(glyph)
            row.size = max(row.size, glyph.size)
        else:
            row = _Row([glyph], glyph.size, glyph.baseline)
            rows.append(row)
    sizes = {row.size for row in rows}
    if len(sizes) > 1:
        rows = _join_small_rows(rows)
    return [row.glyphs for row in rows]


@dataclass(slots=True)
class _Row:
    """Letters on one baseline and the largest size of them."""

    glyphs: list[Glyph]
    size: float
    baseline: float


def _join_small_rows(rows: Sequence[_Row]) -> list[_Row]:
    """The rows, those of small letters that touch a larger row's letters joined with it."""
    kept: list[_Row] = []
    for row in rows:
        if kept and _is_attached(row, kept[-1]):
            kept[-1].glyphs += row.glyphs
            continue
        for raised in [one for one in kept[-3:] if _is_attached(one, row)]:
            kept.remove(raised)
            row.glyphs += _write_raised(raised.glyphs)
        kept.append(row)
    return kept


def _write_raised(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Raised figures as such: the mark of a note is no digit of the sum before it."""
    letters = raise_letters("".join(glyph.letter for glyph in glyphs))
    if len(letters) != len(glyphs):
        return list(glyphs)
    return [glyph._replace(letter=raised) for glyph, raised in zip(glyphs, letters, strict=True)]


def _is_attached(small: _Row, row: _Row) -> bool:
    """Whether small letters are raised or lowered parts of a row: each touches one of it."""
    shift = small.baseline - row.baseline
    if small.size > SMALL_OF_SIZE * row.size or len(small.glyphs) > SMALL_MAX_LETTERS:
        return False
    if not -0.35 * row.size <= shift <= 0.6 * row.size:
        return False
    left = min(glyph.left for glyph in small.glyphs)
    right = max(glyph.right for glyph in small.glyphs)
    reach = 0.3 * row.size
    return any(
        abs(glyph.right - left) < reach or abs(glyph.left - right) < reach for glyph in row.glyphs
    )


def _split_row(row: Sequence[Glyph], draws_spaces: bool) -> Iterator[LinePiece]:
    """The pieces of a row, apart where the gap is wide."""
    letters: list[Glyph] = []
    blanks: list[Glyph] = []
    pieces: list[list[Glyph]] = []
    for glyph in sorted(row, key=lambda glyph: glyph.left):
        if glyph.letter == " ":
            blanks.append(glyph)
            continue
        before = letters[-1] if letters else None
        if before and glyph.left < before.right and _is_drawn_twice(before, glyph):
            continue
        if before and glyph.left - before.right <= PIECE_GAP_OF_SIZE * max(before.size, glyph.size):
            pieces[-1].append(glyph)
        else:
            pieces.append([glyph])
        letters.append(glyph)
    middles = [(blank.left + blank.right) / 2 for blank in blanks]
    for number, piece in enumerate(pieces):
        limit = pieces[number + 1][0].left if number + 1 < len(pieces) else float("inf")
        text = "".join(_write_words(piece, middles, draws_spaces))
        if any(piece[-1].right - 0.1 * piece[-1].size <= x < limit for x in middles):
            text += " "
        yield LinePiece(
            text,
            _find_usual_size(piece),
            piece[0].left,
            max(glyph.right for glyph in piece),
            Counter(glyph.baseline for glyph in piece).most_common(1)[0][0],
            _measure_stretch(piece),
        )


def _measure_stretch(piece: Sequence[Glyph]) -> float:
    """By how much the gaps between words are wider than spaces, all of a piece."""
    return sum(
        max(after.left - before.right - after.space, 0.0)
        for before, after in pairwise(piece)
        if after.left - before.right > WORD_GAP_OF_SPACE * after.space
    )


def _is_drawn_twice(before: Glyph, glyph: Glyph) -> bool:
    """Whether a letter is drawn over itself to look bold."""
    width = max(glyph.right - glyph.left, 0.1)
    return before.letter[:1] == glyph.letter[:1] and glyph.left - before.left < 0.25 * width


def _find_usual_size(piece: Sequence[Glyph]) -> float:
    """The size of most letters."""
    sizes = Counter(glyph.size for glyph in piece)
    return max(sizes, key=lambda size: (sizes[size], size))


def _write_words(
    piece: Sequence[Glyph], blanks: Sequence[float], draws_spaces: bool
) -> Iterator[str]:
    """The letters of a piece with a space where the gap is that of one, or the file holds one.

    Programs that draw spaces leave a narrow gap between Hangul and figures, which is none.
    """
    usual = _measure_letter_gap(piece)
    position = 0
    before: Glyph | None = None
    for glyph in piece:
        if before:
            gap = glyph.left - before.right
            start, end = before.right - 0.15 * before.size, glyph.left + 0.15 * glyph.size
            while position < len(blanks) and blanks[position] < start:
                position += 1
            drawn = position < len(blanks) and blanks[position] <= end
            wide = gap - usual > WORD_GAP_OF_SPACE * min(before.space, glyph.space)
            if wide and draws_spaces and _is_script_change(before.letter, glyph.letter):
                wide = gap > SCRIPT_GAP_OF_SIZE * glyph.size
            if drawn or wide:
                yield " "
        yield glyph.letter
        before = glyph


def _is_script_change(before: str, after: str) -> bool:
    """Whether one of two letters is of Latin script or a figure, and the other is not."""
    return before[-1:].isascii() != after[:1].isascii()


def _measure_letter_gap(piece: Sequence[Glyph]) -> float:
    """The gap between letters that are spaced out; 0 if they are not.

    Figures are not counted: where they are apart, they are figures of their own.
    """
    gaps = [
        (glyph.left - before.right) / glyph.size
        for before, glyph in pairwise(piece)
        if before.letter[:1].isalpha() and glyph.letter[:1].isalpha()
    ]
    if len(gaps) < SPACED_OUT_MIN_GAPS:
        return 0.0
    usual = median(gaps)
    alike = sum(abs(gap - usual) < 0.04 for gap in gaps)
    if usual < SPACED_OUT_MIN_OF_SIZE or alike < 0.5 * len(gaps):
        return 0.0
    return usual * piece[0].size
