"""The provider of Naru's mailbox: what people mail to Naru lies in the inbox with the provider's
Authentication-Results; what Naru hands to the SMTP server is kept by recipient.

SMTP is aiosmtpd; scripted answers stand for a full mailbox, a greylisting or an answer that is lost.
"""

from __future__ import annotations

import email
import email.policy
import socket
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.fakes.email.imap_server import ImapServer

AUTHSERV_ID = "mx.provider.test"
NARU = "naru@provider.test"
PASSWORD = "app-password-of-the-tests"


class MailProvider:
    """`with MailProvider() as provider:` – methods may be called from any thread."""

    def __init__(self, **imap: bool) -> None:
        self.imap = ImapServer(NARU, PASSWORD, **imap)
        self.sent: list[tuple[str, EmailMessage]] = []
        self.changed = threading.Condition()
        self.answers: dict[str, str] = {}  # to RCPT, by address
        self.data_answers: list[str] = []  # to the next mails: "lose" takes it and hangs up
        self.saves_sent = False  # whether the server itself puts what is sent into "Sent"
        self.password = PASSWORD
        self._controller = Controller(
            self, hostname="127.0.0.1", port=_find_free_port(), authenticator=self._authenticate,
            auth_require_tls=False,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self.imap.start()
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()
        self.imap.stop()

    @property
    def settings(self) -> dict[str, Any]:
        """What a Naru with this mailbox is set to."""
        return {
            "email_address": NARU,
            "email_password": PASSWORD,
            "email_imap_url": f"imap://127.0.0.1:{self.imap.port}",
            "email_smtp_url": f"smtp://127.0.0.1:{self._controller.port}",
            "email_poll_seconds": 2.0,
            "email_authserv_id": AUTHSERV_ID,
        }

    def deliver(self, mail: EmailMessage, *, verified: bool = True) -> None:
        """Put a mail into Naru's inbox, with what the provider found out about its sender."""
        domain = str(mail["From"]).rpartition("@")[2].rstrip(">")
        result = "pass" if verified else "fail"
        line = f"{AUTHSERV_ID}; spf={result} smtp.mailfrom={domain}; dmarc={result} "
        raw = mail.as_bytes(policy=email.policy.SMTP)
        head = f"Authentication-Results: {line}header.from={domain}\r\n"
        self.imap.deliver(head.encode() + raw)

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What Naru sent to an address, in order."""
        with self.changed:
            return [mail for recipient, mail in self.sent if recipient == address]

    def wait_for(self, test: Callable[[], object], within: float = 10.0) -> None:
        """Wait until `test()` is true. Raises AssertionError after `within` seconds."""
        end = time.monotonic() + within
        while not test():
            assert time.monotonic() < end, f"not within {within} s: {self.describe()}"
            with self.changed:
                self.changed.wait(0.05)

    def describe(self) -> str:
        """Everything that was sent, for a failed test."""
        return "\n".join(f"→ {to}: {mail['Subject']}\n{read_plain(mail)}" for to, mail in self.sent)

    def _authenticate(
        self, _s: object, _n: object, _e: object, _m: object, data: Any
    ) -> AuthResult:
        login = isinstance(data, LoginPassword) and (data.login, data.password)
        is_right = login == (NARU.encode(), self.password.encode())
        return AuthResult(success=is_right, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Only who has logged in may send."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.data_answers.pop(0) if self.data_answers else "250 OK"
        if answer.startswith("250") or answer == "lose":
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            with self.changed:
                self.sent += [(address, mail) for address in envelope.rcpt_tos]
                self.changed.notify_all()
            if self.saves_sent:
                self.imap.folders["Sent"].add(envelope.content)
        if answer == "lose":
            assert server.transport is not None
            server.transport.close()
        return answer


def _find_free_port() -> int:
    """aiosmtpd's controller tries its port itself, so it must know it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def read_plain(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def read_html(mail: EmailMessage) -> str:
    """Its HTML form."""
    part = mail.get_body(("html",))
    return str(part.get_content()) if part else ""
