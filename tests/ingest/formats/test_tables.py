"""Tables as files: questions and answers become sections, anything else stays a table."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.document.convert import convert_bytes
from ingest.document.parse import parse_file
from ingest.errors import Unreadable
from ingest.passages.split import split_passages
from tests.samples.office_files import FAQ, TABLE_MARKDOWN, make_xlsx, make_zip, render_delimited

SECTIONS = """## 자금

### 얼마까지 받나요?

3천만 원입니다.

출처: https://example.org/a (2026-03-02)

### 언제 내나요?

3월 31일까지 냅니다.

## 인증

### CE가 필요한가요?

유럽에 팔려면 필요합니다.

출처: https://example.org/b"""


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_csv_of_questions_is_a_section_a_row(delimiter: str, encoding: str) -> None:
    found = convert_bytes(render_delimited(FAQ, delimiter).encode(encoding), "faq.csv")
    assert (found.kind, found.markdown) == ("csv", SECTIONS)


def test_a_workbook_of_questions_is_a_section_a_row() -> None:
    assert convert_bytes(make_xlsx({"FAQ": FAQ}), "faq.xlsx").markdown == SECTIONS


def test_its_passages_carry_question_source_and_date(tmp_path: Path) -> None:
    path = tmp_path / "faq.xlsx"
    path.write_bytes(make_xlsx({"FAQ": FAQ}))
    first, *_ = split_passages(parse_file(path, path.name))
    assert first.heading[-2:] == ("자금", "얼마까지 받나요?")
    assert first.text == "3천만 원입니다."
    assert [(one.url, one.published) for one in first.sources] == [
        ("https://example.org/a", "2026-03-02")
    ]


@pytest.mark.parametrize(
    "header",
    [
        ("질문", "답변"), ("문의사항", "회신 내용"), ("Q", "A"), ("Question", "Answer"),
        ("제목", "내용"), ("질문 (Question)", "답변 (Answer)"), ("Câu hỏi", "Trả lời"),
    ],
)  # fmt: skip
def test_headers_are_known_in_three_languages(header: tuple[str, str]) -> None:
    rows = [header, ("물음", "풀이")]
    assert convert_bytes(render_delimited(rows).encode(), "a.csv").markdown == "## 물음\n\n풀이"


def test_a_header_that_is_a_question_wins_over_a_title() -> None:
    rows = [("제목", "질문", "답변"), ("바우처", "얼마?", "3천만 원")]
    assert (
        convert_bytes(render_delimited(rows).encode(), "a.csv").markdown
        == "## 얼마?\n\n3천만 원\n\n바우처"
    )


def test_a_header_may_stand_below_a_title() -> None:
    rows = [
        ("수출 상담 사례집", "", ""),
        ("", "", ""),
        ("번호", "질문", "답변"),
        ("1", "얼마?", "많이"),
    ]
    found = convert_bytes(make_xlsx({"사례": rows}), "a.xlsx").markdown
    assert found == "수출 상담 사례집\n\n## 얼마?\n\n많이"


def test_columns_can_be_named() -> None:
    rows = [("물음표", "풀이", "근거"), ("얼마?", "많이", "https://example.org")]
    columns = {"question": "물음표", "answer": "풀이", "url": "근거"}
    for data in (
        render_delimited(rows).encode(),
        make_xlsx({"표": rows, "비고": [("가", "나"), ("다", "라")]}),
    ):
        found = convert_bytes(data, "a.csv", columns).markdown
        assert found.startswith("## 얼마?\n\n많이\n\n출처: https://example.org")


@pytest.mark.parametrize(
    ("columns", "says"),
    [({"question": "없음", "answer": "답변"}, "none of its first rows.*없음"),
     ({"frage": "질문"}, "name frage, which is no role")],
)  # fmt: skip
def test_columns_that_are_not_there_are_a_sentence(columns: dict[str, str], says: str) -> None:
    for data in (render_delimited(FAQ).encode(), make_xlsx({"FAQ": FAQ})):
        with pytest.raises(Unreadable, match=says):
            convert_bytes(data, "a.csv", columns)


def test_a_table_without_roles_stays_a_table_under_its_sheet_s_name() -> None:
    rows = [
        ["구분", "한도", "보조율"],
        ["내수기업", "3천만 원", "70%"],
        ["유망|기업", "1억 원", "50%"],
    ]
    assert (
        convert_bytes(make_xlsx({"지원 한도": rows}), "a.xlsx").markdown
        == f"## 지원 한도\n\n{TABLE_MARKDOWN}"
    )
    assert convert_bytes(render_delimited(rows).encode(), "a.csv").markdown == TABLE_MARKDOWN


def test_a_row_without_an_answer_and_one_without_a_question_are_not_lost() -> None:
    rows = [("질문", "답변"), ("얼마?", ""), ("", "추가 설명"), ("언제?", "지금")]
    found = convert_bytes(render_delimited(rows).encode(), "a.csv").markdown
    assert found == "## 얼마?\n\n추가 설명\n\n## 언제?\n\n지금"
    rows = [("질문", "답변"), ("언제?", "지금"), ("얼마?", "")]
    assert convert_bytes(render_delimited(rows).encode(), "a.csv").markdown.endswith(
        "지금\n\n얼마?"
    )


