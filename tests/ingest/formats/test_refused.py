"""Files that cannot be read: each says, in a sentence, what is wrong with it and what to do."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from ingest.document.content import read_content
from ingest.document.convert import convert_bytes
from ingest.errors import Unreadable
from ingest.formats import limits
from tests.samples.office_files import draw_pdf, make_zip, repack_zip

BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "ha ha "><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'
)


def read_refusal(data: bytes) -> str:
    """The sentence for a file: one line, with a full stop."""
    with pytest.raises(Unreadable) as raised:
        convert_bytes(data, "notice")
    assert str(raised.value).endswith(".") and "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_office_files_with_a_password(kind: str, notices: Mapping[str, bytes]) -> None:
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(notices[kind])).encrypt("secret", locked)
    assert read_refusal(locked.getvalue()) == "it is locked with a password. Save it without one."


def test_a_pdf_with_a_password() -> None:
    locked = draw_pdf(lambda sheet: sheet.drawString(50, 700, "text"), encrypt="secret")
    assert read_refusal(locked) == "it is locked with a password. Save it without one."


@pytest.mark.parametrize(
    ("bit", "says"),
    [
        (1, "locked with a password"),
        (2, "distribution document.*Ask its issuer"),
        (4, "DRM.*Ask its issuer"),
    ],
)
def test_hwp_files_that_are_locked(bit: int, says: str, notices: Mapping[str, bytes]) -> None:
    data = bytearray(notices["hwp"])
    data[data.index(b"HWP Document File") + 36] |= 1 << bit
    with pytest.raises(Unreadable, match=says):
        convert_bytes(bytes(data), "a.hwp")


@pytest.mark.parametrize("trouble", ["mark", "end", "middle"])
def test_a_damaged_hwp_file_is_named_as_one(trouble: str, notices: Mapping[str, bytes]) -> None:
    data = bytearray(notices["hwp"])
    if trouble == "mark":
        at = data.index(b"HWP Document File")
        data[at : at + 17] = bytes(17)
    elif trouble == "end":
        del data[len(data) * 4 // 5 :]
    else:
        at = data.index("FileHeader".encode("utf-16-le"))
        data[at : at + 20] = bytes(20)
    with pytest.raises(Unreadable, match=r"a damaged HWP file.*save it anew as HWPX or PDF"):
        convert_bytes(bytes(data), "notice.hwp")


def test_a_hwpx_file_with_a_password(notices: Mapping[str, bytes]) -> None:
    mark = b"<odf:encryption-data/>"
    locked = repack_zip(
        notices["hwpx"], lambda name, part: mark if name == "META-INF/manifest.xml" else part
    )
    assert "locked with a password" in read_refusal(locked)


@pytest.mark.parametrize("kind", ["hwp", "hwpx", "hwpml", "docx", "xlsx", "pptx"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_files_that_were_cut_off(kind: str, share: float, notices: Mapping[str, bytes]) -> None:
    data = notices[kind]
    says = read_refusal(data[: int(len(data) * share)])
    assert any(word in says for word in ("cut off", "damaged"))
    assert any(word in says for word in ("Copy", "Save it anew", "save it anew", "UTF-8"))


def test_a_pdf_that_was_cut_off(notices: Mapping[str, bytes]) -> None:
    assert "damaged or cut off" in read_refusal(notices["pdf"][:200])


def drop_part(part: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if name == part else data


@pytest.mark.parametrize(
    ("kind", "part"),
    [("xlsx", "xl/worksheets/sheet1.xml"),
     ("pptx", "ppt/slides/slide1.xml"), ("hwpx", "Contents/section0.xml")],
)  # fmt: skip
def test_packed_documents_that_lack_a_part(
    kind: str, part: str, notices: Mapping[str, bytes]
) -> None:
    says = read_refusal(repack_zip(notices[kind], drop_part(part)))
    assert "damaged" in says or "missing" in says


@pytest.mark.parametrize(
    ("kind", "part"),
    [("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"),
     ("pptx", "ppt/slides/slide1.xml"), ("hwpx", "Contents/section0.xml")],
)  # fmt: skip
def test_entities_in_packed_xml(kind: str, part: str, notices: Mapping[str, bytes]) -> None:
    def declare(name: str, data: bytes) -> bytes:
        head, mark, body = data.partition(b"?>")
        return head + mark + BOMB + body if name == part else data

    assert "declares entities" in read_refusal(repack_zip(notices[kind], declare))


def test_entities_in_plain_xml(notices: Mapping[str, bytes]) -> None:
    head, mark, body = notices["hwpml"].partition(b"?>")
    assert "declares entities" in read_refusal(head + mark + BOMB + body)
    wide = (head + mark + BOMB + body).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert "declares entities" in read_refusal(wide)


def test_entities_in_a_page_stay_unresolved() -> None:
    page = (
        BOMB.replace(b"DOCTYPE x", b"DOCTYPE html")
        + b"<html><body>before &c; &d; after</body></html>"
    )
    markdown = convert_bytes(page, "a.html").markdown
    assert "before" in markdown and "after" in markdown
    assert "ha ha ha" not in markdown and "root:" not in markdown


def test_pages_that_lie_too_deep_in_each_other_are_read_or_refused_quickly() -> None:
    page = b"<html><body>" + b"<div>" * 100_000 + b"text" + b"</div>" * 100_000
    with pytest.raises(Unreadable, match=r"too deep|damaged|died"):
        convert_bytes(page, "a.html")


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx", "hwpx"])
def test_packed_documents_that_are_bombs(kind: str, notices: Mapping[str, bytes]) -> None:
    with_zeros = io.BytesIO(notices[kind])
    with zipfile.ZipFile(with_zeros, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros.xml", b"\0" * (60 * 2**20))
    assert "ZIP bomb" in read_refusal(with_zeros.getvalue())


def test_a_pdf_of_too_many_pages() -> None:
    data = draw_pdf(lambda sheet: [sheet.showPage() for _ in range(limits.DOCUMENT_MAX_PAGES + 1)])
    assert read_refusal(data) == "it has 1001 pages, 1000 are the most. Split it into parts."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty (0 bytes)"),
        (b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05", "HWP 3"),
        (b"{\\rtf1 text}", "RTF"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\x89PNG\r\n\x1a\n", "(PNG)"),
        (b"MIME-Version: 1.0\n\n<html>", "MHTML"),
        (b"SCDSA002", "Fasoo DRM"),
        (b"<?xml version='1.0'?><feed><entry>text</entry></feed>", "(XML: feed)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged or cut off"),
        (make_zip(("mimetype", b"application/vnd.oasis.opendocument.text")), "OpenDocument"),
        (b"\x7fELF\x02\x01\x01\x00", "not text"),
        (b"<html><body><script>x</script></body></html>", "no text"),
    ],
)
def test_what_naru_does_not_read_is_named(data: bytes, says: str) -> None:
    assert says in read_refusal(data)


@pytest.mark.parametrize(
    ("stream", "says"), [("WordDocument", "Word 97"), ("Workbook", "Excel 97"),
                         ("PowerPoint Document", "PowerPoint 97")],
)  # fmt: skip
def test_office_files_of_the_nineties_are_named(
    stream: str, says: str, notices: Mapping[str, bytes]
) -> None:
    wanted = "FileHeader".encode("utf-16-le")
    short = stream[:10].ljust(10, "\0") if len(stream) < 10 else stream
    data = notices["hwp"]
    start = data.index(wanted)
    entry = short.encode("utf-16-le") + b"\0\0"
    size = (len(entry)).to_bytes(2, "little")
    if stream != short:
        entry, size = (
            stream.encode("utf-16-le") + b"\0\0",
            (2 * len(stream) + 2).to_bytes(2, "little"),
        )
    changed = data[:start] + entry.ljust(64, b"\0") + size + data[start + 66 :]
    assert says in read_refusal(changed)


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(limits.FILE_MAX_BYTES + 1)
    with pytest.raises(Unreadable, match="larger than 50 MB"):
        read_content(path)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to(path)])
def test_what_is_no_file_is_refused_and_nobody_waits(
    make: Callable[[Path], Any], tmp_path: Path
) -> None:
    path = tmp_path / "odd.md"
    make(path)
    with pytest.raises(Unreadable, match="no file, or a link that leads nowhere"):
        read_content(path)


def test_a_batch_goes_on_past_every_bad_file(
    ingest: Any, folder: Path, notices: Mapping[str, bytes]
) -> None:
    for name, data in {"a.docx": notices["docx"][:900], "b.pdf": notices["pdf"],
                       "c.hwp": b"HWP Document File V3.00", "d.zip": b"PK\x03\x04",
                       "e.hwpx": notices["hwpx"], "f.txt": b""}.items():  # fmt: skip
        (folder / name).write_bytes(data)
    plan = ingest.plan([folder])
    assert [one.version.document.id for one in plan.changes] == ["b.pdf", "e.hwpx"]
    assert [one.file for one in plan.skipped] == ["a.docx", "c.hwp", "d.zip", "f.txt"]
