"""A quote as people read it in a chat: tables as lines, emphasis without its marks.

The words, figures and their order stay as they are in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.answering.quoting.units import OMISSION, TABLE_RULE

_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)]+)\)")
_HEADING_MARK = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_LINE_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_CELL_BREAK = re.compile(r"(?<!\\)\|")


def render_readable(text: str) -> str:
    """`text` with a line for each row of a table: its first cell, then the others, each after the
    header of its column where there are more than two. A row that is alone has a line for each
    cell below its first. Marks of Markdown are left out."""
    lines: list[str] = []
    header: list[str] = []
    source = text.split("\n")
    for number, line in enumerate(source):
        if not line.lstrip().startswith("|"):
            header = header if line.strip() in ("", OMISSION) else []
            lines.append(line)
        elif TABLE_RULE.fullmatch(line.removesuffix(OMISSION)):
            lines += [OMISSION] if line.endswith(OMISSION) else []
        elif number + 1 < len(source) and TABLE_RULE.fullmatch(
            source[number + 1].removesuffix(OMISSION)
        ):
            header = _split_cells(line)
        else:
            row = line.removesuffix(OMISSION)
            lines += _render_row(_split_cells(row), header, is_alone=_is_alone(source, number))
            lines += [OMISSION] if row != line else []
    plain = _LINK.sub(r"\1 (\2)", _EMPHASIS.sub(r"\2", "\n".join(lines)))
    return re.sub(r"\n{3,}", "\n\n", _HEADING_MARK.sub("", plain)).strip()


def _split_cells(line: str) -> list[str]:
    # What is left out before or behind a row is marked outside of its cells.
    cells = _CELL_BREAK.split(line.strip().removeprefix("|").removesuffix("|"))
    return [_LINE_BREAK.sub(", ", cell.strip()).replace("\\|", "|") for cell in cells]


def _is_alone(lines: Sequence[str], number: int) -> bool:
    """Whether no other row of its table stands above or below a row."""
    above, below = reversed(range(number)), range(number + 1, len(lines))
    return not any(_has_row(lines, side) for side in (above, below))


def _has_row(lines: Sequence[str], numbers: Iterable[int]) -> bool:
    """Whether the first line that is not left out is a row, neither a header nor the line below it."""
    number = next((n for n in numbers if lines[n].strip() not in ("", OMISSION)), None)
    if number is None or not lines[number].lstrip().startswith("|"):
        return False
    return not TABLE_RULE.fullmatch(lines[number].removesuffix(OMISSION))


def _render_row(cells: Sequence[str], header: Sequence[str], *, is_alone: bool) -> list[str]:
    first, *others = cells
    is_named = len(header) == len(cells) > 2
    names = header[1:] if is_named else [""] * len(others)
    shown = [
        f"{name}: {cell}" if name else cell
        for name, cell in zip(names, others, strict=True)
        if cell
    ]
    if is_alone and is_named and first and len(shown) > 1:
        return [first, *(f"- {one}" for one in shown)]
    return [
        f"- {first}: {' · '.join(shown)}" if first and shown else f"- {first}{' · '.join(shown)}"
    ]
