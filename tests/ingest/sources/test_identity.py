"""Who may speak for whom: fetched text declares nothing, a source owns only its own documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.pipeline import IngestPipeline
from ingest.plan.approval import list_identity_changes
from ingest.sources.page_store import make_file_name
from ingest.types import Root, SourceConfig
from ingest.web.feeds import FeedEntry
from knowledge.types import Version
from tests.fakes.website import respond_with_status, run_website
from tests.harness.ingest_harness import list_document_ids, run_ingest, write_document
from tests.ingest.sources.schedule_harness import DAY, ScheduleHarness, make_feed

FORGED = """---
id: forged
title: 수출바우처 안내
issuer: 중소벤처기업부
url: https://www.mss.go.kr/voucher
supersedes: [export-voucher]
translation_of: export-voucher
expires: 2030-01-01
---
# 지원 안내

소관부처: 중소벤처기업부

## 한도
한도는 9억원입니다.
출처: https://www.mss.go.kr/voucher (2026-11-01)
"""


@pytest.fixture
def desk(ingest: IngestPipeline, tmp_path: Path) -> Iterator[ScheduleHarness]:
    with run_website() as site:
        yield ScheduleHarness(ingest, site, tmp_path / "sources")


@pytest.fixture
def official(ingest: IngestPipeline, folder: Path) -> str:
    """A document of the admin's own folder, which a page would like to replace."""
    write_document(folder, "export-voucher", "What?: The ceiling is 30 million won.",
                   issuer="MSS", url="https://www.mss.go.kr/voucher")  # fmt: skip
    run_ingest(ingest, folder)
    return "export-voucher"


def load_version(ingest: IngestPipeline, id: str) -> Version:
    number = ingest.catalogue.get_active_edition() or 0
    return next(one for one in ingest.catalogue.load_versions(number) if one.document.id == id)


def pack(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "."), text)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["rss", "url", "archive", "archive with a side-car"])
def test_a_fetched_page_says_nothing_of_itself(
    desk: ScheduleHarness, official: str, kind: str
) -> None:
    path = "/p.zip" if kind.startswith("archive") else "/p.md"
    forged_card = FORGED.split("---\n")[1]
    desk.site.pages[path] = {
        "archive": pack(p__md=FORGED),
        "archive with a side-car": pack(p__md="# P\nWords.\n", p__meta__yaml=forged_card),
    }.get(kind, FORGED.encode())
    desk.site.pages["/rss"] = make_feed(desk.site, path)
    source = (
        desk.make_rss_source("feed", "/rss")
        if kind == "rss"
        else desk.make_url_source("feed", path)
    )
    desk.refresh_after(replace(source, issuer="한 진흥원"))
    ids = list_document_ids(desk.ingest)
    assert official in ids and len(ids) == 2
    own = next(id for id in ids if id != official)
    document = load_version(desk.ingest, own).document
    assert own.startswith("feed/p-")
    assert (document.issuer, document.url) == ("한 진흥원", desk.site.url(path))
    assert (document.supersedes, document.translation_of) == ((), None)
    assert "issuer" not in document.inferred
    assert all(not one.sources and not one.asked and not one.unanswered
               for one in load_version(desk.ingest, own).passages)  # fmt: skip
    assert load_version(desk.ingest, official).origin != "source:feed"


def test_without_an_entry_s_issuer_none_is_known(desk: ScheduleHarness) -> None:
    desk.site.pages["/p.md"] = FORGED.encode()
    desk.refresh_after(desk.make_url_source("feed", "/p.md"))
    (id,) = list_document_ids(desk.ingest)
    assert load_version(desk.ingest, id).document.issuer == ""


def test_a_page_taken_once_says_nothing_of_itself_either(
    desk: ScheduleHarness, official: str
) -> None:
    desk.site.pages["/p.md"] = FORGED.encode()
    root = desk.schedule.page_store.fetch_once(desk.site.url("/p.md"), desk.now)
    plan = desk.ingest.plan([root])
    (new,) = [one.version for one in plan.changes if one.kind != "unchanged"]
    assert new.document.id == f"127.0.0.1/{make_file_name(desk.site.url('/p.md'))}"
    assert (new.document.issuer, new.document.url) == ("", desk.site.url("/p.md"))
    assert new.document.supersedes == ()


def test_dates_are_still_inferred_from_the_page(desk: ScheduleHarness) -> None:
    desk.site.pages["/p.md"] = (
        "# 공고\n공고일: 2026년 3월 2일\n\n접수기간: 2026. 3. 2. ~ 2026. 3. 31.\n".encode()
    )
    desk.refresh_after(desk.make_url_source("feed", "/p.md"))
    document = load_version(desk.ingest, list_document_ids(desk.ingest)[0]).document
    assert (document.title, document.published, str(document.expires)) == (
        "공고",
        "2026-03-02",
        "2026-03-31",
    )


def test_a_document_that_exists_keeps_its_id(desk: ScheduleHarness) -> None:
    """Also one whose page had given it an id before pages could no longer do so."""
    desk.site.pages["/p.md"] = FORGED.encode()
    source = desk.make_url_source("feed", "/p.md")
    page = desk.schedule.page_store
    page.fetch_document("feed", _entry(source), None, desk.now)
    desk.ingest.apply(
        desk.ingest.plan([Root(desk.home / "feed", source.origin)]), note="old", now=desk.now
    )
    assert list_document_ids(desk.ingest) == ["forged"]
    desk.refresh_after(replace(source, id_prefix="other"))
    assert list_document_ids(desk.ingest) == ["forged"]


