"""Labels of notices and their values, in lines, under lines and in tables."""

from __future__ import annotations

import pytest

from ingest.document.labels import find_labels


def list_labels(markdown: str) -> list[tuple[str, str]]:
    return [(one.field, one.value) for one in find_labels(markdown)]


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("공고일: 2026. 3. 5.", [("published", "2026. 3. 5.")]),
        ("공 고 일 : 2026. 3. 5.", [("published", "2026. 3. 5.")]),
        ("○ (접수기간) 3. 9. ~ 3. 31.", [("window", "3. 9. ~ 3. 31.")]),
        ("[시행일] 2026. 4. 1.", [("effective_from", "2026. 4. 1.")]),
        ("신청마감 2026. 3. 31.", [("deadline", "2026. 3. 31.")]),
        ("소관부처: 나루부", [("issuer", "나루부")]),
        ("주관기관: 나루진흥원", [("host", "나루진흥원")]),
        ("**Posted on:** 5 March 2026", [("published", "5 March 2026")]),
        ("Closing date: 31 March 2026", [("deadline", "31 March 2026")]),
        ("Ngày đăng: 05/03/2026", [("published", "05/03/2026")]),
        ("등록일: 2026-03-05 조회수 12", [("published", "2026-03-05")]),
        ("작성일: 2026-03-05 작성자: 김나루", [("published", "2026-03-05")]),
        ("공고일:", []),
        ("금액: 3천만 원", []),
        ("공고일을 확인하시기 바랍니다", []),
        ("결과 등록일: 2026-03-05", []),
        (f"공고일: {'가' * 200}", []),
        (f"{'가' * 400} 공고일: 2026. 3. 5.", []),
    ],
)
def test_a_label_with_its_value_on_one_line(line: str, labels: list[tuple[str, str]]) -> None:
    assert list_labels(line) == labels


@pytest.mark.parametrize(
    ("line", "is_certain"),
    [
        ("접수기간: 3. 9. ~ 3. 31.", True),
        ("사업 접수기간: 3. 9. ~ 3. 31.", True),
        ("2차 접수기간: 3. 9. ~ 3. 31.", False),
        ("접수기간(추가): 3. 9. ~ 3. 31.", False),
    ],
)
def test_a_qualified_label_is_not_certain(line: str, is_certain: bool) -> None:
    assert [one.is_certain for one in find_labels(line)] == [is_certain]


@pytest.mark.parametrize(
    ("line", "day_first"),
    [("Ngày đăng: 05/03/2026", True), ("Posted: 05/03/2026", False), ("공고일: 2026.3.5", False)],
)
def test_only_vietnamese_labels_put_the_day_first(line: str, day_first: bool) -> None:
    assert [one.day_first for one in find_labels(line)] == [day_first]


def test_values_below_a_label_count_while_they_begin_with_a_day() -> None:
    text = "□ 접수기간\n\n○ 2026. 3. 9. ~ 3. 31.\n○ 2026. 5. 4. ~ 5. 22.\n○ 온라인 접수\n○ 7. 1."
    assert list_labels(text) == [
        ("window", "2026. 3. 9. ~ 3. 31."),
        ("window", "2026. 5. 4. ~ 5. 22."),
    ]


@pytest.mark.parametrize(
    ("table", "labels"),
    [
        ("| 시행일 | 2026. 4. 1. |", [("effective_from", "2026. 4. 1.")]),
        ("| 공고일 | 2026. 3. 5. | 소관부처 | 나루부 |",
         [("published", "2026. 3. 5."), ("issuer", "나루부")]),
        ("| 사업 | 접수기간 |\n|---|---|\n| 가 | 3. 9. ~ 3. 31. |\n| 나 | 5. 4. ~ 5. 22. |",
         [("window", "3. 9. ~ 3. 31."), ("window", "5. 4. ~ 5. 22.")]),
        ("| 구분 | 한도 |\n|---|---|\n| 물류 | 3천만 원 |", []),
    ],
    ids=["the next cell", "two pairs in a row", "the cells below", "no label"],
)  # fmt: skip
def test_labels_in_tables(table: str, labels: list[tuple[str, str]]) -> None:
    assert list_labels(table) == labels
