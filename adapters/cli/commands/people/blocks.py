"""`naru block` and `naru unblock`: whose messages are not read."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict
from typing import Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

COMMAND_LINE = "command line"
_ACCOUNT = re.compile(r"[a-z][\w-]*:\S+")

PersonArgument = Annotated[str, typer.Argument(help="telegram:1001, slack:U0123 …")]


def register(app: typer.Typer) -> None:
    """Add the commands about blocks to `app`."""
    for command in (block, unblock):
        app.command()(command)


def block(
    person: Annotated[
        str, typer.Argument(help="telegram:1001, slack:U0123 …; without it all are listed.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    json: JsonOption = False,
) -> None:
    """Stop reading what a person writes; their open cases stay. Without one, list who is blocked.

    \f
    Raises BadParameter for what is no account and CommandFailed for an admin's.
    """
    from bot.admin.people.blocking import begin_block, list_open_cases
    from bot.types import ACCOUNT_CHARACTERS, Block

    app = build_app()
    if not person:
        found = app.store.people.list_blocks()
        if json:
            print_json([asdict(one) for one in found])
            return
        for one in found:
            print_text(f"{one.account}  {one.at:%Y-%m-%d}  {one.by}  {one.reason}")
        if not found:
            print_text("No one is blocked.")
        return
    if not _ACCOUNT.fullmatch(person) or len(person) > ACCOUNT_CHARACTERS:
        raise typer.BadParameter("write telegram:1001 or slack:U0123", param_hint="PERSON")
    if person in app.settings.admin_ids:
        raise CommandFailed(f"{person} is an admin. Take them out of NARU_ADMINS first.")
    services = app.assistant.build_services()
    cases = [case.number for case in list_open_cases(services, person)]
    decision = begin_block(services, Block(person, COMMAND_LINE, reason, app.now()))
    app.store.commit_without_message(f"block:{uuid.uuid4()}", decision, app.now())
    if json:
        print_json({"blocked": person, "open_cases": cases})
        return
    numbers = ", ".join(f"#{number}" for number in cases) or "none"
    print_text(f"Blocked: {person}. Open cases, which stay with their officers: {numbers}.")


def unblock(person: PersonArgument, json: JsonOption = False) -> None:
    """Read again what a person writes.

    \f
    Raises CommandFailed if they are not blocked.
    """
    from bot.context import Decision

    app = build_app()
    if app.store.people.find_block(person) is None:
        raise CommandFailed(f"{person} is not blocked. `naru block` lists who is.")
    decision = Decision(unblock=person, audit=(COMMAND_LINE, f"unblock {person}"))
    app.store.commit_without_message(f"unblock:{uuid.uuid4()}", decision, app.now())
    if json:
        print_json({"unblocked": person})
    else:
        print_text(f"No longer blocked: {person}.")
