"""An admin who manages the library from a private chat; the same script on either messenger."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from adapters.bootstrap import App
from bot.store import tables
from ingest.web.fetch import FetchLimits, WebClient
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import Person, SlackPerson, TelegramPerson
from tests.harness.running_app import (
    SLACK_ADMIN,
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    build_slack_settings,
    build_telegram_settings,
    wait_until,
)
from tests.samples.stub_library import FRONT_MATTER, BigramEmbedder

FERRY_QUESTION = "나룻배 운임은 누가 내나요?"
FERRY_ANSWER = "나룻배 운임은 건너는 기업이 절반을 내고 나루가 절반을 냅니다."
CHANGED_FERRY_ANSWER = "나룻배 운임은 이제 나루가 모두 냅니다."
PLAN_HEADING = "반영 계획입니다"
LIBRARY_CHANGED_NOTICE = "그사이 자료가 바뀌어"


@dataclass
class AdminHarness:
    """A running Naru with a library of its own, an admin and a founder."""

    running_app: RunningApp
    admin: Person
    founder: Person
    upload_command: str  # the caption that makes a file an upload

    @property
    def app(self) -> App:
        return self.running_app.app

    @property
    def active_edition(self) -> int | None:
        return self.app.catalogue.get_active_edition()

    @property
    def upload_files(self) -> list[Path]:
        """Every file below the uploads folder."""
        home = self.app.settings.data / "uploads"
        return sorted(path for path in home.rglob("*") if path.is_file())

    def sends_file(self, name: str, content: bytes, mime: str = "application/octet-stream") -> None:
        self.admin.uploads(name, content, mime, self.upload_command)

    def sends_command(self, word: str) -> None:
        """Send a command in this messenger's form."""
        self.admin.says(f"/{word}" if isinstance(self.admin, TelegramPerson) else word)

    def find_button(self, act: str) -> str:
        """The key of the newest button of a kind, once there is one."""
        found: list[str] = []

        def offered() -> bool:
            found[:] = [key for key in self.admin.button_keys() if key.startswith(f"library:{act}")]
            return bool(found)

        wait_until(offered)
        return found[-1]

    def presses(self, act: str) -> None:
        self.admin.presses(self.find_button(act))

    def ingests_file(self, name: str, content: bytes) -> None:
        """Upload a file and apply its plan; returns once the new edition answers."""
        plans, made = self._count_containing(PLAN_HEADING), self.active_edition or 0
        self.sends_file(name, content)
        self.admin.hears(PLAN_HEADING, plans + 1)
        self.presses("apply")
        self.admin.hears(f"이제 {made + 1}판으로 답합니다")

    def list_audit_acts(self) -> list[str]:
        """The rows of the audit log as "who act", oldest first."""
        rows = select(tables.audit.c.who, tables.audit.c.act).order_by(tables.audit.c.pk)
        with self.app.engine.connect() as connection:
            return [f"{row.who} {row.act}" for row in connection.execute(rows)]

    def wait_until_idle(self) -> None:
        store = self.app.store
        wait_until(
            lambda: (
                store.inbox.find_oldest_open() is None and store.outbox.find_oldest_open() is None
            )
        )

    def _count_containing(self, text: str) -> int:
        return sum(text in one for one in self.admin.received_texts())


def render_markdown(
    id: str = "ferry", said: str = FERRY_ANSWER, question: str = FERRY_QUESTION
) -> bytes:
    """A Markdown document with one question that no other document answers."""
    head = FRONT_MATTER.format(id=id, title=f"나룻배 운임 안내 {id}")
    text = f"## {question}\n{said}\n출처: https://www.mss.go.kr/{id} (2026-10-01)\n"
    return (head + text).encode()


def prepare_app(app: App, furniture: AppFixtures) -> None:
    """Give an app a chain and a library of its own, and a web client that may fetch from loopback."""
    app.__dict__.pop("chain", None)
    app.embedder_override = BigramEmbedder()
    app.glossary = furniture.chain.library.glossary
    app.web = WebClient(
        allowed=lambda _: True,
        limits=FetchLimits(step_seconds=20, total_seconds=60, pause_seconds=0),
    )


@contextmanager
def run_telegram_admin(
    folder: Path, furniture: AppFixtures, server: TelegramServer
) -> Iterator[AdminHarness]:
    with _run_app(folder, furniture, build_telegram_settings(server)) as house:
        server.wait_for(lambda s: s.last_poll)
        yield AdminHarness(
            house, TelegramPerson(server, TELEGRAM_ADMIN), TelegramPerson(server, 1001), "/ingest"
        )


@contextmanager
def run_slack_admin(
    folder: Path, furniture: AppFixtures, server: SlackServer
) -> Iterator[AdminHarness]:
    with _run_app(folder, furniture, build_slack_settings(server)) as house:
        server.wait_for(lambda s: s.sockets == 1)
        admin = SlackPerson(server, server.open_dm(SLACK_ADMIN), SLACK_ADMIN)
        yield AdminHarness(house, admin, SlackPerson(server, server.open_dm()), "ingest")


def replace_admin_by_founder(desk: AdminHarness) -> AdminHarness:
    """The same harness with the founder in the admin's place."""
    return replace(desk, admin=desk.founder)


@contextmanager
def _run_app(
    folder: Path, furniture: AppFixtures, settings: dict[str, Any]
) -> Iterator[RunningApp]:
    data = folder / "data"
    if not data.exists():
        shutil.copytree(furniture.data, data)
    admins = f"telegram:{TELEGRAM_ADMIN},slack:{SLACK_ADMIN}"
    house = RunningApp(data, furniture, admins=admins, **settings)
    prepare_app(house.app, furniture)
    house.start()
    try:
        yield house
    finally:
        house.stop()
