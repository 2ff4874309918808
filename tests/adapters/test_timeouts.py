"""Every client ends a call to a server that accepts and never answers."""

from __future__ import annotations

import ast
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
from tests.source_tree import find_sources, list_imports, parse_modules

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


# What makes a connection, by the name it is called by.
CLIENTS = {
    "AsyncClient", "AsyncWebClient", "ClientSession", "ConnectionPool", "HTTPXRequest", "HttpClient",
    "IMAP4", "IMAP4_SSL", "IMAPClient", "OTLPSpanExporter", "SMTP", "SMTP_SSL", "SocketModeClient",
    "connect_tcp", "create_connection", "create_engine", "init_chat_model", "open_connection",
    "urlopen", "ws_connect",
}  # fmt: skip
# Those that take no limit as an argument of that name, and where theirs stands in the same module.
LIMITED_OTHERWISE = {
    ("ingest.web.fetch", "ConnectionPool"): 'extensions={"timeout": step}',
    ("ingest.web.fetch", "connect_tcp"): "self.limit_timeout(timeout), local_address",
    ("knowledge.database.engine", "create_engine"): '"connect_timeout": POSTGRES_CONNECT_SECONDS',
    ("knowledge.answering.model.language_model", "init_chat_model"): '"timeout": timeout_seconds',
}
# Libraries that talk over a network, and the modules that only serve with them or name their types.
NETWORK_LIBRARIES = {
    "aiohttp", "aiosmtplib", "chromadb", "ftplib", "httpcore2", "httpx", "imapclient", "imaplib",
    "langchain", "openai", "opentelemetry", "psycopg", "requests", "slack_bolt", "slack_sdk", "smtplib",
    "telegram", "urllib3", "websockets",
}  # fmt: skip
NO_CLIENTS = (
    "adapters.console.",
    "adapters.messaging.messenger",
    "adapters.serve.http",
    "adapters.web.",
)


def list_client_calls() -> list[tuple[str, str, ast.Call]]:
    found = []
    for module, tree in parse_modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
                if name in CLIENTS:
                    found.append((module, name, node))
    return found


def has_limit(call: ast.Call) -> bool:
    """Whether a limit is given by name, also in what a driver is handed; None is no limit."""
    for keyword in call.keywords:
        value = keyword.value
        if "timeout" in (keyword.arg or "") and not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            return True
        if isinstance(value, ast.Dict):
            keys = [key.value for key in value.keys if isinstance(key, ast.Constant)]
            if "timeout" in keys:
                return True
    return False


def test_no_client_is_made_without_a_limit() -> None:
    calls = list_client_calls()
    assert len(calls) >= 10
    bare = {(module, name) for module, name, call in calls if not has_limit(call)}
    assert bare == set(LIMITED_OTHERWISE)
    for (module, _), limit in LIMITED_OTHERWISE.items():
        assert limit in find_sources()[module].read_text("utf-8"), module


def test_the_walk_sees_a_client_without_a_limit() -> None:
    source = "a = aiohttp.ClientSession(); b = IMAPClient(h, timeout=None); c = SMTP(h, timeout=3)"
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert [has_limit(call) for call in calls] == [False, False, True]


def test_each_part_that_talks_over_a_network_has_a_row() -> None:
    parts = {
        module.rpartition(".")[0]
        for module in parse_modules()
        if not module.startswith(NO_CLIENTS)
        and {one.partition(".")[0] for one in list_imports(module)} & NETWORK_LIBRARIES
    }
    shared = {
        "adapters.slack.reading": "adapters.slack",
        "knowledge.retrieval": "knowledge.database",
    }
    rows = " ".join(name for _, name in read_limits())
    assert {"adapters.telegram", "adapters.email", "ingest.web"} <= parts
    assert [one for one in sorted(parts) if f"{shared.get(one, one)}." not in rows] == []
