"""A case on the console, between its founder and colleagues on Telegram."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleStage


def test_a_reply_from_the_console_reaches_the_founder_and_the_thread(
    stage: ConsoleStage, page: Page
) -> None:
    stage.sign_in(page, CONSUL)
    expect(page.locator(".cases .question")).to_contain_text("90일째")
    page.locator(".cases .question a").click()
    page.get_by_role("button", name="맡기").click()
    expect(page.locator("#state")).to_contain_text("김영사")
    page.get_by_label("답변", exact=True).fill("계약서와 선적 서류를 보내 주십시오.")
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.locator("#record")).to_contain_text("계약서와 선적 서류를")
    assert "계약서와 선적 서류를" in stage.founder.hears("선적 서류를")
    thread = stage.room.wait_for_case()
    assert "계약서와 선적 서류를" in thread.hears("콘솔에서 김영사(외교관)")
    stage.founder.says("내일 보내겠습니다.")
    expect(page.locator("#record")).to_contain_text("내일 보내겠습니다.")  # without a reload


def test_of_two_replies_the_later_is_held_back_with_its_draft(
    stage: ConsoleStage, browser: Browser, page: Page
) -> None:
    stage.sign_in(page, CONSUL)
    other = browser.new_context(locale="ko-KR", java_script_enabled=False).new_page()
    stage.sign_in(other, LAWYER)
    for one in (page, other):
        one.goto(f"{stage.url}/cases/1")
    page.get_by_label("답변", exact=True).fill("먼저 보낸 답변입니다.")
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.locator("#record")).to_contain_text("먼저 보낸 답변입니다.")
    other.get_by_label("답변", exact=True).fill("나중에 쓴 답변입니다.")
    with other.expect_response(lambda one: "/acts" in one.url) as caught:
        other.get_by_role("button", name="답변 보내기").click()
    assert caught.value.status == 409
    expect(other.locator(".notice.newer")).to_contain_text("다른 담당자가 먼저 답했습니다")
    expect(other.get_by_label("답변", exact=True)).to_have_value("나중에 쓴 답변입니다.")
    expect(other.locator("#record")).to_contain_text("먼저 보낸 답변입니다.")
    other.get_by_role("button", name="답변 보내기").click()  # having read it
    expect(other.locator("#record")).to_contain_text("나중에 쓴 답변입니다.")
    stage.founder.hears("나중에 쓴 답변입니다.")
    assert sum("나중에 쓴" in text for text in stage.founder.received_texts()) == 1
