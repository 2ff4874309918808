"""The mail account: its address, its two servers and how each is encrypted."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from adapters.errors import SettingsError

Encryption = Literal["tls", "starttls", "none"]

_PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}
UNCHECKED = "off"  # as the authserv-id: senders need not be verified


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where a server listens, and how the connection is encrypted."""

    host: str
    port: int
    encryption: Encryption


@dataclass(frozen=True, slots=True)
class MailAccount:
    """The mailbox that is Naru. `authserv_id` is the name under which its server writes what it
    found out of senders; "" if that is not known, UNCHECKED if it does not matter."""

    address: str
    user: str
    password: str = field(repr=False)
    imap: MailServer
    smtp: MailServer
    authserv_id: str = ""

    @property
    def domain(self) -> str:
        """The part of the address behind "@"."""
        return self.address.rpartition("@")[2]


def parse_server(name: str, url: str, protocol: Literal["imap", "smtp"]) -> MailServer:
    """The server at `imaps://host:port`, `smtps://…` (TLS from the beginning) or `imap://…`,
    `smtp://…` (STARTTLS; on this machine's own address without). `name` is the setting's. Raises
    SettingsError."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in (protocol, f"{protocol}s") or not parts.hostname or port == 0:
        raise SettingsError(
            f"{name} is wrong: write {protocol}s://host:port (TLS) or {protocol}://host:port "
            f"(STARTTLS), not {url or 'nothing'}."
        )
    encryption: Encryption = "tls"
    if parts.scheme == protocol:
        encryption = "none" if _is_loopback(parts.hostname) else "starttls"
    return MailServer(parts.hostname, port or _PORTS[parts.scheme], encryption)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
