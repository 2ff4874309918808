"""Sources that change, vanish, fail and come back; a clock that a test moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine

from ingest.pipeline import IngestPipeline
from ingest.sources.page_store import PageStore, make_file_name
from ingest.sources.schedule import FEED_MAX_SECONDS, Schedule
from ingest.types import SourceConfig
from ingest.web.fetch import FetchLimits, WebClient
from knowledge.catalogue import Catalogue, SourceRow
from knowledge.errors import EmbedderMissing, LibraryChanged
from knowledge.retrieval.embedder import Vectors
from knowledge.types import Version
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.fakes.website import Website, find_closed_port, respond_with_status, run_website
from tests.harness.ingest_harness import (
    NOW,
    list_document_ids,
    list_passage_texts,
    run_ingest,
    write_document,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class ScheduleHarness:
    """A schedule with its clock, its site, and short ways to look at what came of it."""

    ingest: IngestPipeline
    site: Website
    home: Path
    now: datetime = NOW
    owner: str = "me"
    feed_max_seconds: float = FEED_MAX_SECONDS
    sources: list[SourceConfig] = field(default_factory=list)

    @property
    def schedule(self) -> Schedule:
        web = WebClient(
            allowed=lambda _: True,
            limits=FetchLimits(step_seconds=1, total_seconds=2, pause_seconds=0),
        )
        return Schedule(
            self.ingest,
            PageStore(self.home, web),
            self.owner,
            lambda: self.now,
            self.feed_max_seconds,
        )

    def make_url_source(self, name: str, path: str) -> SourceConfig:
        return SourceConfig(name, "desk", "url", self.site.url(path), DAY, 30 * DAY)

    def make_rss_source(self, name: str, path: str) -> SourceConfig:
        return replace(self.make_url_source(name, path), kind="rss")

    def make_folder_source(self, name: str, folder: Path) -> SourceConfig:
        return replace(self.make_url_source(name, ""), kind="folder", place=str(folder))

    def refresh_after(self, *sources: SourceConfig, after: timedelta = timedelta()) -> list[str]:
        """Time goes by, and the sources (the same as before) are read if they are due."""
        self.now += after
        self.sources = list(sources) or self.sources
        return self.schedule.refresh(self.sources)

    def find_source_row(self, name: str) -> SourceRow:
        return self.ingest.catalogue.source_log.list_sources()[name]

    def list_unchecked(self, after: timedelta = timedelta()) -> dict[str, object]:
        number = self.ingest.catalogue.get_active_edition() or 0
        return dict(
            self.ingest.catalogue.source_log.find_unchecked_documents(number, self.now + after)
        )

    def count_editions(self) -> int:
        return len(self.ingest.catalogue.list_editions())


@pytest.fixture
def desk(ingest: IngestPipeline, tmp_path: Path) -> Iterator[ScheduleHarness]:
    with run_website() as site:
        site.pages["/a.md"] = b"# A\nThe first notice.\n"
        yield ScheduleHarness(ingest, site, tmp_path / "sources")


def make_feed(site: Website, *paths: str) -> bytes:
    items = "".join(
        f"<item><title>Notice {path}</title><link>{site.url(path)}</link>"
        "<pubDate>Thu, 05 Mar 2026 00:30:00 +0900</pubDate></item>"
        for path in paths
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


class TestUrl:
    def test_a_page_is_kept_as_it_came_with_its_address_and_answers(
        self, desk: ScheduleHarness
    ) -> None:
        assert desk.refresh_after(desk.make_url_source("guide", "/a.md")) == ["guide"]
        name = make_file_name(desk.site.url("/a.md"))
        kept = desk.home / "guide" / name
        assert kept.read_bytes() == b"# A\nThe first notice.\n"
        about = yaml.safe_load((desk.home / "guide" / f"{name}.meta.yaml").read_text())
        assert about == {"id": f"guide/{name}", "url": desk.site.url("/a.md")}
        assert list_passage_texts(desk.ingest) == ["The first notice."]
        (version,) = desk.ingest.catalogue.load_versions(1)
        assert version.origin == "source:guide"
        assert (desk.find_source_row("guide").read_at, desk.find_source_row("guide").problem) == (
            desk.now,
            "",
        )

    def test_it_is_read_when_it_is_due_and_not_before(self, desk: ScheduleHarness) -> None:
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        assert desk.refresh_after(after=DAY - HOUR) == []
        assert desk.schedule.refresh(desk.sources, due=False) == ["guide"]
        assert desk.refresh_after(after=DAY - HOUR) == [] and desk.refresh_after(after=HOUR) == [
            "guide"
        ]

    def test_an_unchanged_page_moves_the_day_and_embeds_nothing(
        self, desk: ScheduleHarness, embedder: HashingEmbedder
    ) -> None:
        desk.site.etags["/a.md"] = '"1"'
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        embedder.take_embedded()
        assert desk.list_unchecked(31 * DAY) and not desk.list_unchecked(29 * DAY)
        assert desk.refresh_after(after=20 * DAY) == ["guide"]
        assert desk.site.requests[-1][1]["If-None-Match"] == '"1"'
        assert (embedder.take_embedded(), desk.count_editions()) == ([], 1)
        assert not desk.list_unchecked(29 * DAY)
        assert desk.find_source_row("guide").read_at == desk.now

    def test_a_changed_page_answers_as_it_is_now(self, desk: ScheduleHarness) -> None:
        desk.site.etags["/a.md"] = '"1"'
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        desk.site.pages["/a.md"], desk.site.etags["/a.md"] = b"# A\nThe second one.\n", '"2"'
        desk.refresh_after(after=DAY)
        assert list_passage_texts(desk.ingest) == ["The second one."]

    @pytest.mark.parametrize("number", [404, 410, 500, 403])
    def test_a_page_that_is_gone_answers_on_and_the_admins_are_told_once(
        self, desk: ScheduleHarness, number: int
    ) -> None:
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        first = desk.now
        desk.site.pages["/a.md"] = respond_with_status(number)
        desk.refresh_after(after=DAY)
        assert list_passage_texts(desk.ingest) == ["The first notice."]
        (told,) = desk.ingest.catalogue.source_log.list_untold_problems()
        assert str(number) in told.problem and desk.site.url("/a.md") in told.problem
        assert (told.read_at, told.failed_at) == (first, desk.now)
        desk.ingest.catalogue.source_log.mark_told(told)
        desk.refresh_after(after=HOUR)
        assert desk.ingest.catalogue.source_log.list_untold_problems() == []
        assert desk.list_unchecked(30 * DAY) == {list_document_ids(desk.ingest)[0]: first.date()}

    def test_a_failed_read_is_tried_again_soon_and_later_if_it_was_asked_to(
        self, desk: ScheduleHarness
    ) -> None:
        desk.site.pages["/a.md"] = respond_with_status(500)
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        assert desk.find_source_row("guide").next_at == desk.now + HOUR
        desk.site.pages["/a.md"] = respond_with_status(429, Retry_After="7200")
        desk.refresh_after(after=HOUR)
        assert desk.find_source_row("guide").next_at == desk.now + 2 * HOUR
        desk.site.pages["/a.md"] = b"# A\nBack again.\n"
        assert desk.refresh_after(after=HOUR) == [] and desk.refresh_after(after=HOUR) == ["guide"]
        assert (desk.find_source_row("guide").problem, list_passage_texts(desk.ingest)) == (
            "",
            ["Back again."],
        )
        assert desk.ingest.catalogue.source_log.list_untold_problems() == []

    def test_a_page_that_cannot_be_taken_was_not_checked(self, desk: ScheduleHarness) -> None:
        """And is asked for whole the next time, though the server calls it unchanged."""
        desk.site.etags["/a.md"] = '"1"'
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        first = desk.now
        desk.site.pages["/a.md"], desk.site.etags["/a.md"] = b"\xff\xfe\x00broken", '"2"'
        desk.refresh_after(after=DAY)
        assert list_passage_texts(desk.ingest) == ["The first notice."]
        assert (
            desk.find_source_row("guide").read_at == first
            and "a-" in desk.find_source_row("guide").problem
        )
        desk.site.pages["/a.md"] = b"# A\nMended.\n"
        desk.refresh_after(after=DAY)
        assert (list_passage_texts(desk.ingest), desk.find_source_row("guide").problem) == (
            ["Mended."],
            "",
        )

    def test_another_address_brings_another_page_and_the_old_one_ends_with_its_age(
        self, desk: ScheduleHarness
    ) -> None:
        desk.site.pages["/b.md"] = b"# B\nMoved here.\n"
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        desk.refresh_after(desk.make_url_source("guide", "/b.md"), after=DAY)
        assert sorted(list_passage_texts(desk.ingest)) == ["Moved here.", "The first notice."]
        desk.refresh_after(after=40 * DAY)
        assert list_passage_texts(desk.ingest) == ["Moved here."]

    def test_a_file_that_is_lost_is_fetched_whole(self, desk: ScheduleHarness) -> None:
        desk.site.etags["/a.md"] = '"1"'
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        (desk.home / "guide" / make_file_name(desk.site.url("/a.md"))).unlink()
        desk.refresh_after(after=DAY)
        assert (list_passage_texts(desk.ingest), desk.find_source_row("guide").problem) == (
            ["The first notice."],
            "",
        )


class TestFeed:
    @pytest.fixture
    def listed(self, desk: ScheduleHarness) -> SourceConfig:
        desk.site.pages |= {
            "/b.md": b"# B\nThe second notice.\n",
            "/rss": make_feed(desk.site, "/a.md", "/b.md"),
        }
        return desk.make_rss_source("notices", "/rss")

    def test_pages_that_take_too_long_wait_for_the_next_turn(
        self, desk: ScheduleHarness, listed: SourceConfig
    ) -> None:
        desk.refresh_after(listed)
        desk.feed_max_seconds = -1.0
        desk.refresh_after(after=DAY)
        assert "/a.md must wait" in desk.find_source_row("notices").problem
        assert len(list_passage_texts(desk.ingest)) == 2
        desk.feed_max_seconds = FEED_MAX_SECONDS
        desk.refresh_after(after=DAY)
        assert desk.find_source_row("notices").problem == ""

    def test_each_page_it_lists_is_a_document(
        self, desk: ScheduleHarness, listed: SourceConfig
    ) -> None:
        assert desk.refresh_after(listed) == ["notices"]
        assert sorted(list_passage_texts(desk.ingest)) == [
            "The first notice.",
            "The second notice.",
        ]
        name = make_file_name(desk.site.url("/b.md"))
        about = yaml.safe_load((desk.home / "notices" / f"{name}.meta.yaml").read_text())
        assert about == {
            "id": f"notices/{name}", "url": desk.site.url("/b.md"), "title": "Notice /b.md",
            "published": "2026-03-05", "inferred": ["published"],
        }  # fmt: skip

    def test_an_unchanged_feed_and_its_pages_are_asked_for_and_not_sent(
        self, desk: ScheduleHarness, listed: SourceConfig
    ) -> None:
        desk.site.etags |= {"/rss": '"f"', "/a.md": '"a"', "/b.md": '"b"'}
        desk.refresh_after(listed)
        desk.site.requests.clear()
        desk.refresh_after(after=DAY)
        asked = {path: headers.get("If-None-Match") for path, headers, _ in desk.site.requests}
        assert asked == {"/robots.txt": None, "/rss": '"f"', "/a.md": '"a"', "/b.md": '"b"'}
        assert desk.count_editions() == 1 and not desk.list_unchecked(29 * DAY)

    def test_an_entry_that_disappears_stays_until_its_age(
        self, desk: ScheduleHarness, listed: SourceConfig
    ) -> None:
        desk.refresh_after(listed)
        desk.site.pages["/rss"] = make_feed(desk.site, "/b.md")
        desk.refresh_after(after=DAY)
        desk.refresh_after(after=28 * DAY)
        assert sorted(list_passage_texts(desk.ingest)) == [
            "The first notice.",
            "The second notice.",
        ]
        assert not desk.list_unchecked()
        desk.refresh_after(after=2 * DAY)
        assert list_passage_texts(desk.ingest) == ["The second notice."]
        left = {path.name for path in (desk.home / "notices").iterdir()}
        name = make_file_name(desk.site.url("/b.md"))
        assert left == {".feed", name, f"{name}.meta.yaml"}

    def test_what_somebody_put_there_by_hand_stays(
        self, desk: ScheduleHarness, listed: SourceConfig
    ) -> None:
        desk.refresh_after(listed)
        write_document(desk.home / "notices", "by-hand", "What?: By hand.")
        (desk.home / "notices" / "old-01234567.md.part").write_text("half")
        desk.refresh_after(after=DAY)
        assert "By hand." in list_passage_texts(desk.ingest)
        assert not (desk.home / "notices" / "old-01234567.md.part").exists()

    def test_a_page_that_fails_keeps_its_document_and_the_others_go_on(
        self, desk: ScheduleHarness, listed: SourceConfig
    ) -> None:
        desk.refresh_after(listed)
        first = desk.now
        desk.site.pages |= {"/a.md": respond_with_status(404), "/b.md": b"# B\nChanged.\n"}
        desk.refresh_after(after=DAY)
        assert sorted(list_passage_texts(desk.ingest)) == ["Changed.", "The first notice."]
        assert desk.site.url("/a.md") in desk.find_source_row("notices").problem
        (old,) = desk.list_unchecked(30 * DAY - HOUR)
        assert "a-" in old and desk.list_unchecked(30 * DAY - HOUR)[old] == first.date()

    def test_a_feed_that_fails_changes_nothing(
        self, desk: ScheduleHarness, listed: SourceConfig
    ) -> None:
        desk.refresh_after(listed)
        desk.site.pages["/rss"] = b"<html>We have moved</html>"
        desk.refresh_after(after=DAY)
        assert (
            len(list_passage_texts(desk.ingest)) == 2
            and "not an RSS" in desk.find_source_row("notices").problem
        )
        desk.site.pages["/rss"] = make_feed(desk.site, "/a.md", "/b.md")
        desk.refresh_after(after=DAY)
        assert desk.find_source_row("notices").problem == ""

    def test_of_many_problems_the_first_are_told_in_words(self, desk: ScheduleHarness) -> None:
        gone = [f"/gone-{number}.md" for number in range(6)]
        desk.site.pages["/rss"] = make_feed(desk.site, "/a.md", *gone)
        desk.refresh_after(desk.make_rss_source("notices", "/rss"))
        problem = desk.find_source_row("notices").problem
        assert problem.count("not there any more") == 3 and problem.endswith("And 3 more.")
        assert list_passage_texts(desk.ingest) == ["The first notice."]


class TestFolder:
    def test_a_folder_is_ingested_and_what_leaves_it_is_withdrawn(
        self, desk: ScheduleHarness, folder: Path
    ) -> None:
        write_document(folder, "a", "What?: One.")
        gone = write_document(folder, "b", "What?: Two.")
        desk.refresh_after(desk.make_folder_source("shared", folder))
        gone.unlink()
        desk.refresh_after(after=DAY)
        assert list_document_ids(desk.ingest) == ["a"]
        assert desk.list_unchecked(31 * DAY) == {"a": desk.now.date()}

    def test_a_folder_that_is_gone_or_empty_withdraws_nothing(
        self, desk: ScheduleHarness, folder: Path
    ) -> None:
        write_document(folder, "a").rename(folder / "a.md")
        desk.refresh_after(desk.make_folder_source("shared", folder))
        (folder / "a.md").unlink()
        desk.refresh_after(after=DAY)
        assert (
            list_document_ids(desk.ingest) == ["a"]
            and "holds no files" in desk.find_source_row("shared").problem
        )
        folder.rmdir()
        desk.refresh_after(after=DAY)
        assert (
            list_document_ids(desk.ingest) == ["a"]
            and "does not exist" in desk.find_source_row("shared").problem
        )

    def test_files_that_cannot_be_taken_are_named(
        self, desk: ScheduleHarness, folder: Path
    ) -> None:
        write_document(folder, "a")
        (folder / "b.md").write_bytes(b"")
        desk.refresh_after(desk.make_folder_source("shared", folder))
        assert desk.find_source_row("shared").problem.startswith("b.md: it has no text")
        assert desk.find_source_row("shared").read_at == desk.now

    def test_the_language_of_a_source_is_that_of_documents_that_say_none(
        self, desk: ScheduleHarness, folder: Path
    ) -> None:
        (folder / "a.md").write_text("# Quỹ\nHỗ trợ xuất khẩu.\n")
        write_document(folder, "b", language="ko")
        desk.refresh_after(replace(desk.make_folder_source("shared", folder), language="en"))
        found = {v.document.id: v.document.language for v in desk.ingest.catalogue.load_versions(1)}
        assert found == {"a.md": "en", "b": "ko"}

    def test_two_sources_do_not_take_a_document_from_each_other(
        self, desk: ScheduleHarness, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "other").mkdir()
        for where, text in ((folder, "One."), (tmp_path / "other", "Two.")):
            write_document(where, "same", f"What?: {text}")
        desk.refresh_after(
            desk.make_folder_source("first", folder),
            desk.make_folder_source("second", tmp_path / "other"),
        )
        assert list_passage_texts(desk.ingest) == ["One."]
        assert (
            "'same' is also that of same.md (source:first)"
            in desk.find_source_row("second").problem
        )


class TestTogether:
    def test_one_that_fails_does_not_stop_the_others(
        self, desk: ScheduleHarness, folder: Path
    ) -> None:
        write_document(folder, "a")
        down = replace(
            desk.make_url_source("down", ""), place=f"http://127.0.0.1:{find_closed_port()}/x.md"
        )
        read = desk.refresh_after(
            down, desk.make_url_source("guide", "/a.md"), desk.make_folder_source("shared", folder)
        )
        assert read == ["down", "guide", "shared"]
        assert sorted(list_passage_texts(desk.ingest)) == ["It is a grant.", "The first notice."]
        assert [row.name for row in desk.ingest.catalogue.source_log.list_untold_problems()] == [
            "down"
        ]

    def test_what_was_ingested_by_hand_stays(self, desk: ScheduleHarness, folder: Path) -> None:
        write_document(folder, "by-hand")
        run_ingest(desk.ingest, folder)
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        assert (
            "by-hand" in list_document_ids(desk.ingest) and len(list_document_ids(desk.ingest)) == 2
        )
        assert "by-hand" not in desk.list_unchecked(900 * DAY)

    def test_a_model_that_is_missing_is_a_problem_and_the_page_is_taken_later(
        self, desk: ScheduleHarness
    ) -> None:
        class Missing(HashingEmbedder):
            def embed_passages(
                self, texts: Sequence[str], progress: Callable[[int], None] | None = None
            ) -> Vectors:
                raise EmbedderMissing("The model is not there.")

        desk.site.etags["/a.md"] = '"1"'
        whole = desk.ingest
        desk.ingest = replace(whole, embedder=Missing())
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        assert desk.find_source_row("guide").problem == "The model is not there."
        desk.ingest = whole
        desk.refresh_after(after=DAY)
        assert (list_passage_texts(desk.ingest), desk.find_source_row("guide").problem) == (
            ["The first notice."],
            "",
        )

    def test_an_ingest_that_ends_meanwhile_loses_nothing(
        self, desk: ScheduleHarness, engine: Engine, folder: Path
    ) -> None:
        write_document(folder, "by-hand")

        class Meanwhile(Catalogue):
            """Somebody's ingest ends between our plan and our edition, once."""

            done = False

            def add_versions(self, versions: Sequence[Version]) -> list[Version]:
                if not self.done:
                    self.done = True
                    run_ingest(replace(desk.ingest, catalogue=Catalogue(engine)), folder)
                return super().add_versions(versions)

        desk.ingest = replace(desk.ingest, catalogue=Meanwhile(engine))
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        assert sorted(list_passage_texts(desk.ingest)) == ["It is a grant.", "The first notice."]

    def test_a_plan_of_yesterday_is_refused(self, ingest: IngestPipeline, folder: Path) -> None:
        write_document(folder, "a")
        old = ingest.plan([folder])
        write_document(folder, "b")
        run_ingest(ingest, folder)
        with pytest.raises(LibraryChanged, match="again"):
            ingest.apply(old, note="", now=NOW)
        assert list_document_ids(ingest) == ["a", "b"]


