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

from ingest.pipeline import Ingest
from ingest.sources.page_store import Keeper, file_name
from ingest.sources.schedule import Schedule
from ingest.types import Listed
from ingest.web.fetch import Limits, Web
from knowledge.catalogue import Catalogue, SourceRow
from knowledge.errors import EmbedderMissing, LibraryChanged
from knowledge.retrieval.embedder import Vectors
from knowledge.types import Version
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.fakes.website import Site, closed_port, open_site, status
from tests.harness.ingest_harness import NOW, bring, document, ids, texts

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class Desk:
    """A schedule with its clock, its site, and short ways to look at what came of it."""

    ingest: Ingest
    site: Site
    home: Path
    now: datetime = NOW
    owner: str = "me"
    listed: list[Listed] = field(default_factory=list)

    @property
    def schedule(self) -> Schedule:
        web = Web(allowed=lambda _: True, limits=Limits(step=1, whole=2, pause=0))
        return Schedule(self.ingest, Keeper(self.home, web), self.owner, lambda: self.now)

    def url(self, name: str, path: str) -> Listed:
        return Listed(name, "desk", "url", self.site.url(path), DAY, 30 * DAY)

    def rss(self, name: str, path: str) -> Listed:
        return replace(self.url(name, path), kind="rss")

    def folder(self, name: str, folder: Path) -> Listed:
        return replace(self.url(name, ""), kind="folder", place=str(folder))

    def read(self, *sources: Listed, after: timedelta = timedelta()) -> list[str]:
        """Time goes by, and the sources (the same as before) are read if they are due."""
        self.now += after
        self.listed = list(sources) or self.listed
        return self.schedule.refresh(self.listed)

    def row(self, name: str) -> SourceRow:
        return self.ingest.catalogue.readings.sources()[name]

    def unchecked(self, after: timedelta = timedelta()) -> dict[str, object]:
        number = self.ingest.catalogue.active_edition() or 0
        return dict(self.ingest.catalogue.readings.unchecked(number, self.now + after))

    def editions(self) -> int:
        return len(self.ingest.catalogue.editions())


@pytest.fixture
def desk(ingest: Ingest, tmp_path: Path) -> Iterator[Desk]:
    with open_site() as site:
        site.pages["/a.md"] = b"# A\nThe first notice.\n"
        yield Desk(ingest, site, tmp_path / "sources")


