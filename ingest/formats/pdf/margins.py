"""Page numbers and running heads: what is printed on each page and belongs to none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.formats.pdf.flow import PrintedLine, Region

MARGIN_LINES = 2  # at the head and at the foot of a page
REPEATED_MIN_PAGES = 2
REPEATED_MIN_SHARE = 0.5  # of the pages; see docs/parameters.md
PLACE_TOLERANCE_POINTS = 3.0
_PAGE_NUMBER = re.compile(r"\s*[-–]?\s*\d{1,4}\s*(/\s*\d{1,4}\s*)?[-–]?\s*")
_NUMBER_IN_HEAD = re.compile(
    r"[-–]\s*\d{1,4}\s*[-–]|\d{1,4}\s*/\s*\d{1,4}|\d{1,4}\s*(쪽|페이지)|[Pp]age\s*\d{1,4}"
)

_Mark = tuple[str, int]


def drop_margins(pages: Sequence[Sequence[Region]]) -> list[list[Region]]:
    """The pages without page numbers, and with a running head or foot only where it is first."""
    without = [_drop_page_numbers(regions) for regions in pages]
    edges = [_list_edge_lines(regions) for regions in without]
    counts = Counter(mark for lines in edges for mark in {_mark(line) for line in lines})
    least = max(REPEATED_MIN_PAGES, REPEATED_MIN_SHARE * len(pages))
    done: set[_Mark] = set()
    kept: list[list[Region]] = []
    for regions, lines in zip(without, edges, strict=True):
        repeated = {id(line) for line in lines if counts[_mark(line)] >= least}
        again = {id(line) for line in lines if id(line) in repeated and _mark(line) in done}
        done |= {_mark(line) for line in lines if id(line) in repeated}
        kept.append([[item for item in region if id(item) not in again] for region in regions])
    return kept


def _mark(line: PrintedLine) -> _Mark:
    """What is alike in a running head: its words without the page's number, and its place."""
    text = " ".join(_NUMBER_IN_HEAD.sub("", line.text).split())
    return text, round(line.bottom / PLACE_TOLERANCE_POINTS)


def _list_edge_lines(regions: Sequence[Region]) -> list[PrintedLine]:
    lines = _sort_lines(regions)
    if len(lines) <= 1:
        return []
    return lines[:MARGIN_LINES] + lines[max(len(lines) - MARGIN_LINES, MARGIN_LINES) :]


def _sort_lines(regions: Sequence[Region]) -> list[PrintedLine]:
    lines = [item for region in regions for item in region if isinstance(item, PrintedLine)]
    return sorted(lines, key=lambda line: -line.bottom)


def _drop_page_numbers(regions: Sequence[Region]) -> list[Region]:
    """The regions of a page without the page number at its foot or head."""
    lines = _sort_lines(regions)
    count = sum(len(region) for region in regions)
    dropped = {id(line) for line in (lines[-1:] + lines[:1]) if _PAGE_NUMBER.fullmatch(line.text)}
    if count <= len(dropped):
        return [list(region) for region in regions]
    return [[item for item in region if id(item) not in dropped] for region in regions]
