"""An admin keeps the library from the console, with JavaScript off: files, a plan, an edition, the way
back, and the FAQ draft of a case."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.context import Decision
from bot.types import FaqDraft, StaffMember
from tests.bot.store.sample_records import make_case
from tests.harness.admin_harness import (
    CHANGED_FERRY_ANSWER,
    FERRY_ANSWER,
    FERRY_QUESTION,
    prepare_app,
    render_markdown,
)
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    find_free_port,
    is_port_open,
    wait_until,
)
from tests.scenarios.console.conftest import PATIENCE

LAWYER = 2002
EXAM = f"- {{id: ferry, language: ko, question: '{FERRY_QUESTION}', answerable: true}}\n"


@pytest.fixture
def house(tmp_path: Path, furniture: AppFixtures) -> Iterator[RunningApp]:
    """Naru with the console as its only channel, a library of its own, an exam of one question, and a
    resolved case with a draft."""
    shutil.copytree(furniture.data, tmp_path / "data")
    (tmp_path / "exam.yaml").write_text(EXAM, encoding="utf-8")
    house = RunningApp(
        tmp_path / "data", furniture, console_port=find_free_port(),
        admins=f"telegram:{TELEGRAM_ADMIN}",
    )  # fmt: skip
    prepare_app(house.app, furniture)
    house.app.exam_files = [tmp_path / "exam.yaml"]
    add_case_with_draft(house)
    house.start()
    wait_until(lambda: is_port_open(house.app.settings.console_port))
    yield house
    house.stop()


def add_case_with_draft(house: RunningApp) -> None:
    store, now = house.app.store, house.app.now()
    case = replace(make_case(1), state="resolved", question=FERRY_QUESTION)
    draft = FaqDraft(
        1, "vn-hanoi", "ko", "가마 도면은 언제 내나요?", (), "가마 도면은 열흘 전까지 냅니다.", "customs",
        ("VN",), f"telegram:{LAWYER}", now, date.today() + timedelta(days=90), "submitted",
    )  # fmt: skip
    lawyer = StaffMember("vn-hanoi", "telegram", str(LAWYER), "김변", "lawyer", "test", now)
    decision = Decision(new_case=case, faq=draft, new_staff=(lawyer,))
    store.commit_without_message("case", decision, now)


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR", java_script_enabled=False)
    context.set_default_timeout(PATIENCE * 1_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, house: RunningApp, user: int) -> None:
    app = house.app
    token = app.store.console.sessions.make_link(f"telegram:{user}", app.now())
    page.goto(f"{app.settings.console_address}/sign-in/{token}")
    follow(page.get_by_role("button").last)


def follow(link: Locator) -> None:
    """Press a link or a button, and wait for the page it leads to: a page that is reloaded before stays
    where it was."""
    with link.page.expect_navigation():
        link.click()


def reload_until(page: Page, text: str) -> None:
    """A notice is shown once: the page may have it before it is loaded again."""
    shown = page.get_by_text(text)
    wait_until(lambda: shown.count() or (page.reload() and shown.count()))


def send_file(page: Page, house: RunningApp, content: bytes) -> None:
    page.goto(f"{house.app.settings.console_address}/documents")
    page.get_by_label("파일", exact=True).set_input_files(
        {"name": "나룻배.md", "mimeType": "text/markdown", "buffer": content}
    )
    follow(page.get_by_role("button", name="올리고"))
    reload_until(page, "아직 아무것도 바뀌지 않았습니다. 아래를")


def test_files_become_a_plan_an_edition_and_the_edition_before_again(
    house: RunningApp, plain_page: Page
) -> None:
    page = plain_page
    sign_in(page, house, TELEGRAM_ADMIN)
    follow(page.get_by_role("link", name="문서와 판"))
    send_file(page, house, render_markdown())
    expect(page.locator("article", has_text="신규")).to_contain_text("나룻배 운임 안내")
    expect(page.locator("article .added", has_text=FERRY_ANSWER).last).to_contain_text("추가")
    follow(page.get_by_role("button", name="반영하기"))
    reload_until(page, "이 계획은 2판이 되었습니다")

    send_file(page, house, render_markdown(said=CHANGED_FERRY_ANSWER))
    asked = page.locator("article", has=page.get_by_role("heading", name=FERRY_QUESTION))
    exam = asked.filter(has_not_text="1번 건의 질문")
    expect(exam.locator(".removed")).to_contain_text("절반을 내고")
    expect(exam.locator(".added")).to_contain_text(CHANGED_FERRY_ANSWER)
    expect(exam.locator(".added .hint")).to_contain_text("근거: 나룻배 운임 안내")
    case = page.locator(
        "article", has_text="1번 건의 질문"
    )  # the founder's words of the last cases
    expect(case.get_by_role("heading")).to_have_text(FERRY_QUESTION)
    changed = page.locator(".diff .pair")
    expect(changed.locator("del").first).to_contain_text("절반을 내고")
    assert "이제" in changed.locator("ins").all_inner_texts()[0]
    follow(page.get_by_role("button", name="버리기"))
    reload_until(page, "이 계획은 남아 있지 않습니다")
    assert house.app.catalogue.get_active_edition() == 2

    page.get_by_role("link", name="문서와 판으로").click()
    page.get_by_role("link", name="1판으로 되돌리기").click()
    expect(page.get_by_role("main")).to_contain_text("빠지는 문서")
    follow(page.get_by_role("button", name="1판으로 되돌리기"))
    wait_until(lambda: house.app.catalogue.get_active_edition() == 1)
    reload_until(page, "이제 1판으로 답합니다")
    kept = [path.read_text() for path in house.app.settings.data.rglob(".plan.json")]
    assert kept and not any("founder" in text for text in kept)


def test_a_draft_is_refused_changed_submitted_and_approved(
    house: RunningApp, browser: Browser, plain_page: Page
) -> None:
    page, address = plain_page, house.app.settings.console_address
    sign_in(page, house, LAWYER)
    assert page.get_by_role("link", name="문서와 판").count() == 0
    assert page.goto(f"{address}/documents").status == 403  # type: ignore[union-attr]
    page.goto(f"{address}/faq")
    page.get_by_role("link", name="가마 도면은").click()
    assert page.get_by_role("button", name="승인").count() == 0
    stale = browser.contexts[-1].new_page()
    stale.goto(page.url)
    page.get_by_label("답변").fill("가마 도면은 이레 전까지 냅니다.")
    page.get_by_role("button", name="저장").click()
    expect(page.locator(".notice.done")).to_have_text("저장했습니다.")
    stale.get_by_label("답변").fill("나중에 쓴 답입니다.")
    with stale.expect_response(lambda one: one.request.method == "POST") as caught:
        stale.get_by_role("button", name="저장").click()
    assert caught.value.status == 409
    expect(stale.get_by_label("답변")).to_have_value("나중에 쓴 답입니다.")
    expect(stale.get_by_role("main")).to_contain_text("이레 전까지")
    page.get_by_label("국가").fill("베트남")
    page.get_by_role("button", name="저장").click()
    expect(page.locator(".notice.refused")).to_contain_text("베트남")
    page.get_by_role("button", name="승인 요청").click()
    expect(page.get_by_role("main")).to_contain_text("관리자의 승인을 기다리고 있습니다.")
    sign_in(page, house, TELEGRAM_ADMIN)
    page.goto(f"{address}/faq/1")
    page.get_by_role("button", name="승인", exact=True).click()
    wait_until(lambda: house.app.catalogue.get_active_edition() == 2)
    draft = house.app.store.faq.find(1)
    assert draft and draft.state == "approved" and "이레" in draft.answer
    reload_until(page, "2판")
