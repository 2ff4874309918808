"""Ids, links and titles that lead nowhere."""

from __future__ import annotations

import pytest

from tests.ingest.checks.conftest import CheckFolder, write_document

PROSE = "## 무엇인가요?\n수출바우처는 수출 비용을 지원합니다."


class TestIds:
    @pytest.mark.parametrize(
        "front", [{"supersedes": "[voucher-2020]"}, {"translation_of": "voucher-2020"}]
    )
    def test_one_that_is_no_document_is_an_error(
        self, check_folder: CheckFolder, front: dict[str, str]
    ) -> None:
        (found,) = check_folder("unknown_id", a=write_document(PROSE, **front))
        assert (found.level, found.line) == ("error", 6)
        assert "voucher-2020" in str(found.remark)

    @pytest.mark.parametrize(
        "front",
        [{"supersedes": "[old]"}, {"translation_of": "old"}, {"supersedes": "[shipped-one]"}],
    )
    def test_one_here_or_known_is_right(
        self, check_folder: CheckFolder, front: dict[str, str]
    ) -> None:
        files = {"a": write_document(PROSE, **front), "b": write_document(PROSE, id="old")}
        assert check_folder("unknown_id", **files) == []
        assert check_folder("translation_of_one") == []

    def test_the_original_may_be_no_translation(self, check_folder: CheckFolder) -> None:
        first = write_document(PROSE, id="first")
        second = write_document(PROSE, id="second", translation_of="first")
        third = write_document(PROSE, id="third", translation_of="second")
        (found,) = check_folder("translation_of_one", a=first, b=second, c=third)
        assert (found.level, found.file) == ("error", "c.md")


class TestLinks:
    @pytest.mark.parametrize("link", ["old.md", "../b.md", "b%20c.md#how", "form.hwp"])
    def test_one_to_no_file_is_an_error(self, check_folder: CheckFolder, link: str) -> None:
        (found,) = check_folder("dead_link", a=write_document(f"{PROSE}\n[안내]({link})"))
        assert (found.level, found.line) == ("error", 11)

    @pytest.mark.parametrize(
        "link",
        ["b.md", "./b.md#how", "https://a.kr/old.md", "mailto:a@b.kr", "#how", "SOURCES.md", "b"],
    )
    def test_one_to_a_file_or_the_web_is_right(self, check_folder: CheckFolder, link: str) -> None:
        files = {
            "a": write_document(f"{PROSE}\n[안내]({link})"),
            "b": write_document(PROSE, id="b"),
        }
        assert check_folder("dead_link", **files) == []


class TestTitles:
    @pytest.mark.parametrize(
        "sentence",
        [
            "「수출보험 안내」 문서를 보시기 바랍니다.",
            "See the document “Export cover”.",
            'Xem tài liệu "Bảo hiểm".',
        ],
    )
    def test_a_document_that_is_not_here_is_named(
        self, check_folder: CheckFolder, sentence: str
    ) -> None:
        (found,) = check_folder("unknown_title", a=write_document(f"{PROSE}\n{sentence}"))
        assert found.level == "warning"

    @pytest.mark.parametrize(
        "sentence", ["「수출 바우처」 문서를 보시기 바랍니다.", "「대외무역법」에 따릅니다."]
    )
    def test_one_that_is_here_or_a_law_is_right(
        self, check_folder: CheckFolder, sentence: str
    ) -> None:
        assert check_folder("unknown_title", a=write_document(f"{PROSE}\n{sentence}")) == []
