"""What `naru doctor` finds out of the console: whether people can open it, whether its port is free or its
own, and whether mails to its staff go out."""

from __future__ import annotations

import asyncio
import http.client
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adapters.errors import SettingsError
from bot.errors import NotDelivered

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.settings import Settings

ANSWER_SECONDS = 5.0
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - what settings may say


def check_console(app: App) -> str:
    """Where the console is, and how mails to its staff go out; nothing is sent. Raises SettingsError with a
    sentence for each thing that keeps people or mails away."""
    settings = app.settings
    if not settings.console_port:
        return "it is off"
    faults = (_find_address_fault(settings), _find_port_fault(settings), _find_mail_fault(app))
    if wrong := [one for one in faults if one]:
        raise SettingsError(" ".join(wrong))
    mails = "go out" if settings.smtp_url.get_secret_value() else "are off (NARU_SMTP_URL)"
    return f"{settings.console_address}; mails to staff {mails}"


def _find_address_fault(settings: Settings) -> str:
    """Why no one could sign in: the console refuses a name that is not its own (421), and browsers keep
    its cookies only by https or on this machine."""
    from adapters.console.security import LOOPBACK_NAMES

    host, url = settings.console_host, urlsplit(settings.console_url)
    if not settings.console_url:
        if host in LOOPBACK_NAMES:
            return ""
        refused = "refuses every name (421)" if host in EVERY_ADDRESS else "cannot keep a sign-in"
        return (
            f"The console listens on {host} without NARU_CONSOLE_URL, so it {refused}: set it to the "
            "public https address of the proxy."
        )
    is_open = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK_NAMES)
    if url.hostname and is_open:
        return ""
    return (
        f"With NARU_CONSOLE_URL {settings.console_url} no one can sign in: write the public address "
        "from https:// on, because browsers keep the console's cookies only there."
    )


def _find_port_fault(settings: Settings) -> str:
    """Why the console could not listen; "" for a free port and for one that a running console has."""
    host, port = settings.console_host, settings.console_port
    try:
        with socket.create_server((host, port), family=_find_family(host)):
            return ""
    except OSError as error:
        if _is_own_console(settings):
            return ""
        reason = error.strerror or error
        return (
            f"The console cannot listen on {host}:{port} ({reason}), and what answers there is not "
            "Naru's: set NARU_CONSOLE_PORT to a free port."
        )


def _find_family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _is_own_console(settings: Settings) -> bool:
    from adapters.console.security import SIGN_IN_COOKIE, list_own_names

    host = settings.console_host
    place = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked on this machine
    name = min(list_own_names(host, settings.console_url))
    called = f"[{name}]" if ":" in name else name
    connection = http.client.HTTPConnection(place, settings.console_port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/sign-in", headers={"Host": called})
        cookies = connection.getresponse().headers.get_all("Set-Cookie") or []
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return any(one.startswith(f"{SIGN_IN_COOKIE}=") for one in cookies)


def _find_mail_fault(app: App) -> str:
    """Why mails to staff could not go out."""
    from adapters.serve.console_room.staff_mail import open_staff_mail

    try:
        if mail := open_staff_mail(app.settings, app.now):
            asyncio.run(mail.check())
    except (NotDelivered, SettingsError) as error:
        return str(error)
    return ""
