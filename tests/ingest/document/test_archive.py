"""Archives: every member is a document of its own, and a bad one stops no other."""

from __future__ import annotations

import io
import random
import re
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.document.content import read_members
from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.pipeline import IngestPipeline
from ingest.types import CandidateFile
from tests.harness.ingest_harness import list_document_ids, run_ingest
from tests.samples.office_files import make_zip

MD = "# 제목\n\n## 물음\n답입니다.\n".encode()


def list_members(folder: Path, data: bytes) -> list[CandidateFile]:
    found = read_members(data, "documents.zip")
    assert found is not None
    return list(found)


def list_reasons(folder: Path, data: bytes) -> dict[str, str]:
    return {one.name: str(one.remark or "") for one in list_members(folder, data)}


def test_each_member_is_a_document_named_by_its_archive(
    ingest: IngestPipeline, folder: Path, notices: Mapping[str, bytes]
) -> None:
    packed = make_zip(("b/공고.hwp", notices["hwp"]), ("a.md", MD), ("c.pdf", notices["pdf"]))
    (folder / "2026.zip").write_bytes(packed)
    run_ingest(ingest, folder)
    assert list_document_ids(ingest) == ["2026.zip/a.md", "2026.zip/b/공고.hwp", "2026.zip/c.pdf"]


def test_archives_in_archives_are_opened_to_a_depth(tmp_path: Path) -> None:
    third = make_zip(("deep.md", MD))
    found = list_members(
        tmp_path, make_zip(("two.zip", make_zip(("a.md", MD), ("three.zip", third))))
    )
    assert [one.name for one in found] == ["two.zip/a.md", "two.zip/three.zip"]
    assert (found[0].data, found[0].remark) == (MD, None)
    assert "2 archives deep" in str(found[1].remark)


def test_a_bad_member_says_why_and_the_others_are_taken(
    ingest: IngestPipeline, folder: Path
) -> None:
    packed = make_zip(
        ("good.md", MD), ("bad.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("e.md", b"")
    )
    (folder / "a.zip").write_bytes(packed)
    plan = ingest.plan([folder])
    assert [one.version.document.id for one in plan.changes] == ["a.zip/good.md"]
    assert [one.file for one in plan.skipped] == ["a.zip/bad.doc", "a.zip/e.md"]
    assert "0 bytes" in str(plan.skipped[1].remark)


def test_documents_of_an_archive_that_is_broken_today_answer_on(
    ingest: IngestPipeline, folder: Path
) -> None:
    whole = make_zip(("a.md", MD), ("b.md", MD))
    (folder / "a.zip").write_bytes(whole)
    run_ingest(ingest, folder)
    (folder / "a.zip").write_bytes(whole[:-30])
    plan = ingest.plan([folder])
    assert (plan.counts()["withdrawn"], plan.counts()["unchanged"]) == (0, 2)
    assert "cut off" in str(plan.skipped[0].remark)
    (folder / "a.zip").write_bytes(make_zip(("a.md", MD)))
    assert ingest.plan([folder]).counts()["withdrawn"] == 1


@pytest.mark.parametrize("name", ["../out.md", "a/../../out.md", "/etc/out.md", "..\\out.md"])
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str, tmp_path: Path) -> None:
    found = list_reasons(tmp_path, make_zip((name, MD), ("good.md", MD)))
    assert found.pop("good.md") == ""
    assert [*found.values()] == ["its name leads out of the archive. Rename it."]
    assert not (tmp_path.parent / "out.md").exists()


def test_links_and_second_members_of_a_name_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
        packed.writestr("a.md", MD)
    assert "link to another file" in list_reasons(tmp_path, stream.getvalue())["link.md"]
    twice = list_members(tmp_path, make_zip(("a.md", MD), ("a.md", MD)))
    assert ["two members" in str(one.remark) for one in twice] == [False, True]


