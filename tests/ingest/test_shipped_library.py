"""Rules that hold for each of the shipped documents, read by the real ingest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache

from ingest.document.parse import parse_file
from ingest.passages.chunks import CHUNK_MAX_CHARACTERS
from ingest.passages.split import split_passages
from ingest.plan.files import SHIPPED_LIBRARY, list_files
from knowledge.types import LANGUAGES, Document, Passage

RESEARCHED = date(2026, 11, 21)
FRONT = ["id", "title", "issuer", "language", "url", "published", "effective_from", "expires",
         "supersedes", "topics", "translation_of", "audience"]  # fmt: skip
SOURCE_LINE = re.compile(r"^(출처|Source|Nguồn): \S")
WRITTEN_BY_NARU = {"ko": "(나루 정리)", "en": "(summary by Naru)", "vi": "(Naru tóm tắt)"}
ROWS_TABLE = SHIPPED_LIBRARY.parent.parent / "docs" / "library-rows.md"
ROWS = {  # how many rows each part of the newest fact notes has
    "The fact notes, more topics": 98,
    "The fact notes, more topics, first steps": 17,
    "The fact notes, second corrections": 72,
}
CLOSED = {"ko": "마감", "en": "closed", "vi": "hết hạn"}


@cache
def load_library() -> dict[str, tuple[Document, tuple[Passage, ...], str]]:
    """Every document by its file name, with its passages and its text."""
    read = {}
    for path in list_files(SHIPPED_LIBRARY):
        parsed = parse_file(path, path.name)
        read[path.name] = (
            parsed.document,
            split_passages(parsed),
            path.read_text(encoding="utf-8"),
        )
    return read


def index_by_id() -> dict[str, tuple[Document, tuple[Passage, ...]]]:
    return {document.id: (document, passages) for document, passages, _ in load_library().values()}


def list_offenders(rule: Callable[[str], Iterator[str]], names: Iterable[str] = ()) -> list[str]:
    """What `rule` finds wrong with each of the documents (all of them by default)."""
    return [f"{name}: {problem}" for name in names or load_library() for problem in rule(name)]


def find_translations() -> list[str]:
    return [name for name in load_library() if not name.endswith(".ko.md")]


def test_there_are_enough_documents_in_each_language() -> None:
    count = {
        language: sum(document.language == language for document, _, _ in load_library().values())
        for language in LANGUAGES
    }
    assert count["ko"] >= 45
    assert count["en"] >= 30
    assert count["vi"] >= 5


def test_each_korean_document_has_an_english_counterpart() -> None:
    originals = {id for id, (document, _) in index_by_id().items() if document.language == "ko"}
    assert sorted(id for id in originals if f"{id}-en" not in index_by_id()) == []


def test_the_front_matter_of_each_document_is_complete() -> None:
    def rule(name: str) -> Iterator[str]:
        text = load_library()[name][2]
        keys = [line.split(":")[0] for line in text.split("---\n")[1].splitlines()]
        if [key for key in keys if key != "checked"] != FRONT or not name.endswith(".md"):
            yield f"keys {keys}"
        if "checked" in keys and keys[keys.index("checked") - 1] != "published":
            yield "checked is not below published"

    assert list_offenders(rule) == []


def test_each_document_is_named_after_its_file_and_its_language() -> None:
    def rule(name: str) -> Iterator[str]:
        document = load_library()[name][0]
        base, language, _ = name.rsplit(".", 2)
        expected = (base if language == "ko" else f"{base}-{language}", language)
        if (document.id, document.language) != expected:
            yield f"{(document.id, document.language)} is not {expected}"

    assert list_offenders(rule) == []


def test_each_document_has_a_title_an_issuer_topics_and_an_audience() -> None:
    def rule(name: str) -> Iterator[str]:
        document, passages, text = load_library()[name]
        if not document.title or re.findall("^# (.+)$", text, re.MULTILINE) != [document.title]:
            yield f"title {document.title!r}"
        if not document.issuer.endswith(WRITTEN_BY_NARU[document.language]):
            yield f"issuer {document.issuer!r}"
        if not 1 <= len(document.topics) <= 3:
            yield f"topics {document.topics}"
        if document.audience != "founder":
            yield f"audience {document.audience!r}"
        if len(passages) < 3:
            yield f"{len(passages)} passages"

    assert list_offenders(rule) == []


def test_each_section_is_one_passage_that_ends_in_its_source() -> None:
    def rule(name: str) -> Iterator[str]:
        _, passages, text = load_library()[name]
        sections = re.split("^## .+$", text, flags=re.MULTILINE)[1:]
        if len(sections) != len(passages):  # none is so long that it is cut
            yield f"{len(sections)} sections, {len(passages)} passages"
        for section in sections:
            if not SOURCE_LINE.match(last := section.strip().splitlines()[-1]):
                yield f"ends in {last!r}"

    assert list_offenders(rule) == []


def test_each_passage_can_be_quoted_alone() -> None:
    def rule(name: str) -> Iterator[str]:
        document, passages, _ = load_library()[name]
        for passage in passages:
            if passage.heading[0] != document.title or len(passage.heading) != 2:
                yield f"heading {passage.heading}"
            if not 0 < len(passage.text) <= CHUNK_MAX_CHARACTERS:
                yield f"{passage.heading}: {len(passage.text)} characters"
            for source in passage.sources:
                if (source.published or "") > RESEARCHED.isoformat():
                    yield f"{passage.heading}: source of {source.published}"

    assert list_offenders(rule) == []


def test_each_translation_matches_its_original() -> None:
    def rule(name: str) -> Iterator[str]:
        document, passages, _ = load_library()[name]
        original, originals = index_by_id()[str(document.translation_of)]
        if (original.language, original.translation_of) != ("ko", None):
            yield f"{original.id} is not a Korean original"
        if f"{original.id}-{document.language}" != document.id:
            yield f"id {document.id}"
        if [passage.sources for passage in passages] != [one.sources for one in originals]:
            yield "other sources"
        for field in ("url", "published", "effective_from", "expires", "topics"):
            if getattr(document, field) != getattr(original, field):
                yield f"{field} {getattr(document, field)!r}"

    assert len(find_translations()) > 100
    assert list_offenders(rule, find_translations()) == []


def test_a_window_that_is_over_says_so() -> None:
    def rule(name: str) -> Iterator[str]:
        document, _, text = load_library()[name]
        expires = document.expires
        if expires is None:
            return
        if expires >= RESEARCHED:  # bound to its year and still running
            if (expires.month, expires.day) != (12, 31) or str(expires.year) not in document.title:
                yield f"{document.title!r} until {expires}"
            return
        if CLOSED[document.language] not in document.title.lower():
            yield f"{document.title!r} until {expires}"
        days = {
            "ko": f"{expires.month}월 {expires.day}일",
            "en": f"{expires.day} {expires:%B}",
            "vi": f"{expires.day}/{expires.month}",
        }
        if days[document.language] not in text:
            yield f"does not print {days[document.language]!r}"

    assert sum(document.expires is not None for document, _, _ in load_library().values()) > 10
    assert list_offenders(rule) == []


def test_what_a_document_replaces_or_translates_exists() -> None:
    ids = index_by_id().keys()
    for document, _, _ in load_library().values():
        assert set(document.supersedes) <= ids, document.id
        assert document.translation_of is None or document.translation_of in ids, document.id


SECTIONS = [
    *(f"programmes {number}" for number in range(1, 21)),
    *(f"tech_protection {number}" for number in range(1, 8)),
    *(f"facts {number}" for number in range(1, 6)),
    "support_network",
    *(f"articles {number:03}" for number in range(5)),
    "bodies",
    *(f"more_topics {number}" for number in range(1, 15)),
    "corrections 2",
    "first_steps",
    "contacts",
]


def test_the_table_of_sources_names_every_document_and_only_documents() -> None:
    rows = re.findall(
        r"^\| ([a-z_]+(?: \d+)?) \| [^|]+ \| ([a-z0-9, -]+) \|$",
        (SHIPPED_LIBRARY / "SOURCES.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert [section for section, _ in rows] == SECTIONS
    named = {id for _, ids in rows for id in ids.split(", ")}
    assert named == {
        document.id for document, _ in index_by_id().values() if not document.translation_of
    }


def read_rows() -> dict[str, list[tuple[int, str, str]]]:
    """Per part of the fact notes: row, document or "left out", heading or reason."""
    parts = re.split(r"^## (.+)$", ROWS_TABLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    row = re.compile(r"^\| (\d+) \| [^|]+ \| ([a-z0-9-]+|left out) \| ([^|]+) \|$", re.MULTILINE)
    return {
        part: [(int(number), document, heading) for number, document, heading in row.findall(text)]
        for part, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_each_row_of_the_newest_fact_notes_has_a_section_or_is_left_out_on_purpose() -> None:
    rows = read_rows()
    numbers = {part: list(dict.fromkeys(row[0] for row in rows[part])) for part in rows}
    assert numbers == {part: list(range(1, count + 1)) for part, count in ROWS.items()}
    lines = ROWS_TABLE.read_text(encoding="utf-8").splitlines()
    written = sum(bool(re.match(r"\| \d", line)) for line in lines)
    assert sum(map(len, rows.values())) == written  # no line of the table is of another form


def test_each_section_that_the_table_of_rows_names_exists() -> None:
    sections = {
        (id, passage.heading[1])
        for id, (_, passages) in index_by_id().items()
        for passage in passages
    }
    named = [row for rows in read_rows().values() for row in rows if row[1] != "left out"]
    assert [row for row in named if row[1:] not in sections] == []


def test_the_newest_topics_are_told_in_english_and_those_of_vietnam_in_vietnamese() -> None:
    documents = index_by_id()
    topics = {id for _, id, _ in read_rows()["The fact notes, more topics"] if id != "left out"}
    vietnam = {id for id in topics if "vietnam" in documents[id][0].topics or "vietnam" in id}
    assert len(topics) > 40 and len(vietnam) > 3
    missing = [f"{id}-en" for id in topics if f"{id}-en" not in documents]
    missing += [f"{id}-vi" for id in vietnam if f"{id}-vi" not in documents]
    assert missing == []
