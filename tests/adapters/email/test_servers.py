"""The addresses of mail servers, and how each is encrypted."""

from __future__ import annotations

from typing import Literal

import pytest

from adapters.email.servers import MailAccount, MailServer, parse_server
from adapters.errors import SettingsError


@pytest.mark.parametrize(
    ("url", "protocol", "server"),
    [
        ("imaps://mail.x.test", "imap", MailServer("mail.x.test", 993, "tls")),
        ("imap://mail.x.test:1143", "imap", MailServer("mail.x.test", 1143, "starttls")),
        ("smtp://mail.x.test", "smtp", MailServer("mail.x.test", 587, "starttls")),
        ("smtps://mail.x.test", "smtp", MailServer("mail.x.test", 465, "tls")),
        ("imap://127.0.0.1:1", "imap", MailServer("127.0.0.1", 1, "none")),
        ("smtp://localhost:25", "smtp", MailServer("localhost", 25, "none")),
    ],
)
def test_only_this_machine_is_reached_unencrypted(
    url: str, protocol: Literal["imap", "smtp"], server: MailServer
) -> None:
    assert parse_server("NARU_X", url, protocol) == server


@pytest.mark.parametrize(
    "url", ["", "https://x.test", "smtp://x.test", "imaps://", "imaps://x:99999"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="NARU_X is wrong: write imaps://"):
        parse_server("NARU_X", url, "imap")


def test_an_account_shows_no_password() -> None:
    server = MailServer("x", 1, "tls")
    assert "secret" not in repr(MailAccount("a@x.test", "a", "secret", server, server))
