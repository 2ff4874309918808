"""Plays the console's cases through a serving Naru, and photographs four of its pages."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Page, sync_playwright

from bot.context import Decision
from bot.types import StaffMember
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson, TelegramRoom, bind_room
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    RunningApp,
    find_free_port,
    run_app,
    wait_until,
)
from tests.screens.console_dialogues import (
    CASES,
    EDITIONS,
    EXAM,
    NOTICE,
    NOTICE_NAME,
    QUESTIONS,
    ScreenCase,
)
from tests.screens.photograph import shrink
from tests.screens.play import BEGIN, HANOI, SEOUL, STAFF_NAME

MISSION = "vn-hanoi"
LAWYER = 2002
STAFF = ((TELEGRAM_ADMIN, STAFF_NAME, "diplomat"), (LAWYER, "정유진", "lawyer"))
LOCALES = {"ko": "ko-KR", "en": "en-US"}
PAGES = {"inbox": "/", "case": "/cases/3", "answers": "/answers"}
WIDTH, TALLEST = 1280, 960  # CSS pixels
MAX_PICTURE_BYTES = 120_000
PATIENCE_SECONDS = 180.0


def photograph_console(
    data: Path, folder: Path, target: Path, browser: str
) -> Iterator[tuple[str, int]]:
    """The name and the bytes of each picture written to `target`. `data` is a folder with the library,
    of which a copy is used; `folder` is an empty one."""
    shutil.copytree(data, folder / "data")
    for old in (folder / "data").glob("naru.db-*"):
        old.unlink()
    (folder / "exam.yaml").write_text(EXAM, encoding="utf-8")
    timings = {"message_settle_time": timedelta(milliseconds=200)}
    with TelegramServer() as server:
        server.create_forum(HANOI, "하노이 협의체")
        for user, name, _ in STAFF:
            server.promote_to_admin(HANOI, user, name)
        port = find_free_port()
        with run_app(folder / "data", telegram=server, timings=timings, console_port=port) as house:
            stage = _Stage(house, server, TelegramRoom(server, HANOI, TELEGRAM_ADMIN))
            stage.play_all()
            house.app.exam_files = [folder / "exam.yaml"]
            with sync_playwright() as driver:
                started = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
                plan = ""
                for language, locale in LOCALES.items():
                    page = started.new_context(
                        locale=locale, viewport={"width": WIDTH, "height": 800}
                    ).new_page()
                    page.set_default_timeout(PATIENCE_SECONDS * 1000)
                    stage.sign_in(page)
                    plan = plan or stage.plan_notice(page)
                    for name, path in (PAGES | {"plan": plan}).items():
                        page.goto(f"{house.app.settings.console_address}{path}")
                        page.screenshot(path=folder / "raw.png", full_page=True)
                        picture = target / f"console-{name}-{language}.png"
                        yield (
                            picture.name,
                            shrink(folder / "raw.png", picture, TALLEST, MAX_PICTURE_BYTES),
                        )
                started.close()


@dataclass
class _Stage:
    house: RunningApp
    server: TelegramServer
    room: TelegramRoom
    founders: dict[str, TelegramPerson] = field(default_factory=dict)

    def set_time(self, moment: datetime) -> None:
        self.house.clock.shift = moment - datetime.now(SEOUL)

    def find_founder(self, name: str, language: str) -> TelegramPerson:
        if name not in self.founders:
            user = 1001 + len(self.founders)
            self.server.open_private_chat(user, name, language)
            self.founders[name] = TelegramPerson(self.server, user)
        return self.founders[name]

    def wait_until_quiet(self) -> None:
        store, quiet_since = self.house.app.store, time.monotonic()
        end = quiet_since + PATIENCE_SECONDS
        while time.monotonic() - quiet_since < 1:
            if store.inbox.find_oldest_open() or store.outbox.find_oldest_open():
                quiet_since = time.monotonic()
            assert time.monotonic() < end, "Naru did not come to rest"
            time.sleep(0.1)

    def play(self, number: int, case: ScreenCase) -> None:
        self.set_time(BEGIN - timedelta(hours=case.hours))
        founder = self.find_founder(case.founder, case.language)
        founder.says(case.trouble)
        wait_until(
            lambda: self.has_case(number) or find_keys(founder, "human", "none"), PATIENCE_SECONDS
        )
        if not self.has_case(number):
            founder.presses(find_keys(founder, "human", "none")[-1])
        wait_until(lambda: self.has_case(number), PATIENCE_SECONDS)
        self.wait_until_quiet()
        thread = self.room.wait_for_case(number)
        assert isinstance(thread, TelegramPerson)
        user = LAWYER if case.seat == "lawyer" else thread.user
        staff = TelegramPerson(self.server, thread.chat, user, thread.thread)
        for text in (case.note and f"// {case.note}", case.reply):
            if text:
                staff.says(text)
                self.wait_until_quiet()
        if case.thanks:
            founder.says(case.thanks)
            self.wait_until_quiet()

    def has_case(self, number: int) -> bool:
        """Whether the room has a topic for case `number`."""
        return len(self.server.topics(HANOI)) >= number

    def play_all(self) -> None:
        """All cases and questions, up to the moment of the pictures."""
        self.set_time(BEGIN - timedelta(hours=max(case.hours for case in CASES) + 1))
        app = self.house.app
        bind_room(self.house, MISSION, self.room)
        members = (
            StaffMember(
                MISSION,
                "telegram",
                str(user),
                name,
                role,
                "test",
                app.now(),
                is_lead=role == "diplomat",
            )
            for user, name, role in STAFF
        )
        app.store.commit_without_message("staff", Decision(new_staff=tuple(members)), app.now())
        for number, case in enumerate(CASES, 1):
            self.play(number, case)
        for number, (language, name, question, helped) in enumerate(QUESTIONS, -len(QUESTIONS)):
            self.set_time(BEGIN + timedelta(minutes=5 * number))
            founder = self.find_founder(name, language)
            founder.says(question)
            wait_until(founder.button_keys, PATIENCE_SECONDS)
            if helped and (keys := find_keys(founder, "ok", "offer")):
                founder.presses(keys[0])
            self.wait_until_quiet()
        self.set_time(BEGIN)

    def sign_in(self, page: Page) -> None:
        """As the consul of the cases."""
        app = self.house.app
        token = app.store.console.sessions.make_link(f"telegram:{TELEGRAM_ADMIN}", app.now())
        page.goto(f"{app.settings.console_address}/sign-in/{token}")
        page.get_by_role("button").last.click()
        page.wait_for_url(f"{app.settings.console_address}/")

    def plan_notice(self, page: Page) -> str:
        """Apply the first edition of the notice and send the second; the path of its plan."""
        self.upload(page, 0)
        page.locator("button.primary").first.click()
        self.reload_until(page, "p.notice.done")
        return self.upload(page, 1)

    def upload(self, page: Page, number: int) -> str:
        """Send an edition of the notice; the path of its plan, once it is made."""
        page.goto(f"{self.house.app.settings.console_address}/documents")
        content = NOTICE.format(**EDITIONS[number]).encode()
        file = FilePayload(name=NOTICE_NAME, mimeType="text/markdown", buffer=content)
        page.locator("#files").set_input_files(file)
        page.locator("button.primary").first.click()
        self.reload_until(page, "#answers-head")
        return urlsplit(page.url).path

    def reload_until(self, page: Page, selector: str) -> None:
        """Load the page again until there is such an element."""
        wait_until(lambda: page.reload() and page.locator(selector).count(), PATIENCE_SECONDS)


def find_keys(person: TelegramPerson, *kinds: str) -> list[str]:
    """The keys of a person's buttons that are of one of these kinds, the newest last."""
    return [key for key in person.button_keys() if key.partition(":")[0] in kinds]
