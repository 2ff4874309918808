"""A way to provoke each kind of refusal."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from adapters.uploads.upload_store import UploadStore
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.messages import File
from ingest.document import sidecar
from ingest.document.content import read_content, read_members
from ingest.document.convert import convert_bytes
from ingest.document.metadata import build_document, merge_declared, read_columns
from ingest.document.parse import parse_file
from ingest.document.sidecar import split_front_matter
from ingest.errors import Refusal, Unreadable
from ingest.formats import limits, worker
from ingest.formats.hangul import ole
from ingest.formats.office import sheets, xml, zip_xml
from ingest.formats.pdf import reader
from ingest.formats.text import faq
from ingest.passages.phrase_files import PhraseFile
from ingest.passages.phrases import read_phrases
from ingest.plan.files import check_within_root
from ingest.plan.scan import FileScan
from ingest.plan.supersession import find_cycles
from ingest.remarks import Remark
from ingest.types import Root
from ingest.web.addresses import (
    is_public,
    normalise_address,
    resolve_allowed_host,
    resolve_host,
    resolve_link,
)
from ingest.web.feeds import FEED_MAX_BYTES, parse_feed
from ingest.web.fetch import FetchLimits, GuardedBackend, _resolve_redirect
from ingest.web.response import HttpResponse, decode_content, raise_for_status
from ingest.web.robots import read_robots
from knowledge.types import Document, Version
from tests.samples import office_files
from tests.samples.office_files import draw_pdf, make_zip

AT = "https://example.org/notice"


def read_faq(text: str, columns: dict[str, str]) -> None:
    faq.build_table_blocks([row.split(",") for row in text.splitlines()], columns)


def write_side_car(path: Path, content: bytes) -> None:
    (path / "a.md").write_text("# T\ntext")
    (path / "a.md.meta.yaml").write_bytes(content)
    parse_file(path / "a.md", "a.md")


def render_front_matter(*lines: str) -> None:
    meta, body = split_front_matter("\n".join(["---", *lines, "---", "# T\ntext"]))
    build_document(merge_declared(meta, {}), {}, body, "a.md")


def make_symlink(path: Path, target: Path) -> None:
    (path / "inner").mkdir(exist_ok=True)
    (path / "inner" / "a").symlink_to(target)
    check_within_root(path / "inner" / "a", path / "inner")


def hand_over_file(
    path: Path, error: Exception | None, ref: Path | None = None, size: int = 1
) -> None:
    def fetch(_: File) -> bytes:
        raise error or AssertionError("fetched")

    channel = "terminal" if ref else "telegram"
    file = File(channel, str(ref or "id"), "a.md", "", size)
    raise_remark(UploadStore(path, fetch).store_files("telegram:1", "t", (file,)).refused[0][1])


def raise_remark(remark: Remark | None) -> None:
    assert remark
    raise Unreadable.from_remark(remark)


def read_member(_: Path, data: bytes) -> None:
    for one in read_members(data, "a.zip") or ():
        raise_remark(one.remark)


def make_zip_part(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        zip_xml.read_part(packed, name)


def spoil_zip(data: bytes) -> bytes:
    end = data.index(b"PK\x01\x02")
    return data[: end - 1] + b"\xff" + data[end:]


def misplace_zip_directory(data: bytes) -> bytes:
    """An archive whose list of names does not begin as one."""
    return data.replace(b"PK\x01\x02", b"PK\x01\x03")


def answer_with(status: int, body: bytes = b"", **headers: str) -> None:
    raise_for_status(AT, HttpResponse(status, headers, body))


def respond_packed(encoding: str, body: bytes, most: int = 10) -> None:
    decode_content(AT, HttpResponse(200, {"content-encoding": encoding}, body), most)


def check_robots(text: str | None) -> None:
    def fetch() -> str | None:
        if text is None:
            answer_with(500)
        return text

    read_robots(fetch).check_crawl_delay(AT, "naru")


ZEROS = b"\0" * 2**20
SIDE = {"columns": ["a"]}
CASES: dict[str, Callable[[Path], object]] = {
    "no_text": lambda _: convert_bytes(b" \n", "a.md"),
    "empty": lambda _: convert_bytes(b"", "a.md"),
    "guarded": lambda _: convert_bytes(b"SCDSA002", "a.hwp"),
    "other_kind": lambda _: convert_bytes(b"Rar!\x1a\x07", "a.rar"),
    "misnamed": lambda _: convert_bytes(b"text", "a.json"),
    "other_encoding": lambda _: convert_bytes("aidé à".encode("latin-1"), "a.md"),
    "not_text": lambda _: convert_bytes(b"\x7fELF\x02\x01\x01\x00", "a"),
    "damaged_or_cut": lambda _: convert_bytes(b"%PDF-1.7 nothing", "a.pdf"),
    "damaged": lambda _: xml.parse_xml(b"<a>"),
    "with_entities": lambda _: xml.parse_xml(b'<!DOCTYPE x [<!ENTITY a "b">]><a/>'),
    "cut_off": lambda _: convert_bytes(b"PK\x03\x04", "a.zip"),
    "is_archive": lambda _: convert_bytes(make_zip(("a.md", b"x")), "a.zip"),
    "locked": lambda _: convert_bytes(
        draw_pdf(lambda s: s.drawString(9, 9, "a"), encrypt="x"), "a.pdf"
    ),
    "too_many_pages": lambda _: convert_bytes(
        draw_pdf(lambda sheet: [sheet.showPage() for _ in range(limits.DOCUMENT_MAX_PAGES + 1)]),
        "a.pdf",
    ),
    "too_deep": lambda _: worker.read_in_child({"kind": "html", "columns": {}}, b"<div>" * 100_000),
    "not_its_kind": lambda _: worker.read_in_child(
        {"kind": "pdf", "scanned": 9, "tesseract": ""}, office_files.make_pdf()
    ),
    "no_table": lambda _: convert_bytes(b'a,b\n"' + b"x" * 200_000, "a.csv"),
    "unknown_roles": lambda _: read_faq("a,b\n1,2", {"colour": "a"}),
    "no_columns": lambda _: read_faq("a,b\n1,2", {"question": "c"}),
    "zip_damaged": lambda _: zip_xml.open_zip(misplace_zip_directory(make_zip(("a.md", b"x")))),
    "too_many_members": lambda _: zip_xml.open_zip(
        make_zip(*((f"{n}.md", b"x") for n in range(limits.ARCHIVE_MAX_MEMBERS + 1)))
    ),
    "bomb": lambda _: zip_xml.open_zip(make_zip(("a.txt", ZEROS * 60))),
    "unpacks_large": lambda _: zip_xml.open_zip(
        make_zip(*((f"{n}", ZEROS * 40) for n in range(6)))
    ),
    "part_missing": lambda _: make_zip_part("b", make_zip(("a", b"x"))),
    "part_damaged": lambda _: make_zip_part("a", spoil_zip(make_zip(("a", b"text " * 20)))),
    "name_leads_out": lambda path: read_member(path, make_zip(("../a.md", b"x"))),
    "headings_only": lambda path: _write_many_headings(path),
    "unread": lambda path: hand_over_file(path, None, path / "gone.md"),
    "is_folder": lambda path: hand_over_file(path, None, path),
    "too_large_for_chat": lambda path: hand_over_file(path, None, size=2**30),
    "not_handed_out": lambda path: hand_over_file(path, DeliveryRefused("gone")),
    "handed_out_late": lambda path: hand_over_file(path, DeliveryUncertain("502")),
    "no_file": lambda path: read_content(path),
    "too_large": lambda path: _write_large(path / "a.pdf"),
    "link_nowhere": lambda path: make_symlink(path, path / "gone"),
    "link_to_folder": lambda path: make_symlink(path, path),
    "link_out": lambda path: make_symlink(path, Path(__file__)),
    "lonely_side_car": lambda path: parse_file(path / "a.meta.yaml", "a.meta.yaml"),
    "lonely_phrases": lambda path: parse_file(path / "phrases" / "a.yaml", "phrases/a.yaml"),
    "phrases_broken": lambda _: read_phrases(PhraseFile("phrases/a.yaml", b"x"), "a"),
    "phrases_of_another": lambda _: read_phrases(
        PhraseFile("phrases/a.yaml", b"document: b\nsections: []"), "a"
    ),
    "front_matter_open": lambda _: split_front_matter("---\nid: a\n# T\n"),
    "declares_too_much": lambda path: write_side_car(path, b"title: " + b"x" * 200_000),
    "declared_not_utf8": lambda path: write_side_car(path, "title: 공고".encode("cp949")),
    "not_yaml": lambda path: write_side_car(path, b"id: [a"),
    "impossible_date": lambda path: write_side_car(path, b"expires: 2026-02-30"),
    "declared_unread": lambda path: sidecar.read_sidecar(path / ("a" * 300)),
    "no_keys": lambda path: write_side_car(path, b"just words"),
    "unknown_keys": lambda path: write_side_car(path, b"expiry: 2026-01-09"),
    "odd_characters": lambda path: write_side_car(path, rb'title: "a\0b"'),
    "not_inferable": lambda path: write_side_car(path, b"inferred: [title]"),
    "no_column_lines": lambda _: read_columns(SIDE),
    "expires_first": lambda _: render_front_matter(
        "effective_from: 2026-02-01", "expires: 2026-01-01"
    ),
    "other_language": lambda _: render_front_matter("language: jp"),
    "too_long": lambda _: render_front_matter(f"id: {'a' * 201}"),
    "no_url": lambda _: render_front_matter("url: example.org"),
    "no_published": lambda _: render_front_matter("published: last spring"),
    "no_day": lambda _: render_front_matter("expires: soon"),
    "no_list": lambda _: render_front_matter("topics: voucher"),
    "odd_address": lambda _: normalise_address("https://exa mple.org/"),
    "wrong_address": lambda _: normalise_address("https://example.org:port/"),
    "no_address": lambda _: normalise_address("ftp://example.org/"),
    "user_name": lambda _: normalise_address("https://user@example.org/"),
    "odd_link": lambda _: resolve_link(AT, "http://[::1"),
    "host_unknown": lambda _: resolve_host("nowhere.invalid", 443),
    "host_private": lambda _: resolve_allowed_host(
        "inner", 443, lambda *_: ["10.0.0.1"], is_public
    ),
    "insecure": lambda _: _resolve_redirect(AT, "http://example.org/"),
    "page_too_large": lambda _: GuardedBackend(
        is_public, resolve_host, FetchLimits()
    ).count_received(2**40),
    "page_unpacks_large": lambda _: respond_packed("gzip", _gzip(b"x" * 100)),
    "page_broken": lambda _: respond_packed("gzip", b"no gzip"),
    "packed_otherwise": lambda _: respond_packed("br", b"x"),
    "gone": lambda _: answer_with(404),
    "not_let_in": lambda _: answer_with(403),
    "come_later": lambda _: answer_with(429),
    "no_page": lambda _: answer_with(500),
    "robots_unread": lambda _: check_robots(None),
    "robots_forbid": lambda _: check_robots("User-agent: *\nDisallow: /"),
    "for_distribution": lambda _: ole._refuse_unreadable({"BodyText"}, make_hwp_header(2)),
    "certified": lambda _: ole._refuse_unreadable({"BodyText"}, make_hwp_header(8)),
    "text_missing": lambda _: ole._refuse_unreadable(set(), make_hwp_header(0)),
    "sheet_missing": lambda _: sheets._refuse_missing_sheets(
        office_files.make_xlsx({"one": [["a"]]}), []
    ),
    "sheet_too_large": lambda _: _long_sheet(),
    "font_missing": lambda _: _no_font(),
    "folder_closed": lambda path: check_within_root(path, path.parent),
    "closed": lambda path: _write_unreadable(path),
    "supersedes_itself": lambda _: find_ring("a", a=["a"]),
    "supersede_each_other": lambda _: find_ring("a", a=["b"], b=["a"]),
    "no_feed": lambda _: parse_feed(b"<html></html>", AT),
    "feed_too_large": lambda _: parse_feed(b"x" * (FEED_MAX_BYTES + 1), AT),
}


def _write_many_headings(path: Path) -> None:
    (path / "a.md").write_text("# One\n## Two\n")
    scan = FileScan([], {})
    scan.scan_roots([Root(path, "o")], lambda *_: None)
    raise_remark(scan.skipped[0].remark)


def _write_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(limits.FILE_MAX_BYTES + 1)
    read_content(path)


def make_hwp_header(bit: int) -> bytes:
    """A HWP 5 header with one flag, or none."""
    return b"HWP Document File".ljust(36, b"\0") + (1 << bit if bit else 0).to_bytes(4, "little")


def _long_sheet() -> None:
    sheet = Workbook().active
    sheet.cell(500_000, 40, "x")
    sheets.has_text(sheet)


def _no_font() -> None:
    reader.refuse_lost_letters(draw_pdf(lambda sheet: sheet.showPage()))


def _write_unreadable(path: Path) -> None:
    def shut(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    with pytest.MonkeyPatch.context() as patch:  # the tests may run as root: nothing is shut to it
        patch.setattr(Path, "lstat", shut)
        check_within_root(path / "a.md", path)


def find_ring(about: str, **older: list[str]) -> None:
    found = [
        Version(Document(id, id, "", "ko", "", supersedes=tuple(ids)), id, "o", f"{id}.md", ())
        for id, ids in older.items()
    ]
    raise_remark({one.document.id: why for one, why in find_cycles(found, [])}[about])


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data)


def provoke_refusal(kind: str, folder: Path) -> Refusal | None:
    folder.mkdir()
    try:
        CASES[kind](folder)
    except Refusal as refusal:
        return refusal
    return None
