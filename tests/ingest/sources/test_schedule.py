"""Folders, several sources at once, and several processes that read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.pipeline import IngestPipeline
from knowledge.catalogue import Catalogue
from knowledge.embedding.embedder import Vectors
from knowledge.errors import EmbedderMissing, LibraryChanged
from knowledge.types import Version
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.fakes.website import find_closed_port, respond_with_status
from tests.harness.ingest_harness import (
    NOW,
    list_document_ids,
    list_passage_texts,
    run_ingest,
    write_document,
)
from tests.ingest.sources.schedule_harness import DAY, HOUR, ScheduleHarness


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
