"""Two workers over one PostgreSQL: what is done on the console of one shows on an open page of the other."""

from __future__ import annotations

import http.client
import threading
from pathlib import Path

import pytest

from adapters.console.security import SESSION_COOKIE
from tests.fakes.telegram.server import TelegramServer
from tests.harness.databases import create_fresh_database
from tests.harness.running_app import find_free_port
from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleClient
from tests.scenarios.console.workers import open_workers

WORDS = "계약서 사본을 준비해 주십시오"
PATIENCE = 60.0  # seconds, however slow the machine is


@pytest.mark.chaos
@pytest.mark.postgresql
@pytest.mark.timeout(600)
def test_a_reply_on_one_worker_reaches_the_page_that_is_open_on_the_other(tmp_path: Path) -> None:
    with (
        TelegramServer() as telegram,
        create_fresh_database("postgresql", tmp_path) as url,
        open_workers(tmp_path, {"database_url": url}, telegram) as (stage, naru),
    ):
        other = find_free_port()
        for port in (stage.port, other):
            naru.start(port)
        number, founder = stage.open_case()
        writer, reader = stage.make_client(CONSUL), stage.make_client(LAWYER)
        with_page = ConsoleClient(other, reader.cookie)
        page = http.client.HTTPConnection("127.0.0.1", other, timeout=PATIENCE)
        page.request(
            "GET",
            f"/cases/{number}/events",
            headers={"Cookie": f"{SESSION_COOKIE}={reader.cookie}"},
        )
        events, heard = page.getresponse(), threading.Event()
        assert events.status == 200
        assert events.readline().startswith(b"id:")  # it listens before anything is done

        def listen() -> None:
            while line := events.readline():
                if WORDS in line.decode():
                    heard.set()
                    return

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        seen = stage.read_record(number)[-1][0]
        assert writer.act(number, "reply", WORDS, seen).status == 303
        assert heard.wait(PATIENCE)
        listener.join(PATIENCE)
        page.close()
        founder.hears(WORDS)
        assert WORDS in with_page.get(f"/cases/{number}").body