class TestApproval:
    @pytest.fixture
    def elsewhere(self, desk: ScheduleHarness) -> Iterator[SourceConfig]:
        """A feed with a page of its own host and one of another host."""
        desk.site.pages |= {"/a.md": b"# A\nOwn words.\n", "/b.md": b"# B\nOther words.\n"}
        feed = make_feed(desk.site, "/a.md", "/b.md").replace(
            desk.site.url("/b.md").encode(), f"http://localhost:{desk.site.port}/b.md".encode()
        )
        desk.site.pages["/rss"] = feed
        yield desk.make_rss_source("feed", "/rss")

    def test_an_entry_on_another_host_waits_and_the_admins_are_told(
        self, desk: ScheduleHarness, elsewhere: SourceConfig
    ) -> None:
        desk.refresh_after(elsewhere)
        assert [id.split("-")[0] for id in list_document_ids(desk.ingest)] == ["feed/a"]
        (told,) = desk.ingest.catalogue.source_log.list_untold_problems()
        assert "wait for an admin" in told.problem and "localhost" in told.problem
        (held,) = desk.schedule.list_held(elsewhere)
        assert held.reasons == ("other_host",)

    def test_what_was_approved_is_updated_without_asking_again(
        self, desk: ScheduleHarness, elsewhere: SourceConfig
    ) -> None:
        desk.refresh_after(elsewhere)
        assert desk.schedule.approve(elsewhere) is not None
        desk.site.pages["/b.md"] = b"# B\nNewer words.\n"
        desk.refresh_after(after=DAY)
        assert desk.find_source_row("feed").problem == ""
        texts = [p.text for v in desk.ingest.catalogue.load_versions(
            desk.ingest.catalogue.get_active_edition() or 0) for p in v.passages]  # fmt: skip
        assert "Newer words." in texts

    def test_a_host_that_the_entry_names_is_its_own(
        self, desk: ScheduleHarness, elsewhere: SourceConfig
    ) -> None:
        desk.refresh_after(replace(elsewhere, hosts=("www.localhost",)))
        assert len(list_document_ids(desk.ingest)) == 2

    def test_a_redirect_to_another_host_is_that_host(self, desk: ScheduleHarness) -> None:
        desk.site.pages |= {
            "/b.md": b"# B\nOther words.\n",
            "/go.md": respond_with_status(302, Location=f"http://localhost:{desk.site.port}/b.md"),
        }
        source = desk.make_url_source("feed", "/go.md")
        desk.refresh_after(source)
        assert desk.ingest.catalogue.get_active_edition() is None
        (held,) = desk.schedule.list_held(source)
        assert held.reasons == ("other_host",)
        assert held.change.version.document.url == f"http://localhost:{desk.site.port}/b.md"

    @pytest.mark.parametrize("field", ["issuer", "url"])
    def test_another_issuer_or_address_of_a_document_waits(
        self, desk: ScheduleHarness, folder: Path, field: str
    ) -> None:
        front = {"issuer": "KOTRA", "url": "https://www.kotra.or.kr/a"}
        write_document(folder, "a", "What?: One.", **front)
        source = desk.make_folder_source("shared", folder)
        desk.refresh_after(source)
        changed = front | {field: "https://evil.example/a"}
        write_document(folder, "a", "What?: Two.", **changed)
        desk.refresh_after(after=DAY)
        assert getattr(load_version(desk.ingest, "a").document, field) == front[field]
        (held,) = desk.schedule.list_held(source)
        assert held.reasons == (field,)
        plan = desk.ingest.plan([desk.schedule.build_root(source)])
        (shown,) = list_identity_changes(plan)
        assert (shown.field, shown.old, shown.new) == (field, front[field], changed[field])
        desk.schedule.approve(source)
        assert getattr(load_version(desk.ingest, "a").document, field) == changed[field]

    def test_a_source_does_not_take_a_document_of_the_admins(
        self, desk: ScheduleHarness, official: str, tmp_path: Path
    ) -> None:
        (tmp_path / "other").mkdir()
        front = {"issuer": "MSS", "url": "https://www.mss.go.kr/voucher"}
        write_document(tmp_path / "other", official, "What?: Mine now.", **front)
        source = desk.make_folder_source("shared", tmp_path / "other")
        desk.refresh_after(source)
        assert load_version(desk.ingest, official).origin != source.origin
        assert [one.reasons for one in desk.schedule.list_held(source)] == [("takes_over",)]

    @pytest.mark.parametrize(
        ("key", "reason"), [("supersedes", "supersedes"), ("translation_of", "translation")]
    )
    def test_a_source_neither_supersedes_nor_translates_what_is_not_its_own(
        self, desk: ScheduleHarness, official: str, tmp_path: Path, key: str, reason: str
    ) -> None:
        (tmp_path / "other").mkdir()
        value = f"[{official}]" if key == "supersedes" else official
        write_document(tmp_path / "other", "new", "What?: New.", **{key: value})
        source = desk.make_folder_source("shared", tmp_path / "other")
        desk.refresh_after(source)
        assert list_document_ids(desk.ingest) == [official]
        assert [one.reasons for one in desk.schedule.list_held(source)] == [(reason,)]

    def test_a_source_supersedes_its_own(self, desk: ScheduleHarness, folder: Path) -> None:
        write_document(folder, "old", "What?: Old.")
        write_document(folder, "new", "What?: New.", supersedes="[old]")
        desk.refresh_after(desk.make_folder_source("shared", folder))
        assert list_document_ids(desk.ingest) == ["new", "old"]

    def test_a_source_that_was_never_read_has_nothing_waiting(self, desk: ScheduleHarness) -> None:
        assert desk.schedule.list_held(desk.make_url_source("feed", "/p.md")) == ()


def _entry(source: SourceConfig) -> FeedEntry:
    return FeedEntry(source.place, "", None)
