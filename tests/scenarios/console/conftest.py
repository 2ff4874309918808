"""A running Naru with its console, a Telegram room of Hanoi's staff, and a real browser."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from adapters.bootstrap import App
from adapters.console.acting import ActSender
from adapters.console.security import SESSION_COOKIE, make_form_token
from bot.context import Decision
from bot.types import CaseMessage, StaffMember
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson, TelegramRoom, bind_room
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    find_free_port,
    run_app,
    wait_until,
)

HANOI = -1001000000001
CONSUL, LAWYER = 2001, 2002
QUESTION = "하노이 거래처가 대금을 90일째 주지 않습니다"
PATIENCE = 30.0  # seconds that a test waits for what comes, however slow the machine is
HASTY = {"message_settle_time": timedelta(milliseconds=100)}


@dataclass(frozen=True)
class ConsoleReply:
    """What the console answered to a form: `body` is the page, "" where it leads on to `to`."""

    status: int
    to: str
    body: str


@dataclass(frozen=True)
class ConsoleClient:
    """A signed-in browser without a window: it sends forms as one does."""

    port: int
    cookie: str

    def get(self, path: str) -> ConsoleReply:
        return self._ask("GET", path, None)

    def act(self, case: int, act: str, text: str = "", seen: int = 0, **more: str) -> ConsoleReply:
        form = {"token": make_form_token(self.cookie), "act": act, "text": text, "seen": seen}
        return self._ask("POST", f"/cases/{case}/acts", urlencode(form | more))

    def _ask(self, method: str, path: str, body: str | None) -> ConsoleReply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": f"{SESSION_COOKIE}={self.cookie}", "Sec-Fetch-Site": "same-origin"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return ConsoleReply(answer.status, answer.headers.get("Location", ""), text)


class ServingNaru(Protocol):
    """What serves: a thread, or processes."""

    @property
    def app(self) -> App:
        """Naru over the same database, with the settings of the console that is asked."""


@dataclass
class ConsoleStage:
    """Naru with a case of a founder from Hanoi, and how to get in."""

    house: ServingNaru
    founder: TelegramPerson
    room: TelegramRoom
    _chats: Iterator[int]

    @property
    def port(self) -> int:
        return self.house.app.settings.console_port

    @property
    def url(self) -> str:
        return self.house.app.settings.console_address

    def open_case(self) -> tuple[int, TelegramPerson]:
        """The number of a new case, and its founder."""
        number = len(self.house.app.store.list_cases()) + 1
        founder = TelegramPerson(self.founder.server, next(self._chats))
        founder.sends_command(f"human {QUESTION}")
        founder.hears(f"#{number}")
        self.room.wait_for_case(number)
        return number, founder

    def read_record(self, case: int) -> list[tuple[int, CaseMessage]]:
        return self.house.app.store.console.notices.list_record(case)

    def wait_for_line(self, case: int, text: str) -> None:
        wait_until(lambda: any(text in line.text for _, line in self.read_record(case)))

    def make_link(self, user: int) -> str:
        token = self.house.app.store.console.sessions.make_link(
            f"telegram:{user}", self.house.app.now()
        )
        return f"{self.url}/sign-in/{token}"

    def sign_in(self, page: Page, user: int) -> None:
        page.goto(self.make_link(user))
        page.get_by_role("button").last.click()
        page.wait_for_url(f"{self.url}/")

    def make_client(self, user: int) -> ConsoleClient:
        sessions = self.house.app.store.console.sessions
        cookie = sessions.begin(f"telegram:{user}", "test", "ko", self.house.app.now())
        return ConsoleClient(self.port, cookie)


@contextmanager
def run_stage(
    folder: Path, furniture: AppFixtures, telegram: TelegramServer
) -> Iterator[ConsoleStage]:
    """A stage over a data folder, which may have been one's before."""
    telegram.create_forum(HANOI)
    room, port = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN), find_free_port()
    run = partial(run_app, folder, furniture, telegram=telegram, timings=HASTY)
    with run(console_port=port) as house:
        bind_room(house, "vn-hanoi", room)
        admit_staff(house.app)
        stage = ConsoleStage(house, TelegramPerson(telegram, 1001), room, count(1001))
        stage.open_case()
        yield stage


def admit_staff(app: App) -> None:
    """Make the consul and the lawyer staff of Hanoi."""
    members = tuple(
        StaffMember("vn-hanoi", "telegram", str(user), name, role, "test", app.now())
        for user, name, role in ((CONSUL, "김영사", "diplomat"), (LAWYER, "김변", "lawyer"))
    )
    app.store.commit_without_message("staff", Decision(new_staff=members), app.now())


@pytest.fixture(scope="package", autouse=True)
def _patience() -> Iterator[None]:
    """An act is waited for as long as it takes, where the console would say that it takes longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ActSender.__init__, "__defaults__", (PATIENCE,))
        yield


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, furniture: AppFixtures
) -> Iterator[ConsoleStage]:
    """One for all tests of a module: each opens a case of its own."""
    with (
        TelegramServer() as telegram,
        run_stage(tmp_path_factory.mktemp("console"), furniture, telegram) as stage,
    ):
        yield stage


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with its module: while it runs, no other test of this process can start a loop."""
    expect.set_options(timeout=PATIENCE * 1_000)
    path = shutil.which("chromium")
    assert path, "chromium is missing: apt-get install chromium"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR")
    context.set_default_timeout(PATIENCE * 1_000)
    yield context.new_page()
    context.close()
