"""The outline of a document: which lines open a section, and what path each section has."""

from __future__ import annotations

import pytest

from ingest.passages.outline import Section, SectionLine, split_sections


def outline(markdown: str) -> list[tuple[tuple[str, ...], list[str]]]:
    """The path below the title and the lines with text of each section that has any."""
    return [
        (section.path[1:], texts)
        for section in split_sections("T", markdown)
        if (texts := [line.text for line in section.lines if line.text.strip()])
    ]


def flatten_lines(markdown: str) -> list[SectionLine]:
    return [line for section in split_sections("T", markdown) for line in section.lines]


@pytest.mark.parametrize(
    ("markdown", "sections"),
    [
        ("text", [((), ["text"])]),
        ("# A\none\n## B\ntwo\n# C\nthree",
         [(("A",), ["one"]), (("A", "B"), ["two"]), (("C",), ["three"])]),
        ("## B ##\ntwo", [(("B",), ["two"])]),
        ("# A\n### Deep\ndeep\n## B\ntwo", [(("A", "Deep"), ["deep"]), (("A", "B"), ["two"])]),
        ("# A\n# A\nonce", [(("A",), ["once"])]),
    ],
    ids=["no heading", "levels", "closed heading", "a level left out", "the same heading twice"],
)  # fmt: skip
def test_headings_open_sections(
    markdown: str, sections: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    assert outline(markdown) == sections


@pytest.mark.parametrize(
    ("markdown", "sections"),
    [
        ("제1장 총칙\n제1조(목적) 이 규정은\n제2장 지원\n제2조(한도) 한도는",
         [(("제1장 총칙", "제1조(목적)"), ["이 규정은"]),
          (("제2장 지원", "제2조(한도)"), ["한도는"])]),
        ("제2조(정의)\n① 사업이란\n② 기업이란",
         [(("제2조(정의)", "①"), ["① 사업이란"]), (("제2조(정의)", "②"), ["② 기업이란"])]),
        ("Article 3. Scope\nIt applies.", [(("Article 3. Scope",), ["It applies."])]),
    ],
    ids=["chapters and articles", "paragraphs of an article", "an English article"],
)  # fmt: skip
def test_clauses_open_sections(
    markdown: str, sections: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    assert outline(markdown) == sections


@pytest.mark.parametrize(
    ("markdown", "sections"),
    [
        ("□ 사업목적\n ○ 물류비 완화\n□ 지원대상\n ○ 중소기업",
         [(("사업목적",), [" ○ 물류비 완화"]), (("지원대상",), [" ○ 중소기업"])]),
        ("1. 개요\n가. 목적\n본문이다.\n나. 대상\n기업이다.",
         [(("1. 개요", "가. 목적"), ["본문이다."]), (("1. 개요", "나. 대상"), ["기업이다."])]),
        ("1. first\n2. second\n3. third", [((), ["1. first", "2. second", "3. third"])]),
        ("5. a line of prose", [((), ["5. a line of prose"])]),
        ("1. 조사도 해 줍니까?\n\n한 건 해 드립니다.\n\n2. May we enter?\n\nYes.",
         [(("조사도 해 줍니까?",), ["한 건 해 드립니다."]), (("May we enter?",), ["Yes."])]),
        ("1. Who?\n2. When?\n3. Where?", [((), ["1. Who?", "2. When?", "3. Where?"])]),
    ],
    ids=["signs of a notice", "numbers and letters", "a plain list", "a lone number",
         "numbered questions with answers", "a list of questions"],
)  # fmt: skip
def test_titles_of_items_open_sections_and_plain_lists_do_not(
    markdown: str, sections: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    assert outline(markdown) == sections


@pytest.mark.parametrize(
    ("markdown", "sections"),
    [
        ("Q. How much?\nA. KRW 30m\nper year",
         [(("How much?",), ["KRW 30m", "per year"])]),
        ("Q. How much\nin all?\nA. KRW 30m", [(("How much in all?",), ["KRW 30m"])]),
        ("Q1. One?\nA. 1\nQ2. Two?\nA. 2", [(("One?",), ["1"]), (("Two?",), ["2"])]),
        ("Q. Never answered?\nsome\ntext", [((), ["Q. Never answered?", "some", "text"])]),
        ("Q. Late?\n1\n2\n3\n4\n5\n6\nA. too late",
         [((), ["Q. Late?", "1", "2", "3", "4", "5", "6", "A. too late"])]),
    ],
    ids=["a question", "over two lines", "two questions", "no answer", "answered too far below"],
)  # fmt: skip
def test_a_question_heads_its_answer(
    markdown: str, sections: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    assert outline(markdown) == sections


@pytest.mark.parametrize("line", ["# No heading", "제1조(목적) 조문", "Q. A question?"])
def test_code_and_tables_open_no_section(line: str) -> None:
    for markdown in (f"```\n{line}\n```\nA. x", f"| {line} |\nA. x"):
        assert [path for path, _ in outline(markdown)] == [()]


def test_an_item_knows_the_items_above_it() -> None:
    lines = flatten_lines("- fruit and roots of all sorts.\n  1) apples.\n  2) pears.\n- tools.")
    assert [(line.label, line.item_path) for line in lines] == [
        ("fruit and roots of all sorts.", ()),
        ("1) apples.", ("fruit and roots of all sorts.",)),
        ("2) pears.", ("fruit and roots of all sorts.",)),
        ("tools.", ()),
    ]


def test_a_paragraph_after_a_list_is_not_part_of_its_last_item() -> None:
    lines = flatten_lines("- apples.\n- pears.\ntheir skin\n\nA paragraph.")
    assert [(line.text, line.item_path) for line in lines if line.text] == [
        ("- apples.", ()),
        ("- pears.", ()),
        ("their skin", ("pears.",)),
        ("A paragraph.", ()),
    ]


def test_lines_carry_the_page_of_the_mark_above_them() -> None:
    lines = flatten_lines("cover\n<!-- page 2 -->\n# A\none\n<!-- page 3 -->\ntwo")
    assert [(line.text, line.page) for line in lines] == [("cover", None), ("one", 2), ("two", 3)]


def test_a_document_without_text_has_its_title_alone() -> None:
    assert list(split_sections("T", "")) == [Section(("T",), ())]
