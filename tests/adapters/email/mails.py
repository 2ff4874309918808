"""Mails to read, as bytes."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from adapters.email.reading.mail import describe_mail
from adapters.email.servers import MailAccount, MailServer

NOWHERE = MailServer("127.0.0.1", 1, "none")
ACCOUNT = MailAccount("naru@provider.test", "naru@provider.test", "x", NOWHERE, NOWHERE, "mx.test")


def make_mail(text: str | None = "안녕하세요", **headers: str) -> EmailMessage:
    """A mail of Mina's; headers with "_" for "-"."""
    mail = EmailMessage()
    known = {
        "From": "Mina Kim <Mina@Startup.test>",
        "Subject": "문의",
        "Message-ID": "<m1@startup.test>",
    }
    for name, value in (
        known | {key.replace("_", "-"): one for key, one in headers.items()}
    ).items():
        mail[name] = value
    if text is not None:
        mail.set_content(text)
    return mail


def describe(mail: EmailMessage) -> dict[str, Any]:
    return describe_mail(mail.as_bytes(), ACCOUNT)
