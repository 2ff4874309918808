"""The documents of the shipped library are documents: what lies in them is read by founders."""

from __future__ import annotations

import re
from statistics import median

from ingest.passages.clause_marks import SOURCES_LINE
from ingest.passages.phrases import LIBRARY_LISTS
from ingest.plan.files import SHIPPED_LIBRARY, list_files
from knowledge.phrases.generation import MAX_QUESTION_CHARACTERS
from knowledge.phrases.section_file import read_sections
from tests.ingest.test_shipped_library import index_by_id, load_library

LABELLED_LINE = re.compile(
    r"^\s*(?:묻는 말|Asked|Cũng hỏi|답이 없는 말|Not answered|Chưa có trả lời)\s*:", re.MULTILINE
)
MAX_LINE_CHARACTERS = 400
MIN_DOCUMENT_SHARE = 0.9  # of the characters below the front matter


def test_no_line_of_a_document_is_for_search_alone_or_longer_than_a_paragraph() -> None:
    texts = {name: text for name, (_, _, text) in load_library().items()}
    assert [name for name, text in texts.items() if LABELLED_LINE.search(text)] == []
    assert [
        f"{name}: {line[:60]}"
        for name, text in texts.items()
        for line in text.splitlines()
        if len(line) > MAX_LINE_CHARACTERS
    ] == []


def test_what_is_below_the_front_matter_is_shown_to_founders() -> None:
    """A heading with nothing below it, or a line that becomes no passage, is not."""
    shares = {}
    for name, (_, passages, text) in load_library().items():
        lines = [line for line in text.split("---\n", 2)[2].splitlines() if line.strip()]
        shown = {part for one in passages for part in (*one.heading, *one.text.splitlines())}
        kept = [
            one
            for one in lines
            if one.lstrip("# ") in shown or one in shown or SOURCES_LINE.match(one)
        ]
        shares[name] = sum(map(len, kept)) / sum(map(len, lines))
    assert median(shares.values()) > 0.99
    assert [name for name, share in shares.items() if share < MIN_DOCUMENT_SHARE] == []


def test_each_side_file_belongs_to_sections_that_are_there() -> None:
    """Each phrase once in a document: another of the same letters would tell no section apart."""
    files = sorted((SHIPPED_LIBRARY / "phrases").glob("*.yaml"))
    assert {f"{path.stem}.md" for path in files} <= {
        path.name for path in list_files(SHIPPED_LIBRARY)
    }
    for path in files:
        document, sections = read_sections(path, LIBRARY_LISTS)
        assert load_library()[f"{path.stem}.md"][0].id == document
        there = {one.heading for one in index_by_id()[document][1]}
        assert {tuple(one["heading"]) for one in sections} <= there, path.name
        texts = [text for one in sections for name in LIBRARY_LISTS for text in one.get(name, ())]
        assert len(texts) == len(set(texts)), path.name
        assert max(map(len, texts)) <= MAX_QUESTION_CHARACTERS, path.name
    assert len(files) > 100
