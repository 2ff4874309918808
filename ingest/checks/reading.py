"""Files to the documents that are checked: their lines keep their numbers in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.checks.types import CheckedDocument, CheckedLine, CheckedSection, CheckFinding
from ingest.document.content import read_content, read_members
from ingest.document.parse import ParsedDocument, parse_file
from ingest.document.sidecar import read_sidecar
from ingest.errors import Unreadable
from ingest.passages.clause_marks import SOURCES_LINE
from ingest.passages.outline import split_sections
from ingest.plan.files import check_within_root, list_files, make_display_name
from ingest.types import CandidateFile

_FRONT_KEY = re.compile(r"([a-z_]+):")


def read_documents(root: Path) -> tuple[tuple[CheckedDocument, ...], list[CheckFinding]]:
    """The documents under `root`, and a finding for each file that cannot be read.

    Raises NothingToRead for a path that does not exist or holds no files.
    """
    documents, unread = list[CheckedDocument](), list[CheckFinding]()
    for path in list_files(root):
        name = make_display_name(path, root)
        try:
            check_within_root(path, root)
            members = read_members(read_content(path), path.name) or [CandidateFile("")]
            for member in members:
                _read_candidate(path, name, member, documents, unread)
        except Unreadable as error:
            unread.append(CheckFinding("error", name, error.remark))
    return tuple(documents), unread


def _read_candidate(
    path: Path,
    name: str,
    member: CandidateFile,
    documents: list[CheckedDocument],
    unread: list[CheckFinding],
) -> None:
    """Add a file, or a member of an archive, to the documents or to what cannot be read."""
    name = f"{name}/{member.name}" if member.name else name
    try:
        if member.remark:
            raise Unreadable.from_remark(member.remark)
        data = read_content(path) if member.data is None else member.data
        sidecar = read_sidecar(path) if member.data is None else member.sidecar
        parsed = parse_file(path, name, data=data, sidecar=sidecar)
        documents.append(build_checked(parsed, name, data))
    except Unreadable as error:
        unread.append(CheckFinding("error", name, error.remark))


def build_checked(parsed: ParsedDocument, file: str, data: bytes) -> CheckedDocument:
    """The document of a file with the lines of its sections; `data` are the bytes of the file."""
    front, first = _locate_text(data, parsed.markdown)
    lines = parsed.markdown.splitlines()
    sections, at = [], 0
    for section in split_sections(parsed.document.title, parsed.markdown):
        found = []
        for line in section.lines:
            at = _find_line(lines, line.text, at)
            found.append(CheckedLine(line.text, None if first is None else first + at))
            at += 1
        sections.append(_build_section(section.path, found))
    kept = tuple(one for one in sections if one.lines or one.sources)
    return CheckedDocument(file, parsed.document, kept, parsed.checked, front)


def _build_section(path: Sequence[str], lines: Sequence[CheckedLine]) -> CheckedSection:
    sources = tuple(line for line in lines if SOURCES_LINE.match(line.text.strip()))
    text = tuple(
        line for line in lines if line.text.strip() and not SOURCES_LINE.match(line.text.strip())
    )
    return CheckedSection(path[-1], text, sources)


def _find_line(lines: Sequence[str], text: str, start: int) -> int:
    """The first line from `start` that ends in `text`: the mark of a clause is cut off in front."""
    wanted = text.strip()
    ahead = (at for at in range(start, len(lines)) if lines[at].strip().endswith(wanted))
    return next((at for at in ahead if wanted or not lines[at].strip()), start)


def _locate_text(data: bytes, markdown: str) -> tuple[dict[str, int], int | None]:
    """The lines of the keys above a text and the line it begins on, from 1; None for a file that
    is not the text itself."""
    written = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    start = written.find(markdown.strip())
    if start < 0:
        return {}, None
    return dict(_list_keys(written[:start])), written.count("\n", 0, start) + 1


def _list_keys(front: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(front.splitlines(), 1):
        if key := _FRONT_KEY.match(line):
            yield key.group(1), number
