"""Whose acts a lead finds in the records, and in which language they stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.console.pages.desk.records import _collect_audit
from adapters.console.people import ConsoleUser
from adapters.console.rendering import CONSOLE_LANGUAGES, build_environment, render_text
from bot.context import Decision
from bot.store import Store
from bot.types import ConsoleSession, StaffMember
from knowledge.catalogue import open_engine
from knowledge.types import Language
from tests.harness.databases import create_fresh_database
from tests.samples.records import NOW
from tests.samples.staff_records import make_member

LEAD = make_member("U0LEAD", is_lead=True, name="총괄")


def collect(store: Store, *members: StaffMember) -> dict[str, Any]:
    """What the lead of Hanoi is shown after each of the members did something."""
    decision = Decision(new_staff=(LEAD, *members))
    store.commit_without_message("staff", decision, NOW)
    for one in members:
        act = Decision(audit=(one.account, f"hours {one.mission}"))
        store.commit_without_message(f"act-{one.mission}-{one.user}", act, NOW)
    app: Any = SimpleNamespace(store=store, settings=SimpleNamespace(admin_ids=()))
    session = ConsoleSession("1", LEAD.account, "test", "ko", NOW, NOW, NOW)
    return _collect_audit(app, ConsoleUser(session, "총괄", (LEAD,), False, ""), {})


def test_a_lead_finds_what_members_did_who_were_removed_since(tmp_path: Path) -> None:
    gone = replace(make_member("U0GONE", name="전 영사"), removed_at=NOW)
    moved = replace(make_member("U0MOVED"), removed_at=NOW)
    moved_to = make_member("U0MOVED", "jp-tokyo")
    other = replace(make_member("U0OTHER", "jp-tokyo"), removed_at=NOW)
    with create_fresh_database("sqlite", tmp_path) as url:
        engine = open_engine(url)
        shown = collect(Store(engine), make_member("U0HERE"), gone, moved, moved_to, other)
        engine.dispose()
    assert {one.who for one in shown["entries"]} == {"slack:U0HERE", "slack:U0GONE"}
    assert shown["names"]["slack:U0GONE"] == "전 영사"


@pytest.mark.parametrize("language", CONSOLE_LANGUAGES)
def test_what_is_in_english_is_said_to_be(language: Language) -> None:
    source = build_environment().loader
    assert source
    page = source.get_source(build_environment(), "records.html")[0]
    assert page.count('t("records.as_written")') == page.count('lang="en"')
    assert render_text("records.as_written", language)
