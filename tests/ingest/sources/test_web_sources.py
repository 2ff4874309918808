"""Pages and feeds that change, vanish, fail and come back."""

from __future__ import annotations

import pytest
import yaml

from ingest.sources.page_store import make_file_name
from ingest.sources.schedule import FEED_MAX_SECONDS
from ingest.types import SourceConfig
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.fakes.website import respond_with_status
from tests.harness.ingest_harness import (
    list_document_ids,
    list_passage_texts,
    write_document,
)
from tests.ingest.sources.schedule_harness import DAY, HOUR, ScheduleHarness, make_feed


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
