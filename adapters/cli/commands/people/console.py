"""`naru console`: a link to sign in; and the accounts of staff who have no messenger."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App

COMMAND_LINE = "command line"
EMAIL_PATTERN = re.compile(r"[^\s@:]+@[^\s@:]+")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What the person of a new account gets, and no one can print again: the `otpauth` address of
    their secret, and recovery codes."""

    uri: str
    codes: tuple[str, ...]


def register(app: typer.Typer) -> None:
    """Add `console` to `app`."""
    app.command("console")(make_link)


def make_link(
    user: Annotated[
        str, typer.Argument(help="telegram:1001, slack:U0123, or kim@example.org for the console.")
    ],
    json: JsonOption = False,
) -> None:
    """Print a link that signs a member of staff or an admin in to the console once, within ten minutes.

    \f
    Raises CommandFailed for anybody else, and where the console is off.
    """
    from adapters.console.people import may_enter
    from bot.context import Decision
    from bot.store.console.sessions import LINK_LIFE

    account = f"console:{user.lower()}" if EMAIL_PATTERN.fullmatch(user) else user
    app = build_app()
    address = app.settings.console_address.rstrip("/")
    if not address:
        raise CommandFailed("The console is off. Set NARU_CONSOLE_PORT, see docs/console.md.")
    if not may_enter(app, account):
        raise CommandFailed(
            f"{account} is staff of no mission and no admin. `naru staff add` admits somebody."
        )
    token = app.store.console.sessions.make_link(account, app.now())
    audit = Decision(audit=(COMMAND_LINE, f"console link made for {account}"))
    app.store.commit_without_message(f"console-link:{uuid.uuid4().hex}", audit, app.now())
    link = f"{address}/sign-in/{token}"
    if json:
        print_json({"account": account, "link": link, "minutes": LINK_LIFE.seconds // 60})
        return
    print_text(f"{account} signs in once with this link, within {LINK_LIFE.seconds // 60} minutes:")
    print_text(link)
    print_text(f"It leads to {address}. Hand it to nobody else.")


def open_account(app: App, email: str, *, renew: bool) -> NewAccount | None:
    """Make the console account of a mail address; None if it has one and is not to `renew` it."""
    import pyotp

    accounts = app.store.console.accounts
    if email in accounts.list_all() and not renew:
        return None
    secret, codes = accounts.add(email, COMMAND_LINE, app.now())
    if renew:
        app.store.console.sessions.revoke(f"console:{email}", app.now())
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Naru")
    return NewAccount(uri, tuple(codes))


def close_account(app: App, channel: str, user: str) -> None:
    """End the sessions of somebody who is staff nowhere any more, and their console account."""
    if app.store.staff.list_memberships(channel, user):
        return
    app.store.console.sessions.revoke(f"{channel}:{user}", app.now())
    if channel == "console":
        app.store.console.accounts.remove(user)


def print_account(account: NewAccount) -> None:
    """Show what the person needs, once."""
    from adapters.cli.sheets.terminal_code import draw_code

    for line in draw_code(account.uri).splitlines():
        print_text(line)
    print_text(account.uri)
    print_text("The person scans this with an authenticator app. Recovery codes, each good once:")
    for code in account.codes:
        print_text(f"  {code}")
    print_text("None of this is shown again. `--renew` makes new ones and ends their sessions.")


def serialise_account(account: NewAccount | None) -> dict[str, Any]:
    """The same for `--json`."""
    return {} if account is None else {"uri": account.uri, "recovery_codes": list(account.codes)}
