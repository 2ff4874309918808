"""What a document is: declared, said by its file, or said by its own text, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.document.inference import INFERABLE_FIELDS, infer_metadata
from ingest.document.issuers import parse_signing_issuer
from ingest.document.metadata import build_document, merge_declared, read_columns
from ingest.document.notice_dates import DateRange, parse_date, parse_date_range
from ingest.document.parse import parse_file
from ingest.document.sidecar import read_sidecar
from ingest.errors import Unreadable
from ingest.passages.split import compute_digest, split_passages
from knowledge.types import Document

NOTICE = """# 나루바우처 모집
공고일: 2026. 3. 5.
접수기간: 2026. 3. 9. ~ 3. 31.
"""


@cache
def load_notices() -> list[dict[str, Any]]:
    path = Path(__file__).with_name("notices.yaml")
    loaded: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def expected_fields(notice: Mapping[str, Any]) -> dict[str, str]:
    return {field: str(notice[field]) for field in INFERABLE_FIELDS if field in notice}


def infer_fields(text: str) -> dict[str, str]:
    found = infer_metadata(text)
    values = {field: getattr(found, field) for field in INFERABLE_FIELDS}
    return {field: str(value) for field, value in values.items() if value is not None}


def parse_with_side_car(
    folder: Path, text: str, side: str = "", name: str = "notice.md"
) -> Document:
    (folder / name).write_text(text, encoding="utf-8")
    if side:
        (folder / f"{name}.meta.yaml").write_text(side, encoding="utf-8")
    return parse_file(folder / name, name).document


def find_misread_notices(alter: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """The notices whose altered text is read as something else than expected, and as what."""
    return {
        notice["name"]: inferred
        for notice in load_notices()
        if (inferred := infer_fields(alter(notice["text"]))) != expected_fields(notice)
    }


def test_a_notice_says_of_itself_what_a_careful_reader_would() -> None:
    assert len(load_notices()) > 30
    assert find_misread_notices(lambda text: text) == {}


def test_it_says_the_same_however_it_is_indented_and_its_pages_are_marked() -> None:
    def indent(text: str) -> str:
        lines = [
            f"  {line}  " if line[:1] == "|" else f"\n  {line}  " for line in text.splitlines()
        ]
        return "\n".join(["<!-- page 1 -->", *lines])

    assert find_misread_notices(indent) == {}


DAYS = [
        ("2026. 3. 5.(목)", "2026-03-05"), ("2026년 3월 5일", "2026-03-05"),
        ("’26.3.5", "2026-03-05"), ("'26. 3. 5.", "2026-03-05"), ("2026-03-05", "2026-03-05"),
        ("2026/03/05 14:30", "2026-03-05"), ("2026.3.5(목) 오후 2시", "2026-03-05"),
        ("5 March 2026", "2026-03-05"), ("March 5th, 2026", "2026-03-05"),
        ("2026년 2월 30일", ""), ("2026. 13. 1.", ""), ("3월 5일", ""), ("05/03/2026", ""),
        ("2026. 3. 5. 현재", ""), ("2026. 3.", ""), ("2026. 3. 5. ~", ""), ("", ""),
        ("2026. 3. 5. 예정", ""), (f"2026. 3. 5.{' ' * 200}", ""),
]  # fmt: skip


def test_a_day_is_read_whole_or_not_at_all() -> None:
    assert [(written, str(parse_date(written) or "")) for written, _ in DAYS] == DAYS


RANGES = [
        ("2026.3.2 ~ 4.10", ("2026-03-02", "2026-04-10")),
        ("2026. 3. 2.(월) 09:00 ~ 3. 31.(화) 18:00까지", ("2026-03-02", "2026-03-31")),
        ("’26.3.2.(월)~3.31.(화), 18시", ("2026-03-02", "2026-03-31")),
        ("2026년 3월 2일(월)부터 31일(화)까지", ("2026-03-02", "2026-03-31")),
        ("2026-03-02 - 2026-03-31", ("2026-03-02", "2026-03-31")),
        ("2026.3.2 ~ 12.31 (예산 소진 시 조기 마감)", ("2026-03-02", "2026-12-31")),
        ("~ 2026. 3. 31.(화) 18:00", ("None", "2026-03-31")),
        ("2026. 3. 2. ~ 예산 소진 시까지", ("2026-03-02", "None")), ("상시", ("None", "None")),
        ("March 2 – 31, 2026", ("2026-03-02", "2026-03-31")),
        ("2 March to 10 April 2026", ("2026-03-02", "2026-04-10")),
]  # fmt: skip


def test_a_stretch_of_time_carries_its_year_over() -> None:
    parsed = [(written, parse_date_range(written)) for written, _ in RANGES]
    assert [
        (written, (str(found.first), str(found.last))) for written, found in parsed if found
    ] == RANGES


NO_CLEAR_RANGES = [
    "3.2 ~ 3.31", "2025.12.22 ~ 1.9", "2026.2.2 ~ 2.30", "2026.3.2~3.31, 5.4~5.22",
     "2026. 3. 2. ~ 3. 31. 예정", "2026.3.2 ~ 3.31 → 4.10", "2026. 3. 31.", "추후 공지",
]  # fmt: skip


def test_what_is_no_clear_stretch_of_time_is_none() -> None:
    assert [written for written in NO_CLEAR_RANGES if parse_date_range(written)] == []


def test_vietnamese_days_come_before_their_months() -> None:
    march = DateRange(date(2026, 3, 2), date(2026, 3, 31))
    assert parse_date_range("từ 02/03/2026 đến hết ngày 31/03/2026", day_first=True) == march
    assert parse_date("ngày 02 tháng 3 năm 2026") == march.first


SIGNATURES = [
        ("중소벤처기업부장관", "중소벤처기업부"), ("KOTRA 사장", "KOTRA"), ("특허청장", "특허청"),
        ("공정거래위원장", "공정거래위원회"), ("한국무역협회장", "한국무역협회"),
        ("대한상공회의소 회장 (직인생략)", "대한상공회의소"), ("경기도지사", "경기도"),
        ("중소벤처기업진흥공단이사장", "중소벤처기업진흥공단"), ("주호치민총영사", "주호치민총영사관"),
        ("중소벤처기업부장관 귀하", None), ("수출지원과장", None), ("베트남 시장", None),
        ("홍길동 사장", None), ("전시장", None), ("장관은 협의체를 방문했다", None),
]  # fmt: skip


def test_the_head_who_signs_names_the_issuer() -> None:
    assert [(line, parse_signing_issuer(line)) for line, _ in SIGNATURES] == SIGNATURES


def test_what_was_inferred_is_marked_so(tmp_path: Path) -> None:
    found = parse_with_side_car(tmp_path, NOTICE)
    assert (found.published, found.expires) == ("2026-03-05", date(2026, 3, 31))
    assert found.inferred == ("published", "expires")


def test_what_is_declared_is_not_inferred_also_when_it_is_empty(tmp_path: Path) -> None:
    found = parse_with_side_car(tmp_path, f"---\npublished: 2026-03\nexpires:\n---\n{NOTICE}")
    assert (found.published, found.expires, found.inferred) == ("2026-03", None, ())


def test_front_matter_wins_over_a_side_car_and_both_over_the_text(tmp_path: Path) -> None:
    found = parse_with_side_car(
        tmp_path,
        f"---\ntitle: Front\nissuer:\n---\n{NOTICE}",
        "title: Side\nissuer: 나루청\nexpires: 2026-04-15\nurl: https://example.org/1\n",
    )
    assert (found.title, found.issuer, found.url) == ("Front", "나루청", "https://example.org/1")
    assert (found.expires, found.inferred) == (date(2026, 4, 15), ("published",))


def test_a_side_car_says_what_its_writer_had_worked_out(tmp_path: Path) -> None:
    found = parse_with_side_car(
        tmp_path, "# T\ntext", "published: 2026-03-05\ninferred: [published]\n"
    )
    assert (found.published, found.inferred) == ("2026-03-05", ("published",))
    front = parse_with_side_car(tmp_path, "---\npublished: 2026-03-06\n---\n# T\ntext")
    assert (front.published, front.inferred) == ("2026-03-06", ())


@pytest.mark.parametrize("name", ["공고.md.meta.yaml", "공고.meta.yaml"])
def test_a_side_car_is_named_after_the_whole_name_or_without_its_ending(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("id: named\n")
    assert parse_with_side_car(tmp_path, "# T\ntext", name="공고.md").id == "named"


def test_a_side_car_names_the_columns_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "faq.xlsx.meta.yaml").write_text("columns:\n  question: 궁금한 점\n  answer: 답\n")
    side = read_sidecar(tmp_path / "faq.xlsx")
    assert read_columns(side) == {"question": "궁금한 점", "answer": "답"}
    assert read_columns({}) == {}
    with pytest.raises(Unreadable, match="role: header"):
        read_columns({"columns": ["질문", "답"]})


BAD = {
    "unknown keys": ("expiry: 2026-01-09\n", "side-car notice.md.meta.yaml has unknown keys: expiry"),
    "no keys": ("just words\n", "not a list of `key: value`"),
    "not YAML": ("id: [a\n", "not YAML"),
    "a date that cannot be": ("expires: 2026-02-30\n", "date that cannot be"),
    "not UTF-8": ("title: 공고".encode("cp949"), "not UTF-8"),
    "aliases that unfold": ("topics: &a [x, x]\naudience: [*a, *a]\n", "alias"),
    "nested without end": ("topics: " + "[" * 5000, "not YAML"),
    "a book": ("title: " + "x" * 200_000, "larger than 100 kB"),
    "unknown inference": ("inferred: [title]\n", "title was inferred"),
}  # fmt: skip


@pytest.mark.parametrize(("side", "says"), BAD.values(), ids=BAD)
def test_a_side_car_that_cannot_be_understood_is_a_sentence(
    tmp_path: Path, side: str | bytes, says: str
) -> None:
    (tmp_path / "notice.md").write_text("# T\ntext")
    content = side if isinstance(side, bytes) else side.encode()
    (tmp_path / "notice.md.meta.yaml").write_bytes(content)
    with pytest.raises(Unreadable, match=says) as raised:
        parse_file(tmp_path / "notice.md", "notice.md")
    assert "\n" not in str(raised.value) and str(raised.value).endswith(".")


class TestProperties:
    """What the file itself says, as its program wrote it."""

    def made(self, markdown: str, **properties: str) -> Document:
        return build_document(merge_declared({}, {}), properties, markdown, "공고.hwp")

    def test_its_title_is_the_title(self) -> None:
        assert (
            self.made("나루바우처를 모집합니다.", title="나루바우처 모집").title
            == "나루바우처 모집"
        )

    @pytest.mark.parametrize("title", ["제목 없음", "Microsoft Word - 공고", "공고_최종.hwp", " "])
    def test_a_title_that_nobody_gave_is_none(self, title: str) -> None:
        assert self.made("나루바우처를 모집합니다.", title=title).title == "공고"

    def test_a_template_s_old_title_gives_way_to_the_heading(self) -> None:
        assert self.made("# 2026년 모집\n본문", title="2019년 모집").title == "2026년 모집"
        assert self.made("# 안내\n2026년 모집 공고", title="2026년 모집").title == "2026년 모집"

    def test_the_day_it_was_made_is_an_inferred_day_of_publication(self) -> None:
        found = self.made("2026년 계획입니다.", created="2026-03-05T09:00:00Z")
        assert (found.published, found.inferred) == ("2026-03-05", ("published",))

    def test_a_template_s_old_day_is_none(self) -> None:
        found = self.made("2026년 계획입니다.", created="2013-12-23T23:15:00Z")
        assert (found.published, found.inferred) == (None, ())

    def test_the_text_s_own_day_is_the_better_one(self) -> None:
        assert self.made(NOTICE, created="2026-02-01").published == "2026-03-05"


def test_an_inferred_end_before_a_declared_beginning_is_none(tmp_path: Path) -> None:
    found = parse_with_side_car(tmp_path, f"---\neffective_from: 2026-05-01\n---\n{NOTICE}")
    assert (found.effective_from, found.expires) == (date(2026, 5, 1), None)
    assert found.inferred == ("published",)


def test_the_day_of_the_last_check_is_read_and_changes_no_version(tmp_path: Path) -> None:
    path = tmp_path / "notice.md"
    parsed = []
    for front in ("", "checked: 2026-11-21\n", "checked: 2026-12-01\n"):
        path.write_text(f"---\nid: voucher\n{front}---\n{NOTICE}", encoding="utf-8")
        parsed.append(parse_file(path, path.name))
    assert [one.checked for one in parsed] == [None, date(2026, 11, 21), date(2026, 12, 1)]
    assert len({compute_digest(one, split_passages(one)) for one in parsed}) == 1


def test_a_day_of_the_last_check_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="checked"):
        parse_with_side_car(tmp_path, NOTICE, "checked: lately")
