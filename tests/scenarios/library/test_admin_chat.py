"""Documents from chat: an admin's files become a plan, an edition, an answer; on both messengers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.types import Root
from tests.fakes.website import run_website
from tests.harness.admin_harness import (
    CHANGED_FERRY_ANSWER,
    FERRY_ANSWER,
    FERRY_QUESTION,
    LIBRARY_CHANGED_NOTICE,
    PLAN_HEADING,
    AdminHarness,
    render_markdown,
    replace_admin_by_founder,
)
from tests.harness.running_app import wait_until
from tests.samples import office_files
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

pytestmark = pytest.mark.usefixtures("hasty")


def test_a_file_becomes_a_plan_an_edition_and_an_answer(desk: AdminHarness) -> None:
    desk.sends_file("운임.md", render_markdown())
    plan = desk.admin.hears(PLAN_HEADING)
    assert "읽고 있습니다: 운임.md" in desk.admin.received_texts()[0]
    assert "[신규] 나룻배 운임 안내 ferry" in plan
    assert "발행 중소벤처기업부" in plan and "게시 2026-10-01" in plan
    assert desk.active_edition == 1
    desk.presses("apply")
    assert "신규 1, 변경 0, 철회 0" in desk.admin.hears("이제 2판으로 답합니다")
    desk.founder.says(FERRY_QUESTION)
    desk.founder.hears(FERRY_ANSWER)
    desk.founder.says(FREIGHT_QUESTION)
    desk.founder.hears(FREIGHT_ANSWER)
    asked = [
        act
        for act in desk.list_audit_acts()
        if act.startswith(("telegram:9001 ", "slack:U0ADMIN "))
    ]
    assert [act.split()[1] for act in asked] == ["ingest", "plan", "apply", "apply"]
    assert asked[-1].endswith("edition 2")


@pytest.mark.parametrize("desk", ["telegram"], indirect=True)
@pytest.mark.parametrize("format", ["hwp", "pdf"])
def test_what_is_published_is_read_and_what_was_inferred_is_said(
    desk: AdminHarness, tmp_path: Path, format: str
) -> None:
    content = (
        office_files.make_hangul(".hwp", tmp_path) if format == "hwp" else office_files.make_pdf()
    )
    desk.sends_file(f"공고.{format}", content)
    assert office_files.TITLE in desk.admin.hears(PLAN_HEADING)
    desk.presses("apply")
    desk.admin.hears("이제 2판으로 답합니다")
    kept = desk.app.catalogue.load_versions(2)
    assert [one.origin for one in kept if one.file == f"공고.{format}"] == [
        f"uploads/{desk.upload_files[0].parents[1].name}/공고.{format}"
    ]


@pytest.mark.parametrize("desk", ["slack"], indirect=True)
def test_the_same_name_updates_its_document_and_others_stay(desk: AdminHarness) -> None:
    desk.ingests_file("a.md", render_markdown())
    other = render_markdown("boat", "뱃삯은 없습니다.", "뱃삯이 있나요?")
    desk.ingests_file("b.md", other)
    desk.sends_file("a.md", render_markdown(said=CHANGED_FERRY_ANSWER))
    plan = desk.admin.hears("[변경] 나룻배 운임 안내 ferry")
    assert "[철회]" not in plan and "[신규]" not in plan
    desk.presses("apply")
    desk.admin.hears("이제 4판으로 답합니다")
    desk.founder.says(FERRY_QUESTION)
    desk.founder.hears(CHANGED_FERRY_ANSWER)
    ids = {one.document.id for one in desk.app.catalogue.load_versions(4)}
    assert ids == {"freight", "certificate", "body", "ferry", "boat"}


@pytest.mark.parametrize("desk", ["telegram"], indirect=True)
def test_an_archive_is_taken_and_what_is_broken_in_it_is_said(desk: AdminHarness) -> None:
    packed = office_files.make_zip(("good.md", render_markdown()), ("bad.pdf", b"%PDF-1.7 nothing"))
    desk.sends_file("둘.zip", packed)
    plan = desk.admin.hears(PLAN_HEADING)
    assert "[신규] 나룻배 운임 안내 ferry" in plan
    assert "받지 못한 파일\n· 둘.zip/bad.pdf: " in plan
    desk.presses("apply")
    desk.admin.hears("이제 2판으로 답합니다")


@pytest.mark.parametrize("desk", ["slack"], indirect=True)
def test_a_locked_hangul_file_is_refused_in_the_admin_s_language(
    desk: AdminHarness, tmp_path: Path
) -> None:
    locked = bytearray(office_files.make_hangul(".hwp", tmp_path))
    locked[locked.index(b"HWP Document File") + 36] |= 1 << 1
    desk.sends_file("공고.hwp", bytes(locked))
    told = desk.admin.hears("반영할 문서가 없습니다")
    assert "· 공고.hwp: 암호가 걸려 있습니다. 암호를 풀고 저장한 파일을 올려 주십시오." in told
    desk.sends_command("lang vi")
    desk.admin.hears("tiếng Việt")
    desk.sends_file("thông báo.hwp", bytes(locked))
    assert "· thông báo.hwp: tệp có mật khẩu." in desk.admin.hears("Không có tài liệu nào")


@pytest.mark.parametrize("desk", ["telegram"], indirect=True)
def test_discard_removes_the_upload_and_it_cannot_be_applied(desk: AdminHarness) -> None:
    desk.sends_file("운임.md", render_markdown())
    desk.admin.hears(PLAN_HEADING)
    assert desk.upload_files
    desk.presses("discard")
    desk.admin.hears("보내신 자료를 버렸습니다")
    assert desk.upload_files == []
    desk.presses("apply")
    desk.admin.hears("버려져 반영할 수 없습니다")
    assert desk.active_edition == 1 and len(desk.app.catalogue.list_editions()) == 1


@pytest.mark.parametrize("desk", ["slack"], indirect=True)
def test_a_second_press_makes_nothing_more_and_discard_comes_too_late(desk: AdminHarness) -> None:
    desk.sends_file("운임.md", render_markdown())
    desk.admin.hears(PLAN_HEADING)
    desk.presses("apply")
    desk.presses("apply")
    desk.admin.hears("이제 2판으로 답합니다", 2)
    desk.presses("discard")
    desk.admin.hears("이미 2판으로 반영되었습니다")
    assert len(desk.app.catalogue.list_editions()) == 2 and desk.upload_files
    desk.sends_file("운임.md", render_markdown())
    desk.admin.hears("이미 반영되어 있습니다")


@pytest.mark.parametrize("desk", ["telegram"], indirect=True)
def test_a_plan_holds_only_for_the_edition_it_was_made_against(
    desk: AdminHarness, tmp_path: Path
) -> None:
    desk.sends_file("운임.md", render_markdown())
    desk.admin.hears(PLAN_HEADING)
    between = tmp_path / "between.md"
    between.write_bytes(
        render_markdown("between", "그사이에 들어온 글입니다.", "그사이에 무엇이 왔나요?")
    )
    plan = desk.app.ingest.plan([Root(between, "elsewhere")])
    desk.app.ingest.apply(plan, note="between", now=datetime.now(UTC))
    desk.presses("apply")
    desk.admin.hears(LIBRARY_CHANGED_NOTICE)
    assert desk.active_edition == 2
    wait_until(lambda: len([k for k in desk.admin.button_keys() if "apply" in k]) == 2)
    desk.presses("apply")
    desk.admin.hears("이제 3판으로 답합니다")
    ids = {one.document.id for one in desk.app.catalogue.load_versions(3)}
    assert {"ferry", "between", "freight"} <= ids


@pytest.mark.parametrize("desk", ["slack"], indirect=True)
def test_rollback_asks_first_and_knows_its_editions(desk: AdminHarness) -> None:
    desk.ingests_file("운임.md", render_markdown())
    desk.sends_command("editions")
    listed = desk.admin.hears("최근의 판입니다").splitlines()
    assert listed[1].startswith("2판 · 20") and "운임.md · 문서 4건" in listed[1]
    assert listed[1].endswith("← 지금 답하는 판") and listed[2].startswith("1판 · ")
    desk.sends_command("rollback 1")
    desk.admin.hears("지금의 2판 대신 1판으로 답하게 됩니다")
    assert desk.active_edition == 2
    desk.presses("keep")
    desk.admin.hears("그대로 두었습니다")
    desk.presses("rollback")
    desk.admin.hears("이제 1판으로 답합니다")
    assert desk.active_edition == 1
    desk.sends_command("rollback 77")
    assert "있는 판: 2, 1" in desk.admin.hears("77판은 없습니다")
    desk.sends_command("rollback 1")
    desk.admin.hears("지금 1판으로 답하고 있습니다")


def test_nobody_but_an_admin_and_nothing_is_fetched(desk: AdminHarness) -> None:
    other = replace_admin_by_founder(desk)
    other.sends_file("운임.md", render_markdown())
    other.admin.hears("NARU_ADMINS")
    for number, word in enumerate(("editions", "rollback 1"), 2):
        other.sends_command(word)
        other.admin.hears("NARU_ADMINS", number)
    desk.wait_until_idle()
    assert desk.upload_files == [] and len(desk.app.catalogue.list_editions()) == 1
    assert [act.split(" ", 1)[1] for act in desk.list_audit_acts()] == [
        f"{word}: refused, no admin" for word in ("ingest", "editions", "rollback")
    ]


@pytest.mark.parametrize("desk", ["telegram"], indirect=True)
def test_a_page_of_the_web_is_taken(desk: AdminHarness) -> None:
    with run_website() as site:
        site.pages["/ferry.md"] = render_markdown()
        desk.sends_command(f"ingest {site.url('/ferry.md')}")
        desk.admin.hears("[신규] 나룻배 운임 안내 ferry")
        desk.presses("apply")
        desk.admin.hears("이제 2판으로 답합니다")
        desk.sends_command(f"ingest {site.url('/none.md')}")
        assert "/none.md: " in desk.admin.hears("반영할 문서가 없습니다")


@pytest.mark.parametrize("desk", ["slack"], indirect=True)
def test_founders_are_answered_while_the_library_is_worked_on(
    desk: AdminHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, plan = threading.Event(), type(desk.app.library_service).plan

    def slow(self: Any, task: Any) -> Any:
        gate.wait(20)
        return plan(self, task)

    monkeypatch.setattr(type(desk.app.library_service), "plan", slow)
    for number in range(5):  # more than there are workers
        desk.sends_file(f"{number}.md", render_markdown(f"f{number}"))
    desk.admin.hears("읽고 있습니다: 4.md")
    desk.founder.says(FREIGHT_QUESTION)
    desk.founder.hears(FREIGHT_ANSWER)
    desk.admin.says(FREIGHT_QUESTION)
    desk.admin.hears(FREIGHT_ANSWER)
    gate.set()
    desk.admin.hears(PLAN_HEADING, 5)
