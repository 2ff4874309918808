"""A tried question, the log of answers with an exam candidate, and the figures."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.store.console.answers import AnswerFilter
from tests.harness.messenger_drivers import TelegramPerson
from tests.harness.running_app import TELEGRAM_ADMIN
from tests.samples.stub_library import (
    CERTIFICATE_ANSWER,
    CERTIFICATE_QUESTION,
    FREIGHT_ANSWER,
    FREIGHT_QUESTION,
)
from tests.scenarios.console.conftest import CONSUL, ConsoleStage

ASKED = f"하노이에서 {FREIGHT_QUESTION}"


def check(page: Page) -> None:
    """No violation that axe finds, and no sideways scroll on a phone."""
    page.set_viewport_size({"width": 360, "height": 800})
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_answer_is_tried_found_in_the_log_and_called_wrong(
    stage: ConsoleStage, page: Page
) -> None:
    stage.sign_in(page, CONSUL)
    log = stage.house.app.store.console.answers
    before = log.count(AnswerFilter())
    page.goto(f"{stage.url}/try")
    page.get_by_label("질문", exact=True).fill(FREIGHT_QUESTION)
    page.get_by_role("button", name="물어보기").click()
    expect(page.locator("blockquote").first).to_be_visible()
    check(page)
    expect(page.locator("tbody tr").first).to_contain_text("답으로 말할 만큼 확실합니다")
    assert log.count(AnswerFilter()) == before and len(stage.house.app.store.list_cases()) == 1

    telegram = stage.founder.server
    telegram.open_private_chat(1005, "Another")
    asker = TelegramPerson(telegram, 1005)
    asker.says(ASKED)
    asker.hears(FREIGHT_ANSWER)
    page.goto(f"{stage.url}/answers?outcome=answered")
    expect(page.locator(".question")).to_have_text(ASKED)
    page.get_by_text("틀린 답으로 표시").click()
    page.get_by_label("옳은 내용").fill("2027년에는 5천만 원입니다.")
    page.get_by_role("button", name="시험 후보로 보내기").click()
    expect(page.locator(".notice.refused")).to_contain_text("5천만 원")
    check(page)
    (wrong,) = log.list_answers(AnswerFilter(wrong_only=True))
    assert wrong.question == ASKED and FREIGHT_ANSWER in wrong.answer
    assert (wrong.wrong_by, wrong.right) == (f"telegram:{CONSUL}", "2027년에는 5천만 원입니다.")

    page.goto(f"{stage.url}/figures")
    expect(page.locator("svg.chart:visible").first).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="답함"))
    expect(row).to_contain_text("1")
    check(page)

    telegram.open_private_chat(1006, "Who says no place")
    asker = TelegramPerson(telegram, 1006)
    asker.says(CERTIFICATE_QUESTION)
    asker.hears(CERTIFICATE_ANSWER)
    seen = stage.make_client(TELEGRAM_ADMIN).get("/answers?outcome=answered").body
    assert "국내 협의체 창구" in seen and ">domestic<" not in seen
