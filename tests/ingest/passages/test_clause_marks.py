"""Rules, notices and lists of questions, split where their own marks part them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.document.parse import parse_file
from ingest.passages.chunks import CHUNK_MAX_CHARACTERS
from ingest.passages.split import compute_digest, split_passages
from knowledge.types import Passage
from tests.ingest.document.test_metadata import load_notices

RULE = """# 나루사업 운영규정
제1장 총칙
제1조(목적) 이 규정은 나루사업에 필요한 사항을 정한다.
제2조(정의) ① 이 규정에서 "사업"이란 다음 각 호를 말한다.
  1. 물류 지원
  2. 인증 지원
    가. 시험비
② 제1항의 기업은
제5조(지원대상)에 따른 기업을 말한다.
제2장 지원
제3조(한도(수출기업)) 한도는
제2조(정의) 및 제4조에 따른다.
제3조의2(특례) 특례를 둔다.
제4조 삭제 <2026. 1. 1.>
부칙 <제12호, 2026. 3. 5.>
제1조(시행일) 이 규정은 2026년 4월 1일부터 시행한다.
[별표 1] 지원 한도(제3조 관련)
| 구분 | 한도 |
|---|---|
| 물류 | 3천만 원 |
"""
TOP = ("규정", "나루사업 운영규정")
NOTICE = """1. 사업개요
 □ 사업목적
  ○ 물류비 부담 완화
 □ 지원내용
  ○ (한도) 기업당 3천만 원
   - 자부담 30%
   ※ 부가세 별도

2. 신청방법
 가. 신청기간: 2026. 3. 9.부터
 나. 제출서류
  1) 사업자등록증
3. 유의사항
 1. 1차 공고는 3월에 나옵니다.
 2. 2차 공고는 5월에 나옵니다.