def test_a_locked_member_is_named(tmp_path: Path) -> None:
    data = bytearray(make_zip(("a.md", MD)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "locked with a password" in list_reasons(tmp_path, bytes(data))["a.md"]


def test_names_that_korean_windows_wrote_are_read(tmp_path: Path) -> None:
    data = make_zip(("____.md", MD)).replace(b"____", "공고".encode("cp949"))
    assert [one.name for one in list_members(tmp_path, data)] == ["공고.md"]


def test_what_macs_and_hidden_folders_add_is_left_out(tmp_path: Path) -> None:
    data = make_zip(("__MACOSX/._a.md", b"x"), (".git/a.md", b"x"), ("a.md", MD))
    assert [one.name for one in list_members(tmp_path, data)] == ["a.md"]


ZEROS = b"\0" * 2**20


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (make_zip(("a.txt", ZEROS * 60)), "200 times its size"),
        (make_zip(*((f"{n}.txt", ZEROS * 40) for n in range(6))), "more than 200 MB"),
        (
            make_zip(*((f"{n}.md", b"x") for n in range(limits.ARCHIVE_MAX_MEMBERS + 1))),
            "more than 2000 files",
        ),
        (make_zip(("a.md", MD))[:-30], "cut off"),
        (make_zip(("a.md", MD))[:40] + make_zip(("a.md", MD))[44:], "damaged|cut off"),
    ],
    ids=["ratio", "total", "members", "cut off", "bytes missing"],
)
def test_bombs_and_damaged_archives_are_a_sentence(data: bytes, says: str, tmp_path: Path) -> None:
    try:
        found = " ".join(list_reasons(tmp_path, data).values())
    except Unreadable as error:
        found = str(error)
    assert re.search(says, found)


