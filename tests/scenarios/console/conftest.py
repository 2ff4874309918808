"""A running Naru with its console, a Telegram room of Hanoi's staff, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.context import Decision
from bot.types import StaffMember
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson, TelegramRoom, bind_room
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    find_free_port,
    run_app,
)

HANOI = -1001000000001
CONSUL, LAWYER = 2001, 2002


@dataclass
class ConsoleStage:
    """Naru with a case of a founder from Hanoi, and how to get in."""

    house: RunningApp
    founder: TelegramPerson
    room: TelegramRoom

    @property
    def url(self) -> str:
        return self.house.app.settings.console_address

    def make_link(self, user: int) -> str:
        token = self.house.app.store.console.sessions.make_link(
            f"telegram:{user}", self.house.app.now()
        )
        return f"{self.url}/sign-in/{token}"

    def sign_in(self, page: Page, user: int) -> None:
        page.goto(self.make_link(user))
        page.get_by_role("button").last.click()
        page.wait_for_url(f"{self.url}/")


@pytest.fixture
def stage(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> Iterator[ConsoleStage]:
    telegram.create_forum(HANOI)
    founder, room = TelegramPerson(telegram, 1001), TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    port = find_free_port()
    with run_app(tmp_path, furniture, telegram=telegram, console_port=port) as house:
        bind_room(house, "vn-hanoi", room)
        members = tuple(
            StaffMember("vn-hanoi", "telegram", str(user), name, role, "test", house.app.now())
            for user, name, role in ((CONSUL, "김영사", "diplomat"), (LAWYER, "김변", "lawyer"))
        )
        store = house.app.store
        store.commit_without_message("staff", Decision(new_staff=members), house.app.now())
        founder.sends_command("human 하노이 거래처가 대금을 90일째 주지 않습니다")
        founder.hears("#1")
        room.wait_for_case()
        yield ConsoleStage(house, founder, room)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "chromium is missing: apt-get install chromium"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR")
    context.set_default_timeout(8_000)
    yield context.new_page()
    context.close()
