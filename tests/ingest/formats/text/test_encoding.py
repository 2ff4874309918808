"""Text: which encodings are known by their bytes, and that no other is guessed."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ingest.document.convert import convert_bytes
from ingest.document.parse import parse_file
from ingest.errors import Unreadable

TEXT = "# 수출바우처 안내\n\n○ 대상: 中小企業 (SME) 70 % – 3천만 원\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp949"])
def test_text_in_a_known_encoding_comes_out_as_it_was(encoding: str) -> None:
    text = TEXT if encoding != "cp949" else TEXT.replace("–", "-")
    found = convert_bytes(text.encode(encoding), "a.md")
    assert (found.kind, found.markdown) == ("text", text)


def test_syllables_that_only_cp949_has_are_read() -> None:
    text = "펲시콜라 사장님께서 똠방각하 공연을 보러 오셨습니다. " + "수출 안내 " * 20
    assert convert_bytes(text.encode("cp949"), "a.txt").markdown == text


@pytest.mark.parametrize(
    "data",
    [
        "Aide à l'export, déjà accordée à Zürich".encode("latin-1"),
        b"Doanh nghi\xea\xf2p \xf0\xfd\xf5c h\xf4 tr\xf5\xf2",
        "輸出企業の支援制度についてのお知らせ".encode("shift_jis"),
        "中小企业出口支持政策通知".encode("gb18030"),
        "Экспорт малого бизнеса".encode("cp1251"),
        "수출바우처 안내".encode("utf-16-le"),
    ],
    ids=["French", "Vietnamese", "Japanese", "Chinese", "Russian", "UTF-16 without its mark"],
)
def test_no_other_encoding_is_guessed(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"Save it as UTF-8|not text"):
        convert_bytes(data, "a.txt")


def test_front_matter_is_of_text_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("---\nid: voucher\n---\n# T\n글".encode("cp949"))
    assert parse_file(path, path.name).document.id == "voucher"
    path.write_bytes(b"<html><body><p>---</p><p>id: voucher</p><p>---</p>text</body></html>")
    assert parse_file(path, path.name).document.id == "a.txt"


def test_decomposed_letters_are_composed() -> None:
    text = unicodedata.normalize("NFD", TEXT)
    assert convert_bytes(text.encode(), "a.md").markdown == TEXT


def test_markdown_that_begins_with_a_comment_or_a_tag_is_text() -> None:
    for text in ("<!-- html -->\n# 제목\n글", "<div align=center>\n\n# 제목\n</div>\n\n글"):
        assert convert_bytes(text.encode(), "README.md").kind == "text"