def test_an_answer_of_several_lines_keeps_them_and_is_no_heading() -> None:
    data = '질문,답변\n"얼마?","첫 줄\n# 둘째 줄"\n'.encode()
    assert convert_bytes(data, "a.csv").markdown == "## 얼마?\n\n첫 줄\n\\# 둘째 줄"


def test_numbers_are_written_as_excel_shows_them() -> None:
    rows: list[list[Any]] = [
        ["보조율", "금액", "기한", "시각", "수", "예"],
        [0.7, 30000000, date(2026, 3, 2), datetime(2026, 3, 2, 18, 0), 3.0, True],
    ]
    data = make_xlsx({"표": rows}, A2="0%", B2="#,##0", C2="yyyy-mm-dd")
    assert (
        "| 70% | 30,000,000 | 2026-03-02 | 2026-03-02 18:00:00 | 3 | TRUE |"
        in convert_bytes(data, "a.xlsx").markdown
    )


def test_merged_cells_and_links_of_a_workbook_are_kept() -> None:
    rows: list[list[Any]] = [
        ["국가", "제도", "안내"],
        ["베트남", "CR", "바로가기"],
        [None, "ICT", "없음"],
    ]
    data = make_xlsx({"표": rows}, merge="A2:A3", C2="https://example.org/cr")
    assert convert_bytes(data, "a.xlsx").markdown.splitlines()[-2:] == [
        "| 베트남 | CR | 바로가기 (https://example.org/cr) |", "| 베트남 | ICT | 없음 |",
    ]  # fmt: skip


def test_every_sheet_is_read() -> None:
    found = convert_bytes(
        make_xlsx({"FAQ": FAQ, "연락처": [["기관", "전화"], ["KOTRA", "02-1"]]}), "a.xlsx"
    )
    assert found.markdown.startswith("## 자금")
    assert found.markdown.endswith("## 연락처\n\n| 기관 | 전화 |\n| --- | --- |\n| KOTRA | 02-1 |")


def test_prose_with_commas_is_no_table() -> None:
    text = "수출바우처, 알아보기\n신청은 3월, 마감은 4월\n"
    assert convert_bytes(text.encode(), "notice.txt").kind == "text"
    assert convert_bytes(render_delimited(FAQ).encode(), "notice.txt").kind == "csv"


def test_a_quotation_mark_that_never_ends_is_a_sentence() -> None:
    data = b'question,answer\n"' + b"a" * 200_000
    with pytest.raises(Unreadable, match="no table of separated values"):
        convert_bytes(data, "a.csv")


def test_a_workbook_in_an_archive_is_no_workbook() -> None:
    with pytest.raises(Unreadable, match="archive"):
        convert_bytes(make_zip(("faq.xlsx", make_xlsx({"FAQ": FAQ}))), "faq.xlsx")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "title",
    [
        "자주 묻는 질문 | 2026년 판; 내부 배포",
        "자주 묻는 질문; 수출; 상담; 사례",
        "제목, 또는, 쉼표, 셋",
        "안내",
    ],
)
def test_a_title_of_any_signs_above_the_header_hides_no_question(
    delimiter: str, title: str
) -> None:
    rows = [("질문", "답변"), ("샘플 운송비도 되나요?", "네. 됩니다."), ("환불은요?", "안 됩니다.")]
    found = convert_bytes(
        f"{title}\n{render_delimited(rows, delimiter)}".encode(), "a.csv"
    ).markdown
    assert found.endswith("## 샘플 운송비도 되나요?\n\n네. 됩니다.\n\n## 환불은요?\n\n안 됩니다.")


def test_the_title_row_that_hid_the_questions() -> None:
    path = Path(__file__).parent / "faults" / "faq_title_row.csv"
    found = convert_bytes(path.read_bytes(), path.name).markdown
    assert "## 샘플 운송비도 되나요?\n\n네. 연 100만원까지 됩니다." in found


def test_a_title_above_the_heads_of_a_table_is_a_text_not_their_row() -> None:
    rows: list[list[Any]] = [
        ["요금 (부가세 별도)", None, None],
        ["좌석", "1년 차", "2년 차"],
        ["자유석", "3만", "4만"],
    ]
    data = make_xlsx({"월 이용료": rows}, merge="A1:C1")
    assert convert_bytes(data, "a.xlsx").markdown == (
        "## 월 이용료\n\n요금 (부가세 별도)\n\n"
        "| 좌석 | 1년 차 | 2년 차 |\n| --- | --- | --- |\n| 자유석 | 3만 | 4만 |"
    )


def test_rows_of_one_cell_alone_are_no_titles_of_a_table() -> None:
    data = render_delimited([["가", "나"], ["다", ""], ["라", "마"]]).encode()
    markdown = convert_bytes(data, "a.csv").markdown
    assert markdown.startswith("| 가 | 나 |\n| --- | --- |\n| 다 |  |")
