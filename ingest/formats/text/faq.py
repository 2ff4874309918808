"""Tables of questions and answers: the roles of their columns, and a section for each row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from ingest.errors import Unreadable
from ingest.formats.text.markdown import (
    Block,
    Heading,
    collapse_whitespace,
    escape_text,
    make_rows,
    render_table,
)

HEADER_SEARCH_ROWS = 10  # from the top: a title may be above the header

_LINK = re.compile(r"https?://(?:[^\s<>()]|\([^\s<>()]*\))+")

# The headers that name each role, the most specific first.
ROLE_HEADERS: Mapping[str, tuple[str, ...]] = {
    "question": ("질문", "질문내용", "질의", "질의내용", "문의", "문의내용", "문의사항", "물음", "문",
                 "q", "question", "questions", "inquiry", "câuhỏi", "제목", "title", "subject"),
    "answer": ("답변", "답변내용", "답", "회신", "회신내용", "응답", "a", "answer", "answers", "reply",
               "response", "trảlời", "câutrảlời", "내용", "content"),
    "category": ("분류", "카테고리", "유형", "분야", "구분", "category", "topic", "type", "danhmục",
                 "chủđề"),
    "url": ("출처", "출처url", "url", "링크", "원문", "원문링크", "source", "link", "nguồn"),
    "date": ("날짜", "일자", "게시일", "등록일", "작성일", "수정일", "기준일", "date", "published",
             "updated", "ngày"),
}  # fmt: skip


def has_roles(header: Sequence[str]) -> bool:
    """Whether a row of a table has headers for a question and an answer."""
    return {"question", "answer"} <= _assign_roles(header, {}).keys()


def build_table_blocks(rows: Sequence[Sequence[str]], columns: Mapping[str, str]) -> list[Block]:
    """The blocks of a table: a section for each question if the roles are known, else one table.

    `columns` maps roles to headers that are not known here: {"question": "물음표"}.
    Raises Unreadable for an unknown role or a missing header.
    """
    if unknown := sorted(set(columns) - set(ROLE_HEADERS)):
        raise Unreadable("unknown_roles", unknown=", ".join(unknown), known=", ".join(ROLE_HEADERS))
    for number, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        roles = _assign_roles(row, columns)
        if {"question", "answer"} <= roles.keys():
            above: list[Block] = [escape_text(" ".join(filter(None, r))) for r in rows[:number]]
            return above + list(_build_sections(rows[number + 1 :], roles))
    if columns:
        wanted = ", ".join(columns.values())
        raise Unreadable("no_columns", wanted=wanted)
    titles = _count_title_rows(rows)
    above = [escape_text(" ".join(filter(None, row))) for row in rows[:titles]]
    return [*above, render_table(make_rows(rows[titles:]))]


def _count_title_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows above the header have a title or a unit in one cell; 0 for what is no table."""
    filled = [sum(map(bool, row)) for row in rows]
    titles = next((n for n, cells in enumerate(filled[:HEADER_SEARCH_ROWS]) if cells > 1), 0)
    return titles if len(rows) > titles + 1 else 0


def _assign_roles(header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """The column index of each role; a column has at most one role."""
    names = [_normalise_header(cell) for cell in header]
    roles: dict[str, int] = {}
    for role, known in ROLE_HEADERS.items():
        for name in [_normalise_header(columns[role])] if role in columns else known:
            if name in names and names.index(name) not in roles.values():
                roles[role] = names.index(name)
                break
    return roles if set(columns) <= roles.keys() else {}


def _normalise_header(cell: str) -> str:
    """A header for comparison: "질문 (Question)" equals "질문"."""
    text = unicodedata.normalize("NFC", cell).casefold()
    return re.sub(r"\([^)]*\)|[^\w]", "", text)


def _build_sections(rows: Sequence[Sequence[str]], roles: Mapping[str, int]) -> Iterator[Block]:
    category = ""
    for row in rows:
        cells = {role: row[column].strip() for role, column in roles.items() if column < len(row)}
        if cells.get("category") and cells["category"] != category:
            category = cells["category"]
            yield Heading(2, category)
        if cells.get("question"):
            yield Heading(3 if category else 2, cells["question"])
        yield escape_text(cells.get("answer", ""))
        if rest := _join_other_cells(row, roles):
            yield rest
        yield _format_source(cells)


def _join_other_cells(row: Sequence[str], roles: Mapping[str, int]) -> str:
    """The text of columns without a role; bare row numbers are dropped."""
    others = (collapse_whitespace(cell) for n, cell in enumerate(row) if n not in roles.values())
    return escape_text(" · ".join(cell for cell in others if cell and not cell.isdigit()))


def _format_source(cells: Mapping[str, str]) -> str:
    link, date = _LINK.search(cells.get("url", "")), cells.get("date", "")
    if link is None:
        return escape_text(" ".join(filter(None, [cells.get("url", ""), date])))
    return f"출처: {link.group()} ({date})" if date else f"출처: {link.group()}"
