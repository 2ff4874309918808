"""Every client ends a call to a server that accepts and never answers."""

from __future__ import annotations

import asyncio
import importlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.bootstrap import refuse_file
from adapters.email import channel as email
from adapters.email import mailbox
from adapters.email.servers import MailAccount, MailServer
from adapters.slack import channel as slack
from adapters.telegram import channel as telegram
from bot.errors import DeliveryUncertain
from bot.messages import File
from ingest.errors import NotFetched
from ingest.web.fetch import FetchLimits, WebClient
from knowledge.answering.model.writer import ModelWriter
from knowledge.database import chroma_client, engine
from knowledge.errors import StoreUnavailable, WriterFailed
from knowledge.retrieval.vector_store import VectorStore
from knowledge.text.glossary import Glossary
from knowledge.types import Question
from tests.knowledge.answering.model_answers import make_planted_passage
from tests.samples.records import NOW

SHORT_SECONDS = 0.3
PATIENCE_SECONDS = 60.0  # far above every limit here: what takes longer would never have ended
TABLE = Path(__file__).parents[2] / "docs" / "timeouts.md"


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that accepts and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield server.getsockname()[1]


async def fetch_elsewhere(file: File) -> bytes:
    return refuse_file(file)


def ask_chroma(port: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(chroma_client, "CHROMA_TIMEOUT_SECONDS", SHORT_SECONDS)
    VectorStore(Path("unused"), f"http://127.0.0.1:{port}").list_names()


def connect_to_postgres(port: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "POSTGRES_CONNECT_SECONDS", 2)  # the least that libpq takes
    engine.open_engine(f"postgresql+psycopg://naru:x@127.0.0.1:{port}/naru")


def call_telegram(port: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(telegram, "TELEGRAM_TIMEOUT_SECONDS", SHORT_SECONDS)
    channel = telegram.TelegramChannel("1:a", f"http://127.0.0.1:{port}", fetch_elsewhere)
    asyncio.run(channel.fetch_file(File("telegram", "x", "a.pdf", "application/pdf", 1)))


def call_slack(port: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(slack, "SLACK_TIMEOUT_SECONDS", SHORT_SECONDS)
    asyncio.run(slack.SlackChannel("x", f"http://127.0.0.1:{port}/", fetch_elsewhere).start())


def fetch_slack_file(port: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(slack, "FILE_FETCH_TIMEOUT", aiohttp.ClientTimeout(total=SHORT_SECONDS))
    host = f"http://127.0.0.1:{port}/"
    file = File("slack", f"{host}a.pdf", "a.pdf", "application/pdf", 1)
    asyncio.run(slack.SlackChannel("x", host, fetch_elsewhere).fetch_file(file))


def fetch_page(port: int, _: pytest.MonkeyPatch) -> None:
    limits = FetchLimits(step_seconds=SHORT_SECONDS, total_seconds=2 * SHORT_SECONDS)
    WebClient(allowed=lambda _: True, limits=limits).fetch(f"http://127.0.0.1:{port}/notice")


def log_in_at_imap(port: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mailbox, "IMAP_TIMEOUT_SECONDS", SHORT_SECONDS)
    asyncio.run(open_email(port).check_imap())


def log_in_at_smtp(port: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(email, "SMTP_TIMEOUT_SECONDS", SHORT_SECONDS)
    asyncio.run(open_email(port).check_smtp())


def open_email(port: int) -> email.EmailChannel:
    server = MailServer("127.0.0.1", port, "none")
    account = MailAccount("naru@x.test", "naru", "x", server, server)
    return email.EmailChannel(account, fetch_elsewhere, lambda: NOW)


def ask_model(port: int, _: pytest.MonkeyPatch) -> None:
    address = f"http://127.0.0.1:{port}/v1"
    writer = ModelWriter("openai:x", base_url=address, api_key="x", timeout_seconds=SHORT_SECONDS)
    question = Question("얼마?", "ko", NOW)
    writer.write_sentences(
        question, [make_planted_passage("ko", "3천만 원")], Glossary(()).analyser
    )


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (ask_chroma, StoreUnavailable),
        (connect_to_postgres, StoreUnavailable),
        (call_telegram, DeliveryUncertain),
        (call_slack, DeliveryUncertain),
        (fetch_slack_file, DeliveryUncertain),
        (log_in_at_imap, DeliveryUncertain),
        (log_in_at_smtp, DeliveryUncertain),
        (fetch_page, NotFetched),
        (ask_model, WriterFailed),
    ],
)
def test_a_server_that_never_answers_is_given_up(
    silent: int, monkeypatch: pytest.MonkeyPatch, call: Callable[..., None], error: type[Exception]
) -> None:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call(silent, monkeypatch)
        except BaseException as problem:
            raised.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), "it waits for ever"
    assert [type(problem) for problem in raised] == [error], raised


def read_limits() -> list[tuple[str, str]]:
    """The rows of the table: what it says, and the name of the setting."""
    rows = re.findall(r"^\| .*? \| (.*?) \| `([\w.]+)` \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) >= 14
    return rows


@pytest.mark.parametrize(("said", "name"), read_limits())
def test_the_table_says_what_the_code_has(said: str, name: str) -> None:
    module, _, constant = name.rpartition(".")
    value: Any = getattr(importlib.import_module(module), constant)
    if isinstance(value, type):
        value = value().total_seconds
    seconds = getattr(value, "total", value)
    assert 0 < seconds <= 150
    assert re.search(rf"\b{seconds:g} s", said), (said, seconds)
