"""The known questions next to a document: which file has them, what is taken from it, what is refused."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from ingest.document.parse import parse_file
from ingest.errors import Unreadable
from ingest.passages.chunks import CHUNK_MAX_CHARACTERS
from ingest.passages.phrase_files import (
    PHRASES_MAX_BYTES,
    PhraseFile,
    find_phrase_file,
)
from ingest.passages.phrases import PhrasesByHeading, SectionPhrases, read_phrases
from ingest.passages.split import split_with_phrases

SECTION = "- heading: [T, A]\n  asked: [얼마 줘요]\n"


def read(content: str, document: str = "notice") -> dict[tuple[str, ...], SectionPhrases]:
    return dict(read_phrases(PhraseFile("phrases/notice.yaml", content.encode()), document))


def test_what_people_asked_comes_before_what_was_written_for_them() -> None:
    found = read(
        "document: notice\nsections:\n- heading: [T, A]\n  generated: ['1380', 'no']\n  asked: [얼마]\n"
        "- heading: [T, B]\n  unanswered: [담당자 이름이요]\n- heading: [T, A]\n  asked: [더]\n"
    )
    assert found == {
        ("T", "A"): SectionPhrases(["얼마", "1380", "no", "더"]),
        ("T", "B"): SectionPhrases([], ["담당자 이름이요"]),
    }


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        ("sections: [", "phrases_broken", "while parsing"),
        ("document: notice", "phrases_broken", "no list `sections`"),
        ("document: notice\nsections: [{asked: [a]}]", "phrases_broken", "heading"),
        (f"document: notice\nsections:\n{SECTION}  unanswerd: [a]", "phrases_broken", "unanswered"),
        (
            f"document: notice\nsections:\n{SECTION}  generated: a",
            "phrases_broken",
            "lists of texts",
        ),
        (
            f"document: notice\nsections:\n{SECTION}  generated: [1380]",
            "phrases_broken",
            "lists of",
        ),
        ("document: notice\na: &a [b]\nsections: *a", "phrases_broken", "alias"),
        ("[" * 200_000, "phrases_broken", "nested"),
        (f"document: other\nsections:\n{SECTION}", "phrases_of_another", "other"),
    ],
)
def test_a_broken_side_file_is_refused_with_what_is_wrong(
    content: str, kind: str, why: str
) -> None:
    with pytest.raises(Unreadable, match=r"phrases/notice\.yaml") as raised:
        read(content)
    assert raised.value.remark.kind == kind and why in str(raised.value)


@pytest.mark.parametrize("name", ["안내.hwp.yaml", "안내.yaml"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_it_is_named_after_the_document(
    tmp_path: Path, name: str, form: Literal["NFC", "NFD"]
) -> None:
    assert find_phrase_file(tmp_path / "안내.hwp") is None
    (tmp_path / "phrases").mkdir()
    assert find_phrase_file(tmp_path / "안내.hwp") is None
    (tmp_path / "phrases" / unicodedata.normalize(form, name)).write_bytes(b"x")
    found = find_phrase_file(tmp_path / "안내.hwp")
    assert found and found.content == b"x" and not found.problem


def test_one_that_is_too_large_or_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "phrases").mkdir()
    (tmp_path / "phrases" / "a.yaml").write_bytes(b"#" * (PHRASES_MAX_BYTES + 1))
    for path, why in [
        (tmp_path / "a.md", "larger than"),
        (tmp_path / ("b" * 252), "cannot be read"),
    ]:
        found = find_phrase_file(path)
        assert found and found.content == b"" and why in found.problem
        with pytest.raises(Unreadable, match=why):
            read_phrases(found, "a")


def test_each_passage_has_the_phrases_of_its_section_and_what_none_has_is_told(
    tmp_path: Path,
) -> None:
    path = tmp_path / "notice.md"
    long = "\n\n".join(["word " * (CHUNK_MAX_CHARACTERS // 8)] * 2)
    path.write_text(
        f"---\nid: notice\ntitle: T\nlanguage: en\n---\n## A\n{long}\n### A1\ntext\n## B\n- item\n\n"
        "Asked: how much\n## C\n"
    )
    phrases: PhrasesByHeading = {
        ("T", "A"): SectionPhrases(["how long"]),
        ("T", "B"): SectionPhrases(["how often"], ["who is it"]),
        ("T", "C"): SectionPhrases(["nothing stands below it"]),
        ("T", "D"): SectionPhrases(["it is not there"]),
    }
    parsed = parse_file(path, path.name)
    passages, lost = split_with_phrases(parsed, phrases)
    found = [(one.heading[1], one.asked, one.unanswered) for one in passages]
    assert found == [
        ("A", ("how long",), ()), ("A", ("how long",), ()), ("A", (), ()),
        ("B", ("how often",), ("who is it",)),
    ]  # fmt: skip
    assert lost == [("T", "C"), ("T", "D")]
    assert passages[-1].text == "- item\n\nAsked: how much"  # a line of the document is its text
    plain, _ = split_with_phrases(parsed, {})
    assert [one.text for one in plain] == [one.text for one in passages]
    changed = [one.digest != other.digest for one, other in zip(plain, passages, strict=True)]
    assert changed == [True, True, False, True]
