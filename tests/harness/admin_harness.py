"""An admin who keeps the library from a private chat, the same script in either messenger."""

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
from ingest.web.fetch import Limits, Web
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import OnSlack, OnTelegram, Person
from tests.harness.running_app import (
    ADMIN,
    SLACK_ADMIN,
    Furniture,
    House,
    eventually,
    slack_settings,
    telegram_settings,
)
from tests.samples.stub_library import HEAD, Hashing

QUESTION = "나룻배 운임은 누가 내나요?"
SAID = "나룻배 운임은 건너는 기업이 절반을 내고 나루가 절반을 냅니다."
CHANGED = "나룻배 운임은 이제 나루가 모두 냅니다."
PLANNED = "반영 계획입니다"
ANEW = "그사이 자료가 바뀌어"


@dataclass
class Desk:
    """A house whose library is its own, an admin in it, and a founder."""

    house: House
    admin: Person
    founder: Person
    word: str  # what makes a file an upload

    @property
    def app(self) -> App:
        return self.house.app

    @property
    def edition(self) -> int | None:
        return self.app.catalogue.active_edition()

    @property
    def uploads(self) -> list[Path]:
        """Every file that is kept of uploads."""
        home = self.app.settings.data / "uploads"
        return sorted(path for path in home.rglob("*") if path.is_file())

    def sends(self, name: str, content: bytes, mime: str = "application/octet-stream") -> None:
        self.admin.uploads(name, content, mime, self.word)

    def says(self, word: str) -> None:
        """A command, as this messenger has it."""
        self.admin.says(f"/{word}" if isinstance(self.admin, OnTelegram) else word)

    def key(self, act: str) -> str:
        """The newest button of its kind."""
        found: list[str] = []

        def offered() -> bool:
            found[:] = [key for key in self.admin.offered() if key.startswith(f"library:{act}")]
            return bool(found)

        eventually(offered)
        return found[-1]

    def presses(self, act: str) -> None:
        self.admin.presses(self.key(act))

    def brings(self, name: str, content: bytes) -> None:
        """A file, all the way into an edition."""
        plans, made = self._count(PLANNED), self.edition or 0
        self.sends(name, content)
        self.admin.hears(PLANNED, plans + 1)
        self.presses("apply")
        self.admin.hears(f"이제 {made + 1}판으로 답합니다")

    def acts(self) -> list[str]:
        """What the audit log says of the library, each with who did it."""
        rows = select(tables.audit.c.who, tables.audit.c.act).order_by(tables.audit.c.pk)
        with self.app.engine.connect() as connection:
            return [f"{row.who} {row.act}" for row in connection.execute(rows)]

    def is_calm(self) -> None:
        store = self.app.store
        eventually(lambda: store.inbox.oldest() is None and store.outbox.oldest() is None)

    def _count(self, text: str) -> int:
        return sum(text in one for one in self.admin.heard())


def markdown(id: str = "ferry", said: str = SAID, question: str = QUESTION) -> bytes:
    """A document with one question that nothing else answers."""
    head = HEAD.format(id=id, title=f"나룻배 운임 안내 {id}")
    text = f"## {question}\n{said}\n출처: https://www.mss.go.kr/{id} (2026-10-01)\n"
    return (head + text).encode()


def furnish(app: App, furniture: Furniture) -> None:
    """A library of its own: the furniture's, to begin with; a web that is loopback."""
    app.__dict__.pop("chain", None)
    app.given_embedder = Hashing()
    app.glossary = furniture.chain.library.glossary
    app.web = Web(allowed=lambda _: True, limits=Limits(step=1, whole=2, pause=0))


@contextmanager
def telegram_desk(folder: Path, furniture: Furniture, server: TelegramServer) -> Iterator[Desk]:
    with _house(folder, furniture, telegram_settings(server)) as house:
        server.wait_for(lambda s: s.last_poll)
        yield Desk(house, OnTelegram(server, ADMIN), OnTelegram(server, 1001), "/ingest")


@contextmanager
def slack_desk(folder: Path, furniture: Furniture, server: SlackServer) -> Iterator[Desk]:
    with _house(folder, furniture, slack_settings(server)) as house:
        server.wait_for(lambda s: s.sockets == 1)
        admin = OnSlack(server, server.dm(SLACK_ADMIN), SLACK_ADMIN)
        yield Desk(house, admin, OnSlack(server, server.dm()), "ingest")


def stranger(desk: Desk) -> Desk:
    """The same desk, with somebody else before it."""
    return replace(desk, admin=desk.founder)


@contextmanager
def _house(folder: Path, furniture: Furniture, settings: dict[str, Any]) -> Iterator[House]:
    data = folder / "data"
    if not data.exists():
        shutil.copytree(furniture.data, data)
    admins = f"telegram:{ADMIN},slack:{SLACK_ADMIN}"
    house = House(data, furniture, admins=admins, **settings)
    furnish(house.app, furniture)
    house.start()
    try:
        yield house
    finally:
        house.stop()