4. 문의처
나루청
"""


def split_markdown(folder: Path, markdown: str) -> tuple[Passage, ...]:
    path = folder / "notice.md"
    path.write_text(f"---\nid: notice\ntitle: 규정\nlanguage: ko\n---\n{markdown}", "utf-8")
    return split_passages(parse_file(path, path.name))


def list_headed_texts(folder: Path, markdown: str) -> list[tuple[tuple[str, ...], str]]:
    return [(one.heading, one.text) for one in split_markdown(folder, markdown)]


def test_a_rule_is_split_by_article_and_paragraph_under_its_chapter(tmp_path: Path) -> None:
    assert list_headed_texts(tmp_path, RULE) == [
        ((*TOP, "제1장 총칙", "제1조(목적)"), "이 규정은 나루사업에 필요한 사항을 정한다."),
        (
            (*TOP, "제1장 총칙", "제2조(정의)", "①"),
            '① 이 규정에서 "사업"이란 다음 각 호를 말한다.\n'
            "  1. 물류 지원\n  2. 인증 지원\n    가. 시험비",
        ),
        (
            (*TOP, "제1장 총칙", "제2조(정의)", "②"),
            "② 제1항의 기업은\n제5조(지원대상)에 따른 기업을 말한다.",
        ),
        (
            (*TOP, "제2장 지원", "제3조(한도(수출기업))"),
            "한도는\n제2조(정의) 및 제4조에 따른다.",
        ),
        ((*TOP, "제2장 지원", "제3조의2(특례)"), "특례를 둔다."),
        ((*TOP, "제2장 지원", "제4조"), "삭제 <2026. 1. 1.>"),
        (
            (*TOP, "부칙 <제12호, 2026. 3. 5.>", "제1조(시행일)"),
            "이 규정은 2026년 4월 1일부터 시행한다.",
        ),
        (
            (*TOP, "[별표 1] 지원 한도(제3조 관련)"),
            "| 구분 | 한도 |\n|---|---|\n| 물류 | 3천만 원 |",
        ),
    ]


def test_a_chapter_and_an_article_may_be_headings_of_one_level(tmp_path: Path) -> None:
    text = "# 규정\n# 제1장 총칙\n## **제1조(목적)**\n목적이다.\n# 제2장 지원\n## 제2조(한도)\n한도다.\n"
    assert [heading for heading, _ in list_headed_texts(tmp_path, text)] == [
        ("규정", "제1장 총칙", "제1조(목적)"), ("규정", "제2장 지원", "제2조(한도)"),
    ]  # fmt: skip


def test_a_vietnamese_decree_is_split_by_its_articles(tmp_path: Path) -> None:
    text = "Chương II HỖ TRỢ\nĐiều 3. Đối tượng\n1. Doanh nghiệp nhỏ.\nTheo Điều 3. thì không.\n"
    assert list_headed_texts(tmp_path, text) == [
        (
            ("규정", "Chương II HỖ TRỢ", "Điều 3. Đối tượng"),
            "1. Doanh nghiệp nhỏ.\nTheo Điều 3. thì không.",
        )
    ]


def test_a_notice_is_split_where_a_mark_titles_what_stands_below(tmp_path: Path) -> None:
    assert list_headed_texts(tmp_path, NOTICE) == [
        (("규정", "1. 사업개요", "사업목적"), "○ 물류비 부담 완화"),
        (
            ("규정", "1. 사업개요", "지원내용"),
            "○ (한도) 기업당 3천만 원\n   - 자부담 30%\n   ※ 부가세 별도",
        ),
        (
            ("규정", "2. 신청방법"),
            "가. 신청기간: 2026. 3. 9.부터\n 나. 제출서류\n  1) 사업자등록증",
        ),
        (
            ("규정", "3. 유의사항"),
            "1. 1차 공고는 3월에 나옵니다.\n 2. 2차 공고는 5월에 나옵니다.",
        ),
        (("규정", "4. 문의처"), "나루청"),
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "1. 1차 공고는 3월에 나옵니다.\n2. 2차 공고는 5월에 나옵니다.",
        "1. 사업자등록증\n2. 수출실적증명\n3. 신청서",
        "1. First step\n   goes on here\n2. Second step\n   goes on too",
        "1. Bring the form that you got from\nthe office, then wait.",
        "접수 마감은\n5. 10. 18:00이며 연장하지 않습니다.\n우편은 받지 않습니다.",
        "지원금은 매출의\n1.5배를 넘지 못합니다.\n그 밖에는 없습니다.",
        "서류를 냈\n다. 그리고 기다렸다.\n답이 왔다.",
        "제3조에 따라 지원하며\n제5조(지원대상) 제1항 각 호의 기업은\n제2장에 따른다.",
        "□ (지원대상) 수출 중소기업\n ○ 소상공인 포함",
        "- 첫째\n- 둘째\n\n끝으로 한 문단.",
        "문의: 나루청\n답변은 사흘 안에 합니다.",
        "Q. 답이 없는 물음은 어떻게 하나요?\n다음 문단입니다.",
        "A. 물음이 없는 답입니다.",
        "| 1. 구분 | □ 한도 |\n|---|---|\n| 제1조(목적) | ① |",
        "```\n제1조(목적)\n1. 개요\n본문\n```",
    ],
)
def test_an_ordinary_text_stays_whole(tmp_path: Path, prose: str) -> None:
    assert list_headed_texts(tmp_path, prose) == [(("규정",), prose)]


def test_a_list_beside_a_titled_item_does_not_fall_under_it(tmp_path: Path) -> None:
    assert list_headed_texts(tmp_path, "1. 등록증\n - 사본\n2. 신청서\n") == [
        (("규정", "1. 등록증"), "- 사본"), (("규정",), "2. 신청서"),
    ]  # fmt: skip


QUESTIONS = [
    ("Q1. 누가 받나요?", "A1. 기업입니다."),
    ("**Q.** 누가 받나요?", "**A.** 기업입니다."),
    ("문 1) 누가 받나요?", "답) 기업입니다."),
    ("질문: 누가 받나요?", "답변: 기업입니다."),
    ("[질문] 누가\n받나요?", "[답변]\n기업입니다."),
    ("Question 3: 누가 받나요?", "Answer: 기업입니다."),
    ("Hỏi: 누가 받나요?", "Đáp: 기업입니다."),
    ("Câu hỏi 1: 누가 받나요?", "Trả lời: 기업입니다."),
]


@pytest.mark.parametrize(("asked", "answered"), QUESTIONS)
def test_a_question_heads_its_answer(tmp_path: Path, asked: str, answered: str) -> None:
    text = f"## 신청\n{asked}\n{answered}\n 1. 중소기업\n\n{asked}\n{answered}\n□ 문의\n나루청\n"
    assert list_headed_texts(tmp_path, text) == [
        (("규정", "신청", "누가 받나요?"), "기업입니다.\n 1. 중소기업"),
        (("규정", "신청", "누가 받나요?"), "기업입니다."),
        (("규정", "신청", "문의"), "나루청"),
    ]


def test_every_part_of_a_long_clause_keeps_the_items_that_it_lies_under(tmp_path: Path) -> None:
    rows = [
        f"  {number}) 비용 {number}은 영수증을 내면 지급하고 남은 것은 돌려받는다."
        for number in range(1, 61)
    ]
    text = "\n".join(["## 지원", "가. 지원대상: 중소기업", *rows, "나. 지급방법: 계좌 이체", *rows])
    cut = split_markdown(tmp_path, text)
    assert len(cut) > 2 and all(len(one.text) <= CHUNK_MAX_CHARACTERS for one in cut)
    assert "\n".join(one.text for one in cut).split() == " ".join(text.splitlines()[1:]).split()
    paths = [one.heading for one in cut]
    assert paths[0] == ("규정", "지원")
    assert paths[1] == ("규정", "지원", "가. 지원대상")
    assert paths[-1] == ("규정", "지원", "나. 지급방법")


def test_a_long_item_is_named_in_the_path_of_what_goes_on_from_it(tmp_path: Path) -> None:
    sentences = " ".join(f"{number}번째 비용은 영수증으로 증명한다." for number in range(100))
    first, second, *_ = split_markdown(tmp_path, f"## 지원\n○ (정산) {sentences}")
    assert first.heading == ("규정", "지원")
    assert second.heading == ("규정", "지원", "정산")


def test_a_table_with_a_line_above_it_repeats_its_header_in_every_part(tmp_path: Path) -> None:
    header = ["| 국가 | 한도 |", "|---|---|"]
    rows = [f"| 나라 {number} | 기업당 {number}백만 원까지 지원 |" for number in range(90)]
    for between in ("", "\n"):
        lines = ["## 한도", "나라마다 다르다.", f"(단위: 백만 원){between}", *header, *rows]
        intro, *tables = split_markdown(tmp_path, "\n".join(lines))
        assert intro.text == "나라마다 다르다." and len(tables) > 2
        cut = [one.text.splitlines() for one in tables]
        assert all(lines[:3] == ["(단위: 백만 원)", *header] for lines in cut)
        assert [line for lines in cut for line in lines[3:]] == rows
        assert {one.heading for one in tables} == {("규정", "한도")}


def test_a_text_without_an_end_of_sentence_is_cut_between_words(tmp_path: Path) -> None:
    words = " ".join(f"낱말{number}" for number in range(1_000))
    cut = split_markdown(tmp_path, words)
    assert all(len(one.text) <= CHUNK_MAX_CHARACTERS for one in cut)
    assert " ".join(one.text for one in cut) == words
    assert all(
        len(one.text) <= CHUNK_MAX_CHARACTERS for one in split_markdown(tmp_path, "가" * 5_000)
    )


def test_a_passage_knows_the_page_it_begins_on_and_never_shows_the_mark(tmp_path: Path) -> None:
    text = "<!-- page 1 -->\n## 하나\n첫 줄\n## 둘\n\n<!-- page 2 -->\n둘째 쪽\n<!-- page 3 -->\n셋째 쪽\n"
    cut = split_markdown(tmp_path, text)
    assert [(one.page, one.text) for one in cut] == [(1, "첫 줄"), (2, "둘째 쪽\n셋째 쪽")]
    assert [one.page for one in split_markdown(tmp_path, "## A\n글\n")] == [None]


def test_the_parts_of_a_long_section_are_on_their_own_pages(tmp_path: Path) -> None:
    pages = [f"<!-- page {number} -->\n" + "글이 있다. " * 90 for number in (4, 5, 6)]
    cut = split_markdown(tmp_path, "## 긴 글\n" + "\n\n".join(pages))
    assert [one.page for one in cut] == [4, 5, 6]
    table = ["| 가 | 나 |", "|---|---|", *["| 같은 것 | 다른 것 |"] * 60]
    cut = split_markdown(tmp_path, "\n".join([*table, "<!-- page 9 -->", *table[2:]]))
    assert (cut[0].page, cut[-1].page) == (None, 9)
    assert not any("<!--" in one.text for one in cut)


def test_a_page_that_changed_is_a_new_version_and_the_same_passage(tmp_path: Path) -> None:
    path = tmp_path / "notice.md"
    seen = []
    for page in (1, 2):
        path.write_text(f"<!-- page {page} -->\n# 규정\n글\n", "utf-8")
        parsed = parse_file(path, path.name)
        seen.append(
            (split_passages(parsed)[0].digest, compute_digest(parsed, split_passages(parsed)))
        )
    assert seen[0][0] == seen[1][0] and seen[0][1] != seen[1][1]


@pytest.mark.parametrize("text", [RULE, NOTICE, *(one["text"] for one in load_notices())])
def test_no_word_is_lost_on_the_way(tmp_path: Path, text: str) -> None:
    kept = {word for one in split_markdown(tmp_path, text) for part in (*one.heading, one.text)
            for word in re.findall(r"\w+", part)}  # fmt: skip
    assert set(re.findall(r"\w+", text)) <= kept


@pytest.mark.parametrize("below", ["출처: https://example.org", "Q. 물음?\nA. 답", "## 다음", ""])
def test_a_title_with_nothing_below_it_is_a_text(tmp_path: Path, below: str) -> None:
    assert (("규정",), "1. 중소기업") in list_headed_texts(tmp_path, f"1. 중소기업\n\n{below}\n")
