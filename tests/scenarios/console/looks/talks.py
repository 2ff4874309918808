"""Conversations on the founders' page in its three languages, up to the reply of the mission."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.harness.running_app import TELEGRAM_ADMIN, RunningApp, wait_until
from tests.samples.stub_library import FREIGHT_QUESTION
from tests.scenarios.console.conftest import ConsoleClient
from tests.scenarios.console.looks.housekeeper import ENGLISH, LONG_FILE, UNBROKEN, VIETNAMESE
from tests.scenarios.console.looks.views import NOBODY, View

QUESTIONS = {"ko": FREIGHT_QUESTION, "en": ENGLISH, "vi": VIETNAMESE}
CITIES = {"ko": "하노이", "en": "Hanoi", "vi": "Hà Nội"}
REPLY = f"계약서를 보내 주십시오. {LONG_FILE} https://overseas.mofa.go.kr/vn-ko/{'brd/' * 40}"


def hold_talks(page: Page, house: RunningApp) -> Iterator[View]:
    """Talk as a founder would in each language; the pages that one comes by, the last with a reply."""
    for language, question in QUESTIONS.items():
        start = f"{house.url}/ask?lang={language}"
        yield View(f"ask-{language}", start, NOBODY)
        page.goto(start)
        yield View(f"ask-{language}-answer", say(page, question), NOBODY)
        page.locator("form.choices button").last.click()
        yield View(f"ask-{language}-where", page.url, NOBODY)
        opened = say(page, CITIES[language])
        wait_until(lambda: page.reload() and "#" in page.locator("main").inner_text())
        yield View(f"ask-{language}-case", opened, NOBODY)
        case = len(house.app.store.list_cases())
        reply_from_console(house, case)
        wait_until(lambda: page.reload() and page.get_by_text(LONG_FILE).count())
        yield View(f"ask-{language}-reply", opened, NOBODY)
    page.goto(f"{house.url}/ask?lang=ko")
    yield View("ask-unbroken", say(page, UNBROKEN), NOBODY)
    yield View("ask-unknown", f"{house.url}/ask/{'x' * 43}?lang=vi", NOBODY, 404)
    yield View(
        "ask-empty", f"{house.url}/ask?lang=en", NOBODY, 422,
        lambda one: one.locator("button.send").click(),
    )  # fmt: skip


def say(page: Page, words: str) -> str:
    """Send words; the address of the conversation."""
    page.locator("#text").fill(words)
    with page.expect_navigation():
        page.locator("button.send").click()
    return page.url


def reply_from_console(house: RunningApp, case: int) -> None:
    sessions = house.app.store.console.sessions
    cookie = sessions.begin(f"telegram:{TELEGRAM_ADMIN}", "test", "ko", house.app.now())
    client = ConsoleClient(house.app.settings.console_port, cookie)
    seen = max(number for number, _ in house.app.store.console.notices.list_record(case))
    assert client.act(case, "reply", REPLY, seen).status == 303
