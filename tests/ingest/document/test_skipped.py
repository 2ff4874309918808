"""Files that cannot be taken: each is skipped with its sentence, and the others go in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document.parse import parse_file
from ingest.errors import Unreadable
from ingest.passages.split import split_passages
from ingest.pipeline import IngestPipeline
from tests.harness.ingest_harness import (
    NOW,
    list_document_ids,
    list_passage_texts,
    run_ingest,
    write_document,
)

BODY = "# T\n## What?\nText.\nSource: https://example.org\n"


def render_front_matter(*lines: str) -> bytes:
    return "\n".join(["---", *lines, "---", BODY]).encode()


BAD: dict[str, tuple[str, bytes, str]] = {
    "unknown type": ("a.hwp", b"HWP Document File", r"plain text.*ends in \.hwp.*rename it"),
    "settings": ("a.json", b'{"text": "not for founders"}', r"ends in \.json"),
    "nothing in it": ("a.md", b"", "no text"),
    "front matter only": ("a.md", b"---\nid: a\n---\n\n", "no text"),
    "headings only": ("a.md", b"# One\n## Two\n### Three\n", "no text below"),
    "sources only": ("a.md", b"# One\nSource: https://example.org (2025)\n", "no text below"),
    "not UTF-8": ("a.md", "aidé à l'export".encode("latin-1"), "not UTF-8.*Save it as UTF-8"),
    "a NUL": ("a.txt", b"text\x00\x00text", "not text"),
    "not YAML": ("a.md", render_front_matter("id: [a"), "not YAML"),
    "not keys": ("a.md", render_front_matter("just words"), "not a list of `key: value`"),
    "no end": ("a.md", b"---\nid: a\nexpires: 2020-01-01\n# T\nText.\n", "no end.*`---`"),
    "unknown keys": ("a.md", render_front_matter("id: a", "expiry: 2026-01-09"), "unknown keys: expiry"),
    "unknown language": ("a.md", render_front_matter("language: jp"), "language is 'jp'.*ko, en, vi"),
    "a date that cannot be": ("a.md", render_front_matter("expires: 2026-02-30"), "date that cannot be"),
    "a month as a day": ("a.md", render_front_matter("expires: 2026-02"), r"expires '2026-02' is not a date"),
    "a moment as a day": ("a.md", render_front_matter("expires: 2026-02-03 10:00:00"), "is not a date"),
    "words as a day": ("a.md", render_front_matter("effective_from: soon"), "effective_from 'soon'"),
    "published in words": ("a.md", render_front_matter("published: last spring"), "published date"),
    "a 13th month": ("a.md", render_front_matter('published: "2025-13"'), "published date '2025-13'"),
    "expires first": (
        "a.md", render_front_matter("effective_from: 2026-02-01", "expires: 2026-01-01"), "expires before",
    ),
    "no web address": ("a.md", render_front_matter("url: example.org/notice"), "not a web address"),
    "a script": ("a.md", render_front_matter("url: javascript:alert(1)"), "not a web address"),
    "words for a list": ("a.md", render_front_matter("topics: voucher, fair"), r"must be a list: \[one, two\]"),
    "a long id": ("a.md", render_front_matter(f"id: {'a' * 201}"), "id is longer than 200"),
    "a long audience": ("a.md", render_front_matter(f"audience: {'a' * 41}"), "audience is longer than 40"),
    "a long original": ("a.md", render_front_matter(f"translation_of: {'a' * 201}"), "longer than 200"),
    "a NUL in the title": ("a.md", render_front_matter(r'title: "a\0b"'), "characters that are no text"),
    "half a character": ("a.md", render_front_matter(r'topics: ["\ud800"]'), "characters that are no text"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=says) as raised:
        if not split_passages(parse_file(path, name)):
            raise Unreadable("headings_only")  # what the ingest says of it, tested below
    assert "\n" not in str(raised.value)
    assert str(raised.value).endswith(".")


def test_the_bad_files_are_skipped_by_name_and_the_good_ones_go_in(
    ingest: IngestPipeline, folder: Path
) -> None:
    write_document(folder, "good")
    for number, (name, content, _) in enumerate(BAD.values()):
        (folder / f"{number:02}").mkdir()
        (folder / f"{number:02}" / name).write_bytes(content)
    write_document(folder, "also-good")
    plan = ingest.plan([folder])
    assert [skipped.file for skipped in plan.skipped] == [
        f"{number:02}/{name}" for number, (name, _, _) in enumerate(BAD.values())
    ]
    assert plan.counts()["skipped"] == len(BAD)
    (headings,) = [str(one.remark) for one in plan.skipped if one.file.startswith("04/")]
    assert headings == "it has headings but no text below them."
    ingest.apply(plan, note="", now=NOW)
    assert list_document_ids(ingest) == ["also-good", "good"]


def test_of_two_files_with_one_id_the_second_is_skipped_and_both_are_named(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    write_document(folder, "voucher")
    (folder / "z.md").write_bytes((folder / "voucher.md").read_bytes())
    other = write_document(tmp_path, "voucher")
    plan = ingest.plan([folder, other])
    assert [skipped.file for skipped in plan.skipped] == ["z.md", "voucher.md"]
    assert all(
        "'voucher'" in str(one.remark) and "voucher.md" in str(one.remark) for one in plan.skipped
    )
    assert plan.counts()["created"] == 1


def test_a_document_whose_file_is_broken_today_answers_on_as_it_was(
    ingest: IngestPipeline, folder: Path
) -> None:
    write_document(folder, "voucher", "How much?: KRW 30 million.")
    write_document(folder, "fair")
    run_ingest(ingest, folder)
    (folder / "voucher.md").write_text("---\nid: voucher\nexpires: 2026-02-30\n---\n# T\nText.\n")
    write_document(folder, "fair", "What?: Another text.")
    plan = ingest.plan([folder])
    assert (plan.counts()["withdrawn"], plan.counts()["updated"], len(plan.skipped)) == (0, 1, 1)
    ingest.apply(plan, note="", now=NOW)
    assert sorted(list_passage_texts(ingest)) == ["Another text.", "KRW 30 million."]


def test_a_folder_of_bad_files_only_makes_no_edition(ingest: IngestPipeline, folder: Path) -> None:
    (folder / "a.hwp").write_bytes(b"HWP")
    plan = ingest.plan([folder])
    assert (len(plan.skipped), plan.has_changes) == (1, False)
    assert ingest.apply(plan, note="", now=NOW) is None
    assert ingest.catalogue.get_active_edition() is None


def test_hidden_files_and_the_library_s_own_notes_are_left_out(
    ingest: IngestPipeline, folder: Path
) -> None:
    for name in (".DS_Store", "README.md", "SOURCES.md", "CONTACTS.yaml", ".git/config.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("not a document")
    write_document(folder, "voucher")
    plan = ingest.plan([folder])
    assert (plan.counts()["created"], plan.skipped) == (1, ())
