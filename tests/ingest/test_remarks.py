"""What is said of files and addresses: in every language, with its figures, and by somebody."""

from __future__ import annotations

import ast
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from openpyxl import Workbook

import adapters
import ingest
from adapters.uploads.upload_store import Shelves
from bot.errors import Refused, TryAgain
from bot.types import File
from ingest.document import sidecar
from ingest.document.convert import content, members, read_bytes
from ingest.document.metadata import columns, declared, document
from ingest.document.parse import parse
from ingest.document.sidecar import front_matter
from ingest.errors import Refusal, Unreadable
from ingest.formats import faq, limits, ole, pdf, sheets, worker, xml, zip_xml
from ingest.plan.files import within
from ingest.plan.scan import Survey
from ingest.plan.supersession import rings
from ingest.remarks import Remark, sentences
from ingest.types import Root
from ingest.web.addresses import checked, linked, public, resolved, web_address
from ingest.web.feeds import LARGEST, entries
from ingest.web.fetch import Limits, Line, _next
from ingest.web.response import Reply, refuse, unpacked
from ingest.web.robots import read_rules
from knowledge.types import LANGUAGES, Document, Version
from tests.samples import office_files
from tests.samples.office_files import archive, canvas

AT = "https://example.org/notice"
PARTS = ("front_matter", "side_car", "about")  # said within another one
# What only a machine without something, or a whole file of a format, can show: the test that does,
# and the words of it.
ELSEWHERE = {
    "too_slow": ("formats/test_worker.py", "longer than 0"),
    "too_much_memory": ("formats/test_worker.py", "more than 512 MB of memory"),
    "too_much_text": ("formats/test_worker.py", "more than 20,000,000 characters"),
    "reader_died": ("formats/test_worker.py", "died of it"),
    "scanned": ("formats/test_pdf.py", "are scanned"),
    "pages_left_out": ("plan/test_scan.py", "pages_left_out"),
    "pages_recognised": ("formats/test_pdf.py", "check what was recognised"),
    "not_recognised": ("formats/test_pdf.py", "Failed loading language"),
    "part_with_entities": ("formats/test_refused.py", "declares entities"),
    "archives_deep": ("document/test_archive.py", "archives deep"),
    "member_link": ("document/test_archive.py", "link to another file"),
    "member_twice": ("document/test_archive.py", "two members"),
    "member_locked": ("document/test_archive.py", "locked with a password"),
    "id_taken": ("document/test_skipped.py", "'voucher'"),
    "redirects": ("web/test_fetch.py", "more than 5 times"),
    "too_late": ("web/test_fetch.py", "in time"),
    "no_connection": ("web/test_fetch.py", "cannot be read"),
    "page_empty": ("web/test_fetch.py", "empty"),
    "must_wait": ("sources/test_schedule.py", "must wait"),
}


@pytest.mark.parametrize("kind", sorted(sentences()))
def test_a_kind_is_written_in_three_languages_with_the_same_names(kind: str) -> None:
    said = sentences()[kind]
    assert set(said) == set(LANGUAGES) and all(map(str.strip, said.values()))
    assert len({names(sentence) for sentence in said.values()}) == 1
    assert kind == "about" or re.search("[가-힣]", said["ko"])
    assert not re.search("[가-힣]", said["en"] + said["vi"])


def test_whoever_says_a_kind_gives_it_its_figures() -> None:
    for kind, given in named():
        assert names(sentences()[kind]["en"]) == given, kind


def test_every_kind_is_said_and_every_one_that_is_said_is_written() -> None:
    assert {kind for kind, _ in named()} == set(sentences())


