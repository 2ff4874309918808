"""`naru doctor` on the console: its address, its port and the server of its mails."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.adapters.serve.test_doctor import examine
from tests.fakes.email.provider import NARU, PASSWORD, MailProvider
from tests.harness.running_app import AppFixtures, RunningApp, find_free_port, wait_until
from tests.harness.running_app import is_port_open as is_open


@pytest.fixture(scope="module")
def provider() -> Iterator[MailProvider]:
    with MailProvider() as running:
        yield running


def check(folder: Path, **settings: Any) -> tuple[bool, str]:
    found = examine(folder, "console", **{"console_port": find_free_port()} | settings)
    return found.ok, found.message


def write_url(provider: MailProvider, password: str = PASSWORD) -> str:
    place = provider.settings["email_smtp_url"].removeprefix("smtp://")
    return f"smtp://{quote(NARU, safe='')}:{quote(password)}@{place}"


def test_a_console_that_is_off_and_one_of_this_machine_are_well(tmp_path: Path) -> None:
    assert check(tmp_path, console_port=0) == (True, "it is off")
    is_ok, message = check(tmp_path)
    assert is_ok and "http://127.0.0.1:" in message and "NARU_SMTP_URL" in message


@pytest.mark.parametrize(
    ("host", "url", "said"),
    [
        ("0.0.0.0", "", "refuses every name (421): set it to"),
        ("::", "", "refuses every name (421): set it to"),
        ("127.0.0.2", "", "cannot keep a sign-in: set it to"),
        ("127.0.0.1", "http://console.example", "from https:// on"),
        ("127.0.0.1", "https://:8090", "from https:// on"),
        ("0.0.0.0", "https://console.example", ""),
        ("127.0.0.1", "http://localhost:8090", ""),
    ],
)
def test_an_address_under_which_no_one_can_sign_in_is_said(
    tmp_path: Path, host: str, url: str, said: str
) -> None:
    is_ok, message = check(tmp_path, console_host=host, console_url=url)
    assert is_ok == (not said) and said in message, message
    assert is_ok or "NARU_CONSOLE_URL" in message


def test_a_port_of_another_program_is_told_from_the_consoles_own(
    tmp_path: Path, furniture: AppFixtures
) -> None:
    class OtherProgram(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), OtherProgram) as other:
        threading.Thread(target=other.serve_forever, args=(0.02,), daemon=True).start()
        is_ok, message = check(tmp_path, console_port=other.server_address[1])
        other.shutdown()
    assert not is_ok and "NARU_CONSOLE_PORT to a free port" in message
    house = RunningApp(tmp_path / "own", furniture, console_port=find_free_port())
    house.start()
    try:
        port = house.app.settings.console_port
        wait_until(lambda: is_open(port))
        assert check(tmp_path, console_port=port)[0]
    finally:
        house.stop()


def test_the_mail_server_is_asked_and_nothing_sent(tmp_path: Path, provider: MailProvider) -> None:
    is_ok, message = check(tmp_path, smtp_url=write_url(provider))
    assert is_ok and "mails to staff go out" in message
    assert not provider.sent
    is_ok, message = check(tmp_path, smtp_url=write_url(provider, "wrong-word"))
    assert not is_ok and "does not take the name and password in NARU_SMTP_URL" in message
    assert "NARU_EMAIL_USER" not in message and "wrong-word" not in message


def test_a_mail_server_that_cannot_be_used_is_said_with_its_setting(
    tmp_path: Path, provider: MailProvider
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"smtp://127.0.0.1:{port}"
    is_ok, message = check(tmp_path, smtp_url=url, smtp_sender=NARU)
    assert not is_ok and f"127.0.0.1:{port} of NARU_SMTP_URL cannot be used" in message
    is_ok, message = check(tmp_path, smtp_url=url)
    assert not is_ok and "NARU_SMTP_SENDER is missing" in message
    # One that speaks no TLS, where TLS is asked for.
    place = provider.settings["email_smtp_url"].removeprefix("smtp://")
    is_ok, message = check(tmp_path, smtp_url=f"smtps://{place}", smtp_sender=NARU)
    assert not is_ok and "NARU_SMTP_URL cannot be used" in message
