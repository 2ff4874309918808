"""Mails to staff without a messenger: the number of a case, if there is one, and a link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from aiosmtplib import SMTP

from adapters.email.errors import translate_smtp_errors
from adapters.email.message_ids import digest_key
from adapters.email.servers import MailServer, parse_server
from adapters.errors import SettingsError
from bot.admin.console.mail_notices import withhold
from bot.delivery.channel import PlatformMessage
from bot.errors import DeliveryRefused

if TYPE_CHECKING:
    from adapters.settings import Settings

SMTP_TIMEOUT_SECONDS = 20.0  # for each answer of the server
MAX_CONNECTIONS = 2


@dataclass(frozen=True, slots=True)
class StaffMail:
    """The way mails go out: `sender` is an address, `console` where the links lead."""

    server: MailServer
    user: str
    password: str = field(repr=False)
    sender: str
    console: str
    now: Callable[[], datetime]
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_CONNECTIONS))

    async def send(self, parcel: PlatformMessage) -> str:
        """Send one mail; its key. Every try has the same Message-ID. Raises NotDelivered."""
        recipient = parcel.address.chat
        try:
            mail = self._write(parcel, recipient)
        except (ValueError, MessageError) as error:  # an address that no header can hold
            raise DeliveryRefused(f"no mail can be made for {recipient}: {error}") from error
        with translate_smtp_errors(f"The SMTP server {self.server.host}", private=True):
            async with self.slots, self._connect() as server:
                await server.send_message(mail, sender=self.sender, recipients=[recipient])
        return digest_key(parcel.key)

    async def check(self) -> None:
        """Connect, encrypt and log in once. Raises NotDelivered."""
        what = f"The SMTP server {self.server.host}:{self.server.port} of NARU_SMTP_URL"
        with translate_smtp_errors(
            what, private=True, login="the name and password in NARU_SMTP_URL"
        ):
            async with self._connect():
                pass

    def _write(self, parcel: PlatformMessage, recipient: str) -> EmailMessage:
        mail = EmailMessage(policy=MAIL_POLICY.clone(cte_type="7bit"))
        mail["From"] = MailAddress("Naru", addr_spec=self.sender)
        mail["To"] = MailAddress(addr_spec=recipient)
        mail["Subject"] = f"Naru #{parcel.thread}" if parcel.thread else "Naru"
        mail["Date"] = format_datetime(self.now())
        domain = self.sender.rpartition("@")[2]
        mail["Message-ID"] = f"<naru.console.{digest_key(parcel.key)}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        page = f"cases/{parcel.thread}" if parcel.thread else ""
        text = withhold(parcel.content.text, parcel.thread)
        mail.set_content(f"{text}\n\n{self.console.rstrip('/')}/{page}\n")
        return mail

    def _connect(self) -> SMTP:
        return SMTP(
            hostname=self.server.host,
            port=self.server.port,
            username=self.user or None,
            password=self.password or None,
            timeout=SMTP_TIMEOUT_SECONDS,
            use_tls=self.server.encryption == "tls",
            start_tls=self.server.encryption == "starttls",
        )


def open_staff_mail(settings: Settings, now: Callable[[], datetime]) -> StaffMail | None:
    """The way that the settings name; None without one. Raises SettingsError, which does not repeat
    the password."""
    url = settings.smtp_url.get_secret_value()
    if not url:
        return None
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    server = parse_server("NARU_SMTP_URL", bare, "smtp")
    user = unquote(parts.username or "")
    sender = settings.smtp_sender or settings.email_address or user
    if "@" not in sender:
        raise SettingsError(
            "NARU_SMTP_SENDER is missing: the address that mails to staff come from."
        )
    return StaffMail(
        server, user, unquote(parts.password or ""), sender, settings.console_address, now
    )