def feed(site: Site, *paths: str) -> bytes:
    items = "".join(
        f"<item><title>Notice {path}</title><link>{site.url(path)}</link>"
        "<pubDate>Thu, 05 Mar 2026 00:30:00 +0900</pubDate></item>"
        for path in paths
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


class TestUrl:
    def test_a_page_is_kept_as_it_came_with_its_address_and_answers(self, desk: Desk) -> None:
        assert desk.read(desk.url("guide", "/a.md")) == ["guide"]
        name = file_name(desk.site.url("/a.md"))
        kept = desk.home / "guide" / name
        assert kept.read_bytes() == b"# A\nThe first notice.\n"
        about = yaml.safe_load((desk.home / "guide" / f"{name}.meta.yaml").read_text())
        assert about == {"id": f"guide/{name}", "url": desk.site.url("/a.md")}
        assert texts(desk.ingest) == ["The first notice."]
        (version,) = desk.ingest.catalogue.versions(1)
        assert version.origin == "source:guide"
        assert (desk.row("guide").read_at, desk.row("guide").problem) == (desk.now, "")

    def test_it_is_read_when_it_is_due_and_not_before(self, desk: Desk) -> None:
        desk.read(desk.url("guide", "/a.md"))
        assert desk.read(after=DAY - HOUR) == []
        assert desk.schedule.refresh(desk.listed, due=False) == ["guide"]
        assert desk.read(after=DAY - HOUR) == [] and desk.read(after=HOUR) == ["guide"]

    def test_an_unchanged_page_moves_the_day_and_embeds_nothing(
        self, desk: Desk, embedder: HashingEmbedder
    ) -> None:
        desk.site.etags["/a.md"] = '"1"'
        desk.read(desk.url("guide", "/a.md"))
        embedder.taken()
        assert desk.unchecked(31 * DAY) and not desk.unchecked(29 * DAY)
        assert desk.read(after=20 * DAY) == ["guide"]
        assert desk.site.asked[-1][1]["If-None-Match"] == '"1"'
        assert (embedder.taken(), desk.editions()) == ([], 1)
        assert not desk.unchecked(29 * DAY)
        assert desk.row("guide").read_at == desk.now

    def test_a_changed_page_answers_as_it_is_now(self, desk: Desk) -> None:
        desk.site.etags["/a.md"] = '"1"'
        desk.read(desk.url("guide", "/a.md"))
        desk.site.pages["/a.md"], desk.site.etags["/a.md"] = b"# A\nThe second one.\n", '"2"'
        desk.read(after=DAY)
        assert texts(desk.ingest) == ["The second one."]

    @pytest.mark.parametrize("number", [404, 410, 500, 403])
    def test_a_page_that_is_gone_answers_on_and_the_admins_are_told_once(
        self, desk: Desk, number: int
    ) -> None:
        desk.read(desk.url("guide", "/a.md"))
        first = desk.now
        desk.site.pages["/a.md"] = status(number)
        desk.read(after=DAY)
        assert texts(desk.ingest) == ["The first notice."]
        (told,) = desk.ingest.catalogue.readings.untold()
        assert str(number) in told.problem and desk.site.url("/a.md") in told.problem
        assert (told.read_at, told.failed_at) == (first, desk.now)
        desk.ingest.catalogue.readings.told(told)
        desk.read(after=HOUR)
        assert desk.ingest.catalogue.readings.untold() == []
        assert desk.unchecked(30 * DAY) == {ids(desk.ingest)[0]: first.date()}

    def test_a_failed_read_is_tried_again_soon_and_later_if_it_was_asked_to(
        self, desk: Desk
    ) -> None:
        desk.site.pages["/a.md"] = status(500)
        desk.read(desk.url("guide", "/a.md"))
        assert desk.row("guide").next_at == desk.now + HOUR
        desk.site.pages["/a.md"] = status(429, Retry_After="7200")
        desk.read(after=HOUR)
        assert desk.row("guide").next_at == desk.now + 2 * HOUR
        desk.site.pages["/a.md"] = b"# A\nBack again.\n"
        assert desk.read(after=HOUR) == [] and desk.read(after=HOUR) == ["guide"]
        assert (desk.row("guide").problem, texts(desk.ingest)) == ("", ["Back again."])
        assert desk.ingest.catalogue.readings.untold() == []

    def test_a_page_that_cannot_be_taken_was_not_checked(self, desk: Desk) -> None:
        """And is asked for whole the next time, though the server calls it unchanged."""
        desk.site.etags["/a.md"] = '"1"'
        desk.read(desk.url("guide", "/a.md"))
        first = desk.now
        desk.site.pages["/a.md"], desk.site.etags["/a.md"] = b"\xff\xfe\x00broken", '"2"'
        desk.read(after=DAY)
        assert texts(desk.ingest) == ["The first notice."]
        assert desk.row("guide").read_at == first and "a-" in desk.row("guide").problem
        desk.site.pages["/a.md"] = b"# A\nMended.\n"
        desk.read(after=DAY)
        assert (texts(desk.ingest), desk.row("guide").problem) == (["Mended."], "")

    def test_another_address_brings_another_page_and_the_old_one_ends_with_its_age(
        self, desk: Desk
    ) -> None:
        desk.site.pages["/b.md"] = b"# B\nMoved here.\n"
        desk.read(desk.url("guide", "/a.md"))
        desk.read(desk.url("guide", "/b.md"), after=DAY)
        assert sorted(texts(desk.ingest)) == ["Moved here.", "The first notice."]
        desk.read(after=40 * DAY)
        assert texts(desk.ingest) == ["Moved here."]

    def test_a_file_that_is_lost_is_fetched_whole(self, desk: Desk) -> None:
        desk.site.etags["/a.md"] = '"1"'
        desk.read(desk.url("guide", "/a.md"))
        (desk.home / "guide" / file_name(desk.site.url("/a.md"))).unlink()
        desk.read(after=DAY)
        assert (texts(desk.ingest), desk.row("guide").problem) == (["The first notice."], "")


class TestFeed:
    @pytest.fixture
    def listed(self, desk: Desk) -> Listed:
        desk.site.pages |= {
            "/b.md": b"# B\nThe second notice.\n",
            "/rss": feed(desk.site, "/a.md", "/b.md"),
        }
        return desk.rss("notices", "/rss")

    def test_pages_that_take_too_long_wait_for_the_next_turn(
        self, desk: Desk, listed: Listed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.read(listed)
        monkeypatch.setattr("ingest.sources.schedule.LONGEST", -1.0)
        desk.read(after=DAY)
        assert "/a.md must wait" in desk.row("notices").problem
        assert len(texts(desk.ingest)) == 2
        monkeypatch.undo()
        desk.read(after=DAY)
        assert desk.row("notices").problem == ""

    def test_each_page_it_lists_is_a_document(self, desk: Desk, listed: Listed) -> None:
        assert desk.read(listed) == ["notices"]
        assert sorted(texts(desk.ingest)) == ["The first notice.", "The second notice."]
        name = file_name(desk.site.url("/b.md"))
        about = yaml.safe_load((desk.home / "notices" / f"{name}.meta.yaml").read_text())
        assert about == {
            "id": f"notices/{name}", "url": desk.site.url("/b.md"), "title": "Notice /b.md",
            "published": "2026-03-05", "inferred": ["published"],
        }  # fmt: skip

    def test_an_unchanged_feed_and_its_pages_are_asked_for_and_not_sent(
        self, desk: Desk, listed: Listed
    ) -> None:
        desk.site.etags |= {"/rss": '"f"', "/a.md": '"a"', "/b.md": '"b"'}
        desk.read(listed)
        desk.site.asked.clear()
        desk.read(after=DAY)
        asked = {path: headers.get("If-None-Match") for path, headers, _ in desk.site.asked}
        assert asked == {"/robots.txt": None, "/rss": '"f"', "/a.md": '"a"', "/b.md": '"b"'}
        assert desk.editions() == 1 and not desk.unchecked(29 * DAY)

    def test_an_entry_that_disappears_stays_until_its_age(self, desk: Desk, listed: Listed) -> None:
        desk.read(listed)
        desk.site.pages["/rss"] = feed(desk.site, "/b.md")
        desk.read(after=DAY)
        desk.read(after=28 * DAY)
        assert sorted(texts(desk.ingest)) == ["The first notice.", "The second notice."]
        assert not desk.unchecked()
        desk.read(after=2 * DAY)
        assert texts(desk.ingest) == ["The second notice."]
        left = {path.name for path in (desk.home / "notices").iterdir()}
        name = file_name(desk.site.url("/b.md"))
        assert left == {".feed", name, f"{name}.meta.yaml"}

    def test_what_somebody_put_there_by_hand_stays(self, desk: Desk, listed: Listed) -> None:
        desk.read(listed)
        document(desk.home / "notices", "by-hand", "What?: By hand.")
        (desk.home / "notices" / "old-01234567.md.part").write_text("half")
        desk.read(after=DAY)
        assert "By hand." in texts(desk.ingest)
        assert not (desk.home / "notices" / "old-01234567.md.part").exists()

    def test_a_page_that_fails_keeps_its_document_and_the_others_go_on(
        self, desk: Desk, listed: Listed
    ) -> None:
        desk.read(listed)
        first = desk.now
        desk.site.pages |= {"/a.md": status(404), "/b.md": b"# B\nChanged.\n"}
        desk.read(after=DAY)
        assert sorted(texts(desk.ingest)) == ["Changed.", "The first notice."]
        assert desk.site.url("/a.md") in desk.row("notices").problem
        (old,) = desk.unchecked(30 * DAY - HOUR)
        assert "a-" in old and desk.unchecked(30 * DAY - HOUR)[old] == first.date()

    def test_a_feed_that_fails_changes_nothing(self, desk: Desk, listed: Listed) -> None:
        desk.read(listed)
        desk.site.pages["/rss"] = b"<html>We have moved</html>"
        desk.read(after=DAY)
        assert len(texts(desk.ingest)) == 2 and "not an RSS" in desk.row("notices").problem
        desk.site.pages["/rss"] = feed(desk.site, "/a.md", "/b.md")
        desk.read(after=DAY)
        assert desk.row("notices").problem == ""

    def test_of_many_problems_the_first_are_told_in_words(self, desk: Desk) -> None:
        gone = [f"/gone-{number}.md" for number in range(6)]
        desk.site.pages["/rss"] = feed(desk.site, "/a.md", *gone)
        desk.read(desk.rss("notices", "/rss"))
        problem = desk.row("notices").problem
        assert problem.count("not there any more") == 3 and problem.endswith("And 3 more.")
        assert texts(desk.ingest) == ["The first notice."]


class TestFolder:
    def test_a_folder_is_ingested_and_what_leaves_it_is_withdrawn(
        self, desk: Desk, folder: Path
    ) -> None:
        document(folder, "a", "What?: One.")
        gone = document(folder, "b", "What?: Two.")
        desk.read(desk.folder("shared", folder))
        gone.unlink()
        desk.read(after=DAY)
        assert ids(desk.ingest) == ["a"]
        assert desk.unchecked(31 * DAY) == {"a": desk.now.date()}

    def test_a_folder_that_is_gone_or_empty_withdraws_nothing(
        self, desk: Desk, folder: Path
    ) -> None:
        document(folder, "a").rename(folder / "a.md")
        desk.read(desk.folder("shared", folder))
        (folder / "a.md").unlink()
        desk.read(after=DAY)
        assert ids(desk.ingest) == ["a"] and "holds no files" in desk.row("shared").problem
        folder.rmdir()
        desk.read(after=DAY)
        assert ids(desk.ingest) == ["a"] and "does not exist" in desk.row("shared").problem

    def test_files_that_cannot_be_taken_are_named(self, desk: Desk, folder: Path) -> None:
        document(folder, "a")
        (folder / "b.md").write_bytes(b"")
        desk.read(desk.folder("shared", folder))
        assert desk.row("shared").problem.startswith("b.md: it has no text")
        assert desk.row("shared").read_at == desk.now

    def test_the_language_of_a_source_is_that_of_documents_that_say_none(
        self, desk: Desk, folder: Path
    ) -> None:
        (folder / "a.md").write_text("# Quỹ\nHỗ trợ xuất khẩu.\n")
        document(folder, "b", language="ko")
        desk.read(replace(desk.folder("shared", folder), language="en"))
        found = {v.document.id: v.document.language for v in desk.ingest.catalogue.versions(1)}
        assert found == {"a.md": "en", "b": "ko"}

    def test_two_sources_do_not_take_a_document_from_each_other(
        self, desk: Desk, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "other").mkdir()
        for where, text in ((folder, "One."), (tmp_path / "other", "Two.")):
            document(where, "same", f"What?: {text}")
        desk.read(desk.folder("first", folder), desk.folder("second", tmp_path / "other"))
        assert texts(desk.ingest) == ["One."]
        assert "'same' is also that of same.md (source:first)" in desk.row("second").problem


class TestTogether:
    def test_one_that_fails_does_not_stop_the_others(self, desk: Desk, folder: Path) -> None:
        document(folder, "a")
        down = replace(desk.url("down", ""), place=f"http://127.0.0.1:{closed_port()}/x.md")
        read = desk.read(down, desk.url("guide", "/a.md"), desk.folder("shared", folder))
        assert read == ["down", "guide", "shared"]
        assert sorted(texts(desk.ingest)) == ["It is a grant.", "The first notice."]
        assert [row.name for row in desk.ingest.catalogue.readings.untold()] == ["down"]

    def test_what_was_ingested_by_hand_stays(self, desk: Desk, folder: Path) -> None:
        document(folder, "by-hand")
        bring(desk.ingest, folder)
        desk.read(desk.url("guide", "/a.md"))
        assert "by-hand" in ids(desk.ingest) and len(ids(desk.ingest)) == 2
        assert "by-hand" not in desk.unchecked(900 * DAY)

    def test_a_model_that_is_missing_is_a_problem_and_the_page_is_taken_later(
        self, desk: Desk
    ) -> None:
        class Missing(HashingEmbedder):
            def passages(
                self, texts: Sequence[str], progress: Callable[[int], None] | None = None
            ) -> Vectors:
                raise EmbedderMissing("The model is not there.")

        desk.site.etags["/a.md"] = '"1"'
        whole = desk.ingest
        desk.ingest = replace(whole, embedder=Missing())
        desk.read(desk.url("guide", "/a.md"))
        assert desk.row("guide").problem == "The model is not there."
        desk.ingest = whole
        desk.read(after=DAY)
        assert (texts(desk.ingest), desk.row("guide").problem) == (["The first notice."], "")

    def test_an_ingest_that_ends_meanwhile_loses_nothing(
        self, desk: Desk, engine: Engine, folder: Path
    ) -> None:
        document(folder, "by-hand")

        class Meanwhile(Catalogue):
            """Somebody's ingest ends between our plan and our edition, once."""

            done = False

            def add_versions(self, versions: Sequence[Version]) -> list[Version]:
                if not self.done:
                    self.done = True
                    bring(replace(desk.ingest, catalogue=Catalogue(engine)), folder)
                return super().add_versions(versions)

        desk.ingest = replace(desk.ingest, catalogue=Meanwhile(engine))
        desk.read(desk.url("guide", "/a.md"))
        assert sorted(texts(desk.ingest)) == ["It is a grant.", "The first notice."]

    def test_a_plan_of_yesterday_is_refused(self, ingest: Ingest, folder: Path) -> None:
        document(folder, "a")
        old = ingest.plan([folder])
        document(folder, "b")
        bring(ingest, folder)
        with pytest.raises(LibraryChanged, match="again"):
            ingest.apply(old, note="", now=NOW)
        assert ids(ingest) == ["a", "b"]


class TestLease:
    """Any number of processes may keep the schedule; each source is read by one of them."""

    def test_what_another_process_reads_is_left_to_it(self, desk: Desk) -> None:
        readings = desk.ingest.catalogue.readings
        assert readings.claim("guide", "other", desk.now, due=True)
        assert desk.read(desk.url("guide", "/a.md")) == []
        assert desk.schedule.refresh(desk.listed, due=False) == []
        assert desk.read(after=HOUR + timedelta(seconds=1)) == ["guide"]

    def test_what_a_dead_process_was_reading_is_taken_up_at_once(self, desk: Desk) -> None:
        readings = desk.ingest.catalogue.readings
        for name, owner in (("guide", "dead"), ("other", "alive")):
            assert readings.claim(name, owner, desk.now, due=True)
        assert readings.recover(lambda owner: owner == "dead") == 1
        guide, other = desk.url("guide", "/a.md"), desk.url("other", "/a.md")
        assert desk.read(guide, other) == ["guide"]

    def test_a_problem_met_since_is_still_owed(self, desk: Desk) -> None:
        readings = desk.ingest.catalogue.readings
        desk.site.pages["/a.md"] = status(404)
        desk.read(desk.url("guide", "/a.md"))
        (first,) = readings.untold()
        desk.site.pages["/a.md"] = status(500)
        desk.read(after=HOUR)
        readings.told(first)
        assert [row.problem for row in readings.untold()] != [first.problem]
        assert len(readings.untold()) == 1


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
    name = file_name(url)
    assert name.startswith(begins) and name.endswith(ends)
    assert os.sep not in name and len(name) < 70
    assert file_name(url) == name != file_name(url + "?page=2")
