"""Plays the console's cases through a serving Naru, and photographs four of its pages."""

from __future__ import annotations

import shutil
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, FloatRect, Page, sync_playwright

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
    DRAFT,
    EDITIONS,
    EXAM,
    NOTE_AFTER,
    NOTICE,
    NOTICE_NAME,
    QUESTIONS,
    REPLY_AFTER,
    THANKS_AFTER,
    ScreenCase,
)
from tests.screens.photograph import shrink
from tests.screens.play import BEGIN, HANOI, SEOUL, STAFF_NAME

MISSION = "vn-hanoi"
LAWYER = 2002
STAFF = ((TELEGRAM_ADMIN, STAFF_NAME, "diplomat"), (LAWYER, "정유진", "lawyer"))
LOCALES = {"ko": "ko-KR", "en": "en-US"}
NOW = BEGIN.replace(hour=16)  # 14:20 in Hanoi, so that the hours before are office hours
WIDTH, MARGIN = 1280, 8  # CSS pixels
PALETTES, MAX_PICTURE_BYTES = (256, 128, 64), 120_000
PATIENCE_SECONDS = 180.0
# Found and measured in one step: the script of a page exchanges its list when something happens.
FIND_END = "last => document.querySelector(last).getBoundingClientRect().bottom + scrollY"


@dataclass(frozen=True, slots=True)
class Shot:
    """A page as it is photographed: down to the end of the element `last`, with what is folded up at
    `opened` open and `draft` written into the reply."""

    path: str
    last: str
    opened: str = ""
    draft: str = ""


SHOTS = {
    "inbox": Shot("/", "ol.cases"),
    "case": Shot("/cases/3", "main", draft=DRAFT),
    "answers": Shot(
        f"/answers?since={NOW:%Y-%m}-01&until={NOW:%Y-%m-%d}",
        "ol.cases > li:nth-child(4)",
        "ol.cases > li:nth-child(2) summary",
    ),
}
PLAN_LAST = "section[aria-labelledby=documents-head]"


def photograph_console(
    data: Path, folder: Path, target: Path, browser: str
) -> Generator[tuple[str, int]]:
    """The name and the bytes of each picture written to `target`. `data` is a folder with the library,
    of which a copy is used; `folder` is an empty one."""
    shutil.copytree(data, folder / "data")
    for old in (folder / "data").glob("naru.db-*"):
        old.unlink()
    (folder / "exam.yaml").write_text(EXAM, encoding="utf-8")
    timings = {"message_settle_time": timedelta(milliseconds=200)}
    with TelegramServer() as server:
        server.patience = PATIENCE_SECONDS
        server.create_forum(HANOI, "하노이 협의체")
        for user, name, _ in STAFF:
            server.promote_to_admin(HANOI, user, name)
        port = find_free_port()
        with run_app(
            folder / "data", telegram=server, patience=PATIENCE_SECONDS, timings=timings,
            console_port=port,
        ) as house:  # fmt: skip
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
                    for name, shot in (SHOTS | {"plan": Shot(plan, PLAN_LAST)}).items():
                        stage.photograph(page, shot, folder / "raw.png")
                        picture = target / f"console-{name}-{language}.png"
                        size = shrink(folder / "raw.png", picture, PALETTES, MAX_PICTURE_BYTES)
                        yield picture.name, size
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
        updates = self.server.world.updates
        while time.monotonic() - quiet_since < 1:
            owed = store.inbox.find_oldest_open() or store.outbox.find_oldest_open()
            if updates.waiting or owed:
                quiet_since = time.monotonic()
            assert time.monotonic() < end, "Naru did not come to rest"
            time.sleep(0.1)

    def play(self, number: int, case: ScreenCase) -> None:
        came = NOW - timedelta(hours=case.hours)
        self.set_time(came)
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
        for after, who, text in (
            (NOTE_AFTER, staff, case.note and f"// {case.note}"),
            (REPLY_AFTER, staff, case.reply),
            (THANKS_AFTER, founder, case.thanks),
        ):
            if text:
                self.set_time(came + after)
                who.says(text)
                self.wait_until_quiet()

    def has_case(self, number: int) -> bool:
        """Whether the room has a topic for case `number`."""
        return len(self.server.topics(HANOI)) >= number

    def play_all(self) -> None:
        """All cases and questions, up to the moment of the pictures."""
        self.set_time(NOW - timedelta(hours=max(case.hours for case in CASES) + 1))
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
            self.set_time(NOW + timedelta(minutes=5 * number))
            founder = self.find_founder(name, language)
            founder.says(question)
            wait_until(founder.button_keys, PATIENCE_SECONDS)
            if helped and (keys := find_keys(founder, "ok", "offer")):
                founder.presses(keys[0])
            self.wait_until_quiet()
        self.set_time(NOW)

    def sign_in(self, page: Page) -> None:
        """As the consul of the cases."""
        app = self.house.app
        token = app.store.console.sessions.make_link(f"telegram:{TELEGRAM_ADMIN}", app.now())
        page.goto(f"{app.settings.console_address}/sign-in/{token}")
        page.get_by_role("button").last.click()
        page.wait_for_url(f"{app.settings.console_address}/")

    def photograph(self, page: Page, shot: Shot, target: Path) -> None:
        """Write the page as a PNG."""
        page.goto(f"{self.house.app.settings.console_address}{shot.path}")
        if shot.opened:
            page.locator(shot.opened).first.click()
        if shot.draft:
            page.locator("#text").fill(shot.draft)
        end = page.evaluate(FIND_END, shot.last)
        area = FloatRect(x=0, y=0, width=WIDTH, height=end + MARGIN)
        page.screenshot(path=target, full_page=True, clip=area)

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
