"""From Markdown to passages small enough to be found alone, with the path that gives meaning."""

from __future__ import annotations

from pathlib import Path

from ingest.document.parse import parse_file
from ingest.passages.chunks import CHUNK_MAX_CHARACTERS
from ingest.passages.split import split_passages
from knowledge.types import Passage, Source


def split_markdown(folder: Path, markdown: str) -> tuple[Passage, ...]:
    path = folder / "notice.md"
    path.write_text(f"---\nid: notice\ntitle: Voucher\nlanguage: en\n---\n{markdown}", "utf-8")
    return split_passages(parse_file(path, path.name))


def list_headings(folder: Path, markdown: str) -> list[tuple[str, ...]]:
    return [passage.heading for passage in split_markdown(folder, markdown)]


def test_a_passage_knows_the_headings_above_it(tmp_path: Path) -> None:
    markdown = (
        "# Voucher\nintro\n## Money\n### How much?\nKRW 30m\n### Share\n30 %\n## Dates\nMay\n"
    )
    assert list_headings(tmp_path, markdown) == [
        ("Voucher",),
        ("Voucher", "Money", "How much?"),
        ("Voucher", "Money", "Share"),
        ("Voucher", "Dates"),
    ]


def test_a_title_in_the_text_that_differs_stands_below_the_document_s(tmp_path: Path) -> None:
    assert list_headings(tmp_path, "# Notice 1\ntext") == [("Voucher", "Notice 1")]
    assert list_headings(tmp_path, "text alone") == [("Voucher",)]


def test_headings_without_text_make_no_passage_and_numbers_have_no_gap(tmp_path: Path) -> None:
    found = split_markdown(tmp_path, "# Voucher\n## Empty\n## Full\ntext\n## Closed ##\nmore\n")
    assert [(one.ord, one.heading[-1]) for one in found] == [(0, "Full"), (1, "Closed")]


def test_source_lines_become_sources_with_dates_as_exact_as_printed(tmp_path: Path) -> None:
    (one,) = split_markdown(
        tmp_path,
        "Text stays.\n"
        "출처: https://a.example/1 (2025-12-24) · https://b.example/2?x=1 (2025-12)\n"
        "Source: https://c.example/3 (published 2024, read 2025) · https://d.example (undated)\n"
        "Nguồn: https://e.example/(2) (2016)\n"
        "Source: an article without an address (2026-01)\n",
    )
    assert one.text == "Text stays."
    assert one.sources == (
        Source("https://a.example/1", "2025-12-24"),
        Source("https://b.example/2?x=1", "2025-12"),
        Source("https://c.example/3", "2024"),
        Source("https://d.example", None),
        Source("https://e.example/(2)", "2016"),
    )


def test_a_section_s_sources_are_its_own(tmp_path: Path) -> None:
    found = split_markdown(
        tmp_path,
        "## A\none\nSource: https://a.example\n## B\ntwo\nSource: https://b.example\n## C\nthree\n",
    )
    assert [[source.url for source in one.sources] for one in found] == [
        ["https://a.example"], ["https://b.example"], [],
    ]  # fmt: skip


def test_a_code_fence_holds_no_headings(tmp_path: Path) -> None:
    (one,) = split_markdown(tmp_path, "## Form\nbefore\n```\n# not a heading\n```\nafter\n")
    assert one.text == "before\n```\n# not a heading\n```\nafter"


def test_a_long_section_is_cut_between_paragraphs_and_each_part_keeps_path_and_sources(
    tmp_path: Path,
) -> None:
    paragraphs = [f"{number}: {'word ' * 100}".strip() for number in range(6)]
    found = split_markdown(
        tmp_path, "## Long\n" + "\n\n".join(paragraphs) + "\nSource: https://a.example\n"
    )
    assert len(found) == 3
    assert "\n\n".join(one.text for one in found) == "\n\n".join(paragraphs)
    assert all(len(one.text) <= CHUNK_MAX_CHARACTERS for one in found)
    assert {one.heading for one in found} == {("Voucher", "Long")}
    assert all(one.sources == (Source("https://a.example"),) for one in found)


def test_a_long_paragraph_is_cut_after_sentences(tmp_path: Path) -> None:
    sentences = [f"Sentence number {number} has an end." for number in range(100)]
    found = split_markdown(tmp_path, "## Long\n" + " ".join(sentences))
    assert len(found) > 2
    assert " ".join(one.text for one in found) == " ".join(sentences)
    assert all(len(one.text) <= CHUNK_MAX_CHARACTERS and one.text.endswith(".") for one in found)


def test_a_long_list_is_cut_between_its_lines_and_stays_a_list(tmp_path: Path) -> None:
    items = [f"- item {number} costs KRW {number} million" for number in range(80)]
    found = split_markdown(tmp_path, "## Long\n" + "\n".join(items))
    assert len(found) > 1
    assert [line for one in found for line in one.text.splitlines()] == items
    assert all(len(one.text) <= CHUNK_MAX_CHARACTERS for one in found)


def test_every_part_of_a_long_table_repeats_the_header(tmp_path: Path) -> None:
    header = ["| Country | Duty |", "|---|---:|"]
    rows = [f"| Country number {number} | {number} % |" for number in range(90)]
    found = split_markdown(tmp_path, "## Duties\n" + "\n".join([*header, *rows]))
    assert len(found) > 1
    assert all(one.text.splitlines()[:2] == header for one in found)
    assert [line for one in found for line in one.text.splitlines()[2:]] == rows
    assert all(len(one.text) <= CHUNK_MAX_CHARACTERS + 100 for one in found)


def test_a_short_table_stays_whole(tmp_path: Path) -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    assert [one.text for one in split_markdown(tmp_path, f"## T\nIntro.\n\n{table}\n")] == [
        f"Intro.\n\n{table}"
    ]


def test_equal_passages_have_equal_digests_and_any_difference_shows(tmp_path: Path) -> None:
    def digest(markdown: str) -> str:
        return split_markdown(tmp_path, markdown)[0].digest

    same = digest("## A\ntext\nSource: https://a.example (2025)")
    assert digest("## A\n\ntext\n\nSource: https://a.example (2025)\n") == same
    changed = [
        "## B\ntext\nSource: https://a.example (2025)",
        "## A\ntext.\nSource: https://a.example (2025)",
        "## A\ntext\nSource: https://b.example (2025)",
        "## A\ntext\nSource: https://a.example (2026)",
    ]
    assert len({same, *map(digest, changed)}) == 5