def names(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def named() -> Iterator[tuple[str, set[str]]]:
    """The kinds in the code and the names of their figures."""
    for package_ in (ingest, adapters):
        for path in Path(package_.__file__ or "").parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield from _kind(node, node.func.id)


def _kind(call: ast.Call, name: str) -> Iterator[tuple[str, set[str]]]:
    if name not in ("Unreadable", "NotFetched", "Remark") or not call.args:
        return
    kind = call.args[0]
    if not isinstance(kind, ast.Constant):
        return
    facts = {one.arg for one in call.keywords if one.arg and one.arg != "wait"}
    for more in call.args[1:]:
        assert isinstance(more, ast.Dict)
        facts |= {str(key.value) for key in more.keys if isinstance(key, ast.Constant)}
    yield str(kind.value), facts


def asked(text: str, columns: dict[str, str]) -> None:
    faq.blocks([row.split(",") for row in text.splitlines()], columns)


def beside(path: Path, content: bytes) -> None:
    (path / "a.md").write_text("# T\ntext")
    (path / "a.md.meta.yaml").write_bytes(content)
    parse(path / "a.md", "a.md")


def front(*lines: str) -> None:
    meta, body = front_matter("\n".join(["---", *lines, "---", "# T\ntext"]))
    document(declared(meta, {}), {}, body, "a.md")


def linking(path: Path, target: Path) -> None:
    (path / "inner").mkdir(exist_ok=True)
    (path / "inner" / "a").symlink_to(target)
    within(path / "inner" / "a", path / "inner")


def handed(path: Path, error: Exception | None, ref: Path | None = None, size: int = 1) -> None:
    def fetch(_: File) -> bytes:
        raise error or AssertionError("fetched")

    channel = "terminal" if ref else "telegram"
    file = File(channel, str(ref or "id"), "a.md", "", size)
    raise_remark(Shelves(path, fetch).keep("telegram:1", "t", (file,)).refused[0][1])


def raise_remark(remark: Remark | None) -> None:
    assert remark
    raise Unreadable.because(remark)


def member(path: Path, data: bytes) -> None:
    (path / "a.zip").write_bytes(data)
    for one in members(path / "a.zip") or ():
        raise_remark(one.why)


def part(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        zip_xml.part(packed, name)


def spoilt(data: bytes) -> bytes:
    end = data.index(b"PK\x01\x02")
    return data[: end - 1] + b"\xff" + data[end:]


def misplaced(data: bytes) -> bytes:
    """An archive whose list of names does not begin as one."""
    return data.replace(b"PK\x01\x02", b"PK\x01\x03")


def answered(status: int, body: bytes = b"", **headers: str) -> None:
    refuse(AT, Reply(status, headers, body))


def packed_as(encoding: str, body: bytes, most: int = 10) -> None:
    unpacked(AT, Reply(200, {"content-encoding": encoding}, body), most)


def shut(text: str | None) -> None:
    def fetch() -> str | None:
        if text is None:
            answered(500)
        return text

    read_rules(fetch).pause_before(AT, "naru")


ZEROS = b"\0" * 2**20
SIDE = {"columns": ["a"]}
CASES: dict[str, Callable[[Path], object]] = {
    "no_text": lambda _: read_bytes(b" \n", "a.md"),
    "empty": lambda _: read_bytes(b"", "a.md"),
    "guarded": lambda _: read_bytes(b"SCDSA002", "a.hwp"),
    "other_kind": lambda _: read_bytes(b"Rar!\x1a\x07", "a.rar"),
    "misnamed": lambda _: read_bytes(b"text", "a.json"),
    "other_encoding": lambda _: read_bytes("aidé à".encode("latin-1"), "a.md"),
    "not_text": lambda _: read_bytes(b"\x7fELF\x02\x01\x01\x00", "a"),
    "damaged_or_cut": lambda _: read_bytes(b"%PDF-1.7 nothing", "a.pdf"),
    "damaged": lambda _: xml.parse(b"<a>"),
    "with_entities": lambda _: xml.parse(b'<!DOCTYPE x [<!ENTITY a "b">]><a/>'),
    "cut_off": lambda _: read_bytes(b"PK\x03\x04", "a.zip"),
    "is_archive": lambda _: read_bytes(archive(("a.md", b"x")), "a.zip"),
    "locked": lambda _: read_bytes(canvas(lambda s: s.drawString(9, 9, "a"), encrypt="x"), "a.pdf"),
    "too_many_pages": lambda _: read_bytes(
        canvas(lambda sheet: [sheet.showPage() for _ in range(limits.PAGES + 1)]), "a.pdf"
    ),
    "too_deep": lambda _: worker.ask({"kind": "html", "columns": {}}, b"<div>" * 100_000),
    "not_its_kind": lambda _: worker.ask(
        {"kind": "pdf", "scanned": 9, "tesseract": ""}, office_files.pdf()
    ),
    "no_table": lambda _: read_bytes(b'a,b\n"' + b"x" * 200_000, "a.csv"),
    "unknown_roles": lambda _: asked("a,b\n1,2", {"colour": "a"}),
    "no_columns": lambda _: asked("a,b\n1,2", {"question": "c"}),
    "zip_damaged": lambda _: zip_xml.opened(misplaced(archive(("a.md", b"x")))),
    "too_many_members": lambda _: zip_xml.opened(
        archive(*((f"{n}.md", b"x") for n in range(limits.MEMBERS + 1)))
    ),
    "bomb": lambda _: zip_xml.opened(archive(("a.txt", ZEROS * 60))),
    "unpacks_large": lambda _: zip_xml.opened(archive(*((f"{n}", ZEROS * 40) for n in range(6)))),
    "part_missing": lambda _: part("b", archive(("a", b"x"))),
    "part_damaged": lambda _: part("a", spoilt(archive(("a", b"text " * 20)))),
    "name_leads_out": lambda path: member(path, archive(("../a.md", b"x"))),
    "headings_only": lambda path: _headings(path),
    "unread": lambda path: handed(path, None, path / "gone.md"),
    "is_folder": lambda path: handed(path, None, path),
    "too_large_for_chat": lambda path: handed(path, None, size=2**30),
    "not_handed_out": lambda path: handed(path, Refused("gone")),
    "handed_out_late": lambda path: handed(path, TryAgain("502")),
    "no_file": lambda path: content(path),
    "too_large": lambda path: _large(path / "a.pdf"),
    "link_nowhere": lambda path: linking(path, path / "gone"),
    "link_to_folder": lambda path: linking(path, path),
    "link_out": lambda path: linking(path, Path(__file__)),
    "lonely_side_car": lambda path: parse(path / "a.meta.yaml", "a.meta.yaml"),
    "front_matter_open": lambda _: front_matter("---\nid: a\n# T\n"),
    "declares_too_much": lambda path: beside(path, b"title: " + b"x" * 200_000),
    "declared_not_utf8": lambda path: beside(path, "title: 공고".encode("cp949")),
    "not_yaml": lambda path: beside(path, b"id: [a"),
    "impossible_date": lambda path: beside(path, b"expires: 2026-02-30"),
    "declared_unread": lambda path: sidecar.beside(path / ("a" * 300)),
    "no_keys": lambda path: beside(path, b"just words"),
    "unknown_keys": lambda path: beside(path, b"expiry: 2026-01-09"),
    "odd_characters": lambda path: beside(path, rb'title: "a\0b"'),
    "not_inferable": lambda path: beside(path, b"inferred: [title]"),
    "no_column_lines": lambda _: columns(SIDE),
    "expires_first": lambda _: front("effective_from: 2026-02-01", "expires: 2026-01-01"),
    "other_language": lambda _: front("language: jp"),
    "too_long": lambda _: front(f"id: {'a' * 201}"),
    "no_url": lambda _: front("url: example.org"),
    "no_published": lambda _: front("published: last spring"),
    "no_day": lambda _: front("expires: soon"),
    "no_list": lambda _: front("topics: voucher"),
    "odd_address": lambda _: web_address("https://exa mple.org/"),
    "wrong_address": lambda _: web_address("https://example.org:port/"),
    "no_address": lambda _: web_address("ftp://example.org/"),
    "user_name": lambda _: web_address("https://user@example.org/"),
    "odd_link": lambda _: linked(AT, "http://[::1"),
    "host_unknown": lambda _: resolved("nowhere.invalid", 443),
    "host_private": lambda _: checked("inner", 443, lambda *_: ["10.0.0.1"], public),
    "insecure": lambda _: _next(AT, "http://example.org/"),
    "page_too_large": lambda _: Line(public, resolved, Limits()).spend(2**40),
    "page_unpacks_large": lambda _: packed_as("gzip", _gzip(b"x" * 100)),
    "page_broken": lambda _: packed_as("gzip", b"no gzip"),
    "packed_otherwise": lambda _: packed_as("br", b"x"),
    "gone": lambda _: answered(404),
    "not_let_in": lambda _: answered(403),
    "come_later": lambda _: answered(429),
    "no_page": lambda _: answered(500),
    "robots_unread": lambda _: shut(None),
    "robots_forbid": lambda _: shut("User-agent: *\nDisallow: /"),
    "for_distribution": lambda _: ole._refuse({"BodyText"}, hangul(2)),
    "certified": lambda _: ole._refuse({"BodyText"}, hangul(8)),
    "text_missing": lambda _: ole._refuse(set(), hangul(0)),
    "sheet_missing": lambda _: sheets._refuse_missing(office_files.excel({"one": [["a"]]}), []),
    "sheet_too_large": lambda _: _long_sheet(),
    "font_missing": lambda _: _no_font(),
    "folder_closed": lambda path: within(path, path.parent),
    "closed": lambda path: _shut_file(path),
    "supersedes_itself": lambda _: ring("a", a=["a"]),
    "supersede_each_other": lambda _: ring("a", a=["b"], b=["a"]),
    "no_feed": lambda _: entries(b"<html></html>", AT),
    "feed_too_large": lambda _: entries(b"x" * (LARGEST + 1), AT),
}


def _headings(path: Path) -> None:
    (path / "a.md").write_text("# One\n## Two\n")
    survey = Survey([], {})
    survey.look([Root(path, "o")], lambda *_: None)
    raise_remark(survey.skipped[0].why)


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(limits.FILE_BYTES + 1)
    content(path)


def hangul(bit: int) -> bytes:
    """A HWP 5 header with one flag, or none."""
    return b"HWP Document File".ljust(36, b"\0") + (1 << bit if bit else 0).to_bytes(4, "little")


def _long_sheet() -> None:
    sheet = Workbook().active
    sheet.cell(500_000, 40, "x")
    sheets._has_text(sheet)


def _no_font() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "PROBE", canvas(lambda sheet: sheet.showPage()))
        pdf._refuse_lost_letters()


def _shut_file(path: Path) -> None:
    def shut(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    with (
        pytest.MonkeyPatch.context() as patch
    ):  # the tests may run as root, whom nothing is shut to
        patch.setattr(Path, "is_symlink", shut)
        within(path / "a.md", path)


def ring(about: str, **older: list[str]) -> None:
    found = [
        Version(Document(id, id, "", "ko", "", supersedes=tuple(ids)), id, "o", f"{id}.md", ())
        for id, ids in older.items()
    ]
    raise_remark({one.document.id: why for one, why in rings(found, [])}[about])


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data)


@pytest.mark.parametrize("kind", sorted(CASES))
def test_a_kind_is_said_where_it_is_true(kind: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as raised:
        CASES[kind](tmp_path)
    remark = raised.value.remark
    assert remark.kind == kind
    for language in LANGUAGES:
        said = remark.said(language)
        assert "\n" not in said and not re.search(r"\{\w*\}|Remark\(", said)
    assert str(raised.value) == remark.said("en")
    assert Remark.unpacked(json.loads(json.dumps(remark.packed()))).said("ko") == remark.said("ko")


def test_every_kind_is_reached_by_a_test() -> None:
    assert set(CASES) | set(ELSEWHERE) | set(PARTS) == set(sentences())
    for kind, (file, words) in ELSEWHERE.items():
        assert words in (Path(__file__).parent / file).read_text(), kind


def test_what_is_said_within_another_remark_is_in_the_same_language(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as raised:
        CASES["not_yaml"](tmp_path)
    assert raised.value.remark.said("ko").startswith(
        "딸린 정보 파일(side-car) a.md.meta.yaml: YAML"
    )
    about = Remark("about", {"at": AT, "why": Remark("page_too_large", {"most": 50})})
    assert about.said("vi") == f"{AT}: lớn hơn 50 MB. Hãy chọn tệp nhỏ hơn."