def make_heavy_archive(megabytes: int) -> bytes:
    """An archive that unpacks to so much, at a ratio below that of a bomb."""
    noise = random.Random(9).randbytes(megabytes * 2**20 // 100)
    parts = [(f"{n}.txt", ZEROS * min(40, megabytes - n)) for n in range(0, megabytes, 40)]
    return make_zip(("noise.bin", noise), *parts)


def test_what_archives_in_an_archive_unpack_to_is_counted_together(tmp_path: Path) -> None:
    inner = make_heavy_archive(120)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:  # 2 MB each, 35 GB in all if they were opened
        for n in range(20):
            packed.writestr(f"{n:02}.zip", inner)
        packed.writestr("z.md", MD)
    path = tmp_path / "a.zip"
    path.write_bytes(stream.getvalue())
    total = 0
    remarks: list[str] = []
    for one in read_members(stream.getvalue(), path.name) or ():
        total += len(one.data or b"")
        remarks.append(one.remark.kind if one.remark else "")
    assert total <= limits.UNPACKED_MAX_BYTES
    assert remarks.count("unpacks_large") > 20


def test_members_of_archives_in_an_archive_are_counted_together(tmp_path: Path) -> None:
    inner = make_zip(*((f"{n}.md", MD) for n in range(900)))
    found = list_members(tmp_path, make_zip(*((f"{n}.zip", inner) for n in range(4))))
    kinds = [one.remark.kind for one in found if one.remark]
    assert (len(found) - len(kinds), kinds) == (1800, ["too_many_members"] * 2)


def test_an_archive_in_itself_ends_at_the_depth(tmp_path: Path) -> None:
    quine = make_zip(("a.md", MD))
    for _ in range(6):
        quine = make_zip(("a.md", MD), ("r.zip", quine))
    found = list_members(tmp_path, quine)
    assert [one.name for one in found] == ["a.md", "r.zip/a.md", "r.zip/r.zip"]
    assert found[-1].remark and found[-1].remark.kind == "archives_deep"


def test_an_archive_of_nothing_says_so(ingest: IngestPipeline, folder: Path) -> None:
    (folder / "a.zip").write_bytes(make_zip())
    assert [one.remark.kind for one in ingest.plan([folder]).skipped] == ["is_archive"]


def test_a_member_that_holds_more_than_it_promises_is_damaged(tmp_path: Path) -> None:
    data = bytearray(make_zip(("a.txt", b"much more than is promised " * 40)))
    data[data.index(b"PK\x01\x02") + 24 :][:4] = b""
    start = data.index(b"PK\x01\x02") + 24
    data[start : start + 4] = (10).to_bytes(4, "little")
    assert "damaged" in list_reasons(tmp_path, bytes(data))["a.txt"]


def test_a_file_that_is_no_archive_is_itself(tmp_path: Path, notices: Mapping[str, bytes]) -> None:
    for name in ("docx", "hwpx", "pdf"):
        assert read_members(notices[name], name) is None


class TestSideCars:
    """They stand beside their file in an archive as they do in a folder."""

    def test_it_says_of_its_file_what_it_says_in_a_folder(
        self, ingest: IngestPipeline, folder: Path, notices: Mapping[str, bytes]
    ) -> None:
        about = "title: 나루 공고\nissuer: 나루청\nexpires: 2026-04-15\n"
        packed = make_zip(
            ("b/공고.hwp", notices["hwp"]), ("b/공고.hwp.meta.yaml", about.encode()),
            ("a.md", MD), ("a.meta.yaml", b"id: named"), ("b/a.md", MD),
        )  # fmt: skip
        (folder / "2026.zip").write_bytes(packed)
        run_ingest(ingest, folder)
        number = ingest.catalogue.get_active_edition()
        kept = {
            one.document.id: one.document for one in ingest.catalogue.load_versions(number or 0)
        }
        assert sorted(kept) == ["2026.zip/b/a.md", "2026.zip/b/공고.hwp", "named"]
        notice = kept["2026.zip/b/공고.hwp"]
        assert (notice.title, notice.issuer, str(notice.expires)) == (
            "나루 공고", "나루청", "2026-04-15",
        )  # fmt: skip

    def test_one_that_changes_makes_its_file_another_version(
        self, ingest: IngestPipeline, folder: Path
    ) -> None:
        for issuer in ("A", "B"):
            side = f"issuer: {issuer}".encode()
            (folder / "a.zip").write_bytes(make_zip(("a.md", MD), ("a.md.meta.yaml", side)))
            plan = ingest.plan([folder])
            (change,) = plan.changes
            assert (change.version.document.issuer, plan.skipped) == (issuer, ())
            run_ingest(ingest, folder)

    def test_in_an_archive_in_an_archive_too(self, tmp_path: Path) -> None:
        inner = make_zip(("a.md", MD), ("a.md.meta.yaml", b"id: inner"))
        (one,) = list_members(
            tmp_path, make_zip(("two.zip", inner), ("a.md.meta.yaml", b"id: outer"))
        )[1:]
        assert (one.name, one.sidecar) == ("two.zip/a.md", {"id": "inner"})

    def test_one_without_its_file_and_one_that_is_wrong_say_so(self, tmp_path: Path) -> None:
        found = list_reasons(
            tmp_path,
            make_zip(("b.md.meta.yaml", b"id: b"), ("a.md", MD), ("a.md.meta.yaml", b"expiry: 1"),
                    ("c.md", MD), ("d.md", MD), ("d.meta.yaml", b"title: " + b"x" * 200_000)),
        )  # fmt: skip
        assert "without its document" in found["b.md.meta.yaml"]
        assert "a.md.meta.yaml has unknown keys: expiry" in found["a.md"]
        assert "larger than 100 kB" in found["d.md"] and found["c.md"] == ""

    def test_one_that_is_a_link_or_locked_is_refused(self, tmp_path: Path) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as packed:
            packed.writestr("a.md", MD)
            link = zipfile.ZipInfo("a.md.meta.yaml")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(link, "/etc/passwd")
        assert "link to another file" in list_reasons(tmp_path, stream.getvalue())["a.md"]


def test_a_side_car_s_columns_reach_the_table_in_a_folder_and_in_an_archive(
    ingest: IngestPipeline, folder: Path
) -> None:
    rows = "궁금한 점,말씀\n얼마인가요?,3천만 원입니다.\n".encode()
    side = "columns:\n  question: 궁금한 점\n  answer: 말씀\n".encode()
    (folder / "a.csv").write_bytes(rows)
    (folder / "a.csv.meta.yaml").write_bytes(side)
    (folder / "b.zip").write_bytes(make_zip(("b.csv", rows), ("b.csv.meta.yaml", side)))
    plan = ingest.plan([folder])
    headings = [one.heading[-1] for c in plan.changes for one in c.version.passages]
    assert (headings, plan.skipped) == (["얼마인가요?", "얼마인가요?"], ())