class TestLease:
    """Any number of processes may keep the schedule; each source is read by one of them."""

    def test_what_another_process_reads_is_left_to_it(self, desk: ScheduleHarness) -> None:
        readings = desk.ingest.catalogue.source_log
        assert readings.claim_source("guide", "other", desk.now, due=True)
        assert desk.refresh_after(desk.make_url_source("guide", "/a.md")) == []
        assert desk.schedule.refresh(desk.sources, due=False) == []
        assert desk.refresh_after(after=HOUR + timedelta(seconds=1)) == ["guide"]

    def test_what_a_dead_process_was_reading_is_taken_up_at_once(
        self, desk: ScheduleHarness
    ) -> None:
        readings = desk.ingest.catalogue.source_log
        for name, owner in (("guide", "dead"), ("other", "alive")):
            assert readings.claim_source(name, owner, desk.now, due=True)
        assert readings.recover_leases(lambda owner: owner == "dead") == 1
        guide, other = (
            desk.make_url_source("guide", "/a.md"),
            desk.make_url_source("other", "/a.md"),
        )
        assert desk.refresh_after(guide, other) == ["guide"]

    def test_a_problem_met_since_is_still_owed(self, desk: ScheduleHarness) -> None:
        readings = desk.ingest.catalogue.source_log
        desk.site.pages["/a.md"] = respond_with_status(404)
        desk.refresh_after(desk.make_url_source("guide", "/a.md"))
        (first,) = readings.list_untold_problems()
        desk.site.pages["/a.md"] = respond_with_status(500)
        desk.refresh_after(after=HOUR)
        readings.mark_told(first)
        assert [row.problem for row in readings.list_untold_problems()] != [first.problem]
        assert len(readings.list_untold_problems()) == 1


@pytest.mark.parametrize(
    ("url", "begins", "ends"),
    [
        ("https://e.org/files/%EA%B3%B5%EA%B3%A0.hwp", "공고-", ".hwp"),
        ("https://e.org/view.do?id=5", "view-", ".html"),
        ("https://e.org/", "e-org-", ".html"),
        ("https://e.org/..%2F..%2Fetc%2Fpasswd", "passwd-", ".html"),
        ("https://e.org/a.b%00c.PDF", "a-b-c-", ".pdf"),
        ("https://e.org/" + "n" * 300 + ".pdf", "n" * 40 + "-", ".pdf"),
    ],
)
def test_a_page_s_file_has_a_name_that_people_know_and_no_folder(
    url: str, begins: str, ends: str
) -> None:
    name = make_file_name(url)
    assert name.startswith(begins) and name.endswith(ends)
    assert os.sep not in name and len(name) < 70
    assert make_file_name(url) == name != make_file_name(url + "?page=2")
