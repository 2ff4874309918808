"""Uploads that no kept edition, plan or task needs are deleted."""

from __future__ import annotations

import os
import time

import pytest

from adapters.uploads.plan_record import PLAN_RECORD_NAME
from adapters.uploads.upload_store import UPLOAD_MANIFEST_NAME
from tests.harness.admin_harness import (
    CHANGED_FERRY_ANSWER,
    FERRY_ANSWER,
    AdminHarness,
    render_markdown,
)

pytestmark = pytest.mark.usefixtures("hasty")


class TestPruning:
    """Uploads that no kept edition, plan or task needs are dropped."""

    def names(self, desk: AdminHarness) -> list[str]:
        notes = (UPLOAD_MANIFEST_NAME, PLAN_RECORD_NAME)
        return [path.name for path in desk.upload_files if path.name not in notes]

    def age(self, desk: AdminHarness) -> None:
        """Every upload, by a fortnight."""
        for path in desk.upload_files:
            os.utime(path.parent, (0, time.time() - 14 * 86_400))

    @pytest.mark.parametrize("desk", ["telegram"], indirect=True)
    def test_an_upload_goes_with_the_last_edition_that_has_its_document(
        self, desk: AdminHarness
    ) -> None:
        desk.ingests_file("운임.md", render_markdown())
        desk.ingests_file("운임.md", render_markdown(said=CHANGED_FERRY_ANSWER))
        desk.ingests_file("다른.md", render_markdown("other", "다른 글입니다.", "무엇이 다른가요?"))
        self.age(desk)
        desk.app.upload_retention.prune_editions(keep=2)
        assert sorted(self.names(desk)) == ["다른.md", "운임.md"]
        (freight,) = [path for path in desk.upload_files if path.name == "운임.md"]
        assert CHANGED_FERRY_ANSWER in freight.read_text()
        desk.app.upload_retention.prune_editions(keep=1)
        assert len(self.names(desk)) == 2  # the edition that answers has both

    @pytest.mark.parametrize("desk", ["slack"], indirect=True)
    def test_a_rollback_keeps_the_upload_that_answers_again(self, desk: AdminHarness) -> None:
        desk.ingests_file("운임.md", render_markdown())
        desk.ingests_file("운임.md", render_markdown(said=CHANGED_FERRY_ANSWER))
        desk.app.ingest.rollback(2)
        desk.app.upload_retention.prune_editions(keep=0)
        (freight,) = [path for path in desk.upload_files if path.name == "운임.md"]
        assert FERRY_ANSWER in freight.read_text()
