"""The shipped documents, through the real ingest: rules that hold for every one of them."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest

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
CLOSED = {"ko": "마감", "en": "closed", "vi": "hết hạn"}
# Numbers that a source prints; the library says where it is old.
PRINTED = {"02-368-8787", "02-368-8795", "113", "119", "1357", "1380"}
LONG_NUMBER = re.compile(r"(?<![\d-])(?:\+?\d{1,3}[ .-]|0)?\d{1,3}[ .-]\d{3,4}[ .-]\d{4}(?!\d)")
SHORT_NUMBER = re.compile(
    r"(?:전화|콜센터|국번 없이|call|phone|dial|hotline|gọi|điện thoại|số)\s*(?:번호)?(?:는|은|가|:)?"
    r"\s*\(?(1\d{2,3}|1\d{3}-\d{4})(?!\d|[.,]\d|년| ?(?:cases|건|firms|개))",
    re.IGNORECASE,
)


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


def strip_addresses(text: str) -> str:
    return re.sub(r"https?://\S+", "", text)


FILES = sorted(path.name for path in list_files(SHIPPED_LIBRARY))
# From the front matter alone: reading all of the library takes seconds, and every run collects this.
DATED = [name for name in FILES
         if re.search(r"^expires: \S", (SHIPPED_LIBRARY / name).read_text("utf-8"), re.MULTILINE)]  # fmt: skip
TRANSLATIONS = [name for name in FILES if not name.endswith(".ko.md")]


def test_there_are_enough_documents_in_each_language() -> None:
    count = {
        language: sum(document.language == language for document, _, _ in load_library().values())
        for language in LANGUAGES
    }
    assert count["ko"] >= 45
    assert count["en"] >= 30
    assert count["vi"] >= 5


def test_the_front_matter_says_which_documents_expire() -> None:
    dated = [name for name, (document, _, _) in load_library().items() if document.expires]
    assert sorted(dated) == DATED


@pytest.mark.parametrize("name", FILES)
def test_a_document_is_complete(name: str) -> None:
    document, passages, text = load_library()[name]
    base, language, ending = name.rsplit(".", 2)
    keys = [line.split(":")[0] for line in text.split("---\n")[1].splitlines()]
    assert (keys, ending) == (FRONT, "md")
    assert (document.id, document.language) == (
        base if language == "ko" else f"{base}-{language}", language,
    )  # fmt: skip
    assert document.title
    assert document.issuer.endswith(WRITTEN_BY_NARU[document.language])
    assert 1 <= len(document.topics) <= 3
    assert document.audience == "founder"
    assert len(passages) >= 3
    assert re.findall("^# (.+)$", text, re.MULTILINE) == [document.title]


@pytest.mark.parametrize("name", FILES)
def test_every_passage_can_be_quoted_alone_with_its_source(name: str) -> None:
    document, passages, text = load_library()[name]
    sections = re.split("^## .+$", text, flags=re.MULTILINE)[1:]
    assert len(sections) == len(passages)  # none so long that it is cut
    for passage, section in zip(passages, sections, strict=True):
        assert SOURCE_LINE.match(section.strip().splitlines()[-1]), passage.heading
        assert passage.heading[0] == document.title
        assert len(passage.heading) == 2
        assert 0 < len(passage.text) <= CHUNK_MAX_CHARACTERS
        for source in passage.sources:
            assert source.published is None or source.published <= RESEARCHED.isoformat()


@pytest.mark.parametrize("name", FILES)
def test_nobody_is_sent_to_a_number_or_an_address_no_source_prints(name: str) -> None:
    text = strip_addresses(load_library()[name][2])
    assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text)
    assert {number.strip() for number in LONG_NUMBER.findall(text)} <= PRINTED
    assert set(SHORT_NUMBER.findall(text)) <= PRINTED


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_translation_matches_its_original(name: str) -> None:
    document, passages, _ = load_library()[name]
    original, originals = index_by_id()[str(document.translation_of)]
    assert (original.language, original.translation_of) == ("ko", None)
    assert f"{original.id}-{document.language}" == document.id
    assert [passage.sources for passage in passages] == [one.sources for one in originals]
    for field in ("url", "published", "effective_from", "expires", "topics"):
        assert getattr(document, field) == getattr(original, field), field


@pytest.mark.parametrize("name", DATED)
def test_a_window_that_is_over_says_so(name: str) -> None:
    document, _, text = load_library()[name]
    assert document.expires
    assert document.expires < RESEARCHED
    assert CLOSED[document.language] in document.title.lower()
    days = {
        "ko": f"{document.expires.month}월 {document.expires.day}일",
        "en": f"{document.expires.day} {document.expires:%B}",
        "vi": f"{document.expires.day}/{document.expires.month}",
    }
    assert days[document.language] in text


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
