"""Tasks of chats know again what they made, and editions keep their notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.bootstrap import App
from bot.admin.library_service import EditionSummary, PlanSummary
from bot.messages import Address, File, LibraryTask
from ingest.sources.page_store import make_file_name
from tests.adapters.uploads.conftest import NOW, publish_edition

TOKEN, MARK = "0a1b2c3d", "0123456789ab"
TASK = LibraryTask(
    "plan", "telegram:9001", Address("telegram", "9001"), "ko", TOKEN,
    (File("telegram", "ref", "a.md", "text/markdown", 5),),
)  # fmt: skip


@pytest.mark.parametrize("note", ["", "공고 [최종]", f"a.md [{TOKEN}.{MARK}]", "[1] [2]"])
def test_a_note_is_shown_whole(app: App, note: str) -> None:
    number = publish_edition(app, note)
    assert app.library_service.list_editions() == [EditionSummary(number, NOW, note, {}, True)]


def test_a_plan_that_was_applied_gives_its_edition_again(app: App) -> None:
    number = publish_edition(app, "a.md", upload=TOKEN, plan_mark=MARK)
    publish_edition(app, f"another [{TOKEN}.ffffffffffff]")
    made = app.library_service.apply(replace(TASK, act="apply", mark=MARK))
    assert isinstance(made, EditionSummary) and made.number == number


def test_a_plan_becomes_an_edition_that_names_it(app: App) -> None:
    plan = app.library_service.plan(TASK)
    made = app.library_service.apply(replace(TASK, act="apply", mark=plan.mark))
    assert isinstance(made, EditionSummary) and made.note == "a.md"
    (row,) = app.catalogue.list_editions()
    assert (row.upload, row.plan_mark, row.note) == (TOKEN, plan.mark, "a.md")


def test_a_plan_of_another_mark_is_made_again(app: App) -> None:
    app.library_service.plan(TASK)
    made = app.library_service.apply(replace(TASK, act="apply", mark=MARK))
    assert isinstance(made, PlanSummary) and app.catalogue.list_editions() == []


def test_an_upload_that_is_gone_is_not_applied(app: App) -> None:
    assert app.library_service.apply(replace(TASK, act="apply", mark=MARK)) is None


def test_an_applied_upload_is_not_discarded(app: App) -> None:
    app.upload_store.store_files(TASK.who, TOKEN, TASK.files)
    number = publish_edition(app, "a.md", upload=TOKEN, plan_mark=MARK)
    made = app.library_service.discard(replace(TASK, act="discard"))
    assert made and made.number == number and app.upload_store.find_upload(TASK.who, TOKEN)


def test_an_upload_named_only_in_a_note_is_discarded(app: App) -> None:
    app.upload_store.store_files(TASK.who, TOKEN, TASK.files)
    publish_edition(app, f"about [{TOKEN}.{MARK}]")
    assert app.library_service.discard(replace(TASK, act="discard")) is None
    assert app.upload_store.find_upload(TASK.who, TOKEN) is None


def test_what_waits_in_a_source_is_planned_and_applied(app: App, tmp_path: Path) -> None:
    listing = (
        "- {name: feed, owner: 김나루, kind: url, url: 'https://a.kr/p.md', issuer: 가 진흥원}"
    )
    (tmp_path / "sources.yaml").write_text(listing, encoding="utf-8")
    name = make_file_name("https://b.kr/p.md")
    folder = app.page_store.ensure_folder("feed")
    (folder / name).write_text("---\nissuer: 나 부처\n---\n# 공고\n글입니다.\n", encoding="utf-8")
    (folder / f"{name}.meta.yaml").write_text("url: https://b.kr/p.md\n", encoding="utf-8")
    task = replace(TASK, files=(), url="source:feed")
    plan = app.library_service.plan(task)
    assert [(one.title, one.issuer) for one in plan.changes] == [("공고", "가 진흥원")]
    made = app.library_service.apply(replace(task, act="apply", mark=plan.mark))
    assert isinstance(made, EditionSummary) and made.active


def test_a_source_that_is_not_listed_has_nothing_to_plan(app: App) -> None:
    plan = app.library_service.plan(replace(TASK, files=(), url="source:nobody"))
    ((_, why),) = plan.refused
    assert why.startswith("sources.yaml에 그런 출처가 없거나") and plan.changes == ()
