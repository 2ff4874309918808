"""`naru staff add`, `remove` and `list`: who speaks for a mission."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.commands.people import console
from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.types import StaffMember

ACCOUNT_PATTERN = re.compile(
    r"(slack:[UW][A-Z0-9]+|telegram:-?\d+|(?:email|console):[^\s@:]+@[^\s@:]+|terminal[\w-]*:\S+)"
)
COMMAND_LINE, CONSOLE_CHANNEL = "command line", "console"

MissionArgument = Annotated[
    str,
    typer.Argument(
        metavar="MISSION|EMAIL",
        help="The id of a mission, or domestic; with --mission the address of somebody who has no "
        "messenger.",
    ),
]
AccountArgument = Annotated[
    str,
    typer.Argument(
        help="telegram:1001, slack:U0123, email:kim@example.org or console:kim@example.org."
    ),
]
MissionOption = Annotated[
    str, typer.Option("--mission", help="The mission of EMAIL, who signs in to the console.")
]
ListedMission = Annotated[str, typer.Argument(help="The id of a mission, or domestic.")]


def register(app: typer.Typer) -> None:
    """Add `staff` with its three commands to `app`."""
    group = typer.Typer(help="Who is staff of a mission: add, remove, list.", no_args_is_help=True)
    group.command("add")(add)
    group.command("remove")(remove)
    group.command("list")(list_staff)
    app.add_typer(group, name="staff")


def add(
    mission: MissionArgument,
    account: AccountArgument = "",
    in_mission: MissionOption = "",
    role: Annotated[
        str,
        typer.Option(
            help="A seat (diplomat, agency, lawyer, accountant, customs, ip, local_government, "
            "startup, chamber, partner, expert), staff or lead.",
        ),
    ] = "",
    seat: Annotated[str, typer.Option(help="The same as --role.")] = "",
    name: Annotated[str, typer.Option(help="The name to list them by.")] = "",
    sealed: Annotated[
        bool | None, typer.Option("--sealed/--no-sealed", help="Whether they read sealed cases.")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Give a console account a new secret and new codes.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Admit a person to a mission's staff, or give them another role.

    \f
    Raises BadParameter for a role or an account that there cannot be, CommandFailed for a guest or
    somebody of another organisation.
    """
    from adapters.serve.messengers import ask_messenger
    from bot.admin.staffing import LEAD, STAFF_ROLES, admit
    from bot.messages import Account

    role = role or seat
    if role not in ("", LEAD, *STAFF_ROLES):
        known = ", ".join((*STAFF_ROLES, LEAD))
        raise typer.BadParameter(f"write one of {known}", param_hint="--role")
    mission, channel, user = _parse_account(mission, account, in_mission)
    account = f"{channel}:{user}"
    app = build_app()
    found = app.missions.get(mission)
    person = ask_messenger(app.settings, channel, lambda one: one.find_person(user), Account(user))
    if person.is_outsider:
        raise CommandFailed(
            f"{account} is a guest or belongs to another organisation and cannot be staff."
        )
    person = replace(person, user=user, name=name or person.name)
    before = _find_member(app, found.id, channel, user)
    services = app.build_services()
    member = admit(found.id, channel, person, role, COMMAND_LINE, services, before)
    if sealed is not None:
        member = replace(member, reads_sealed=sealed)
    _commit(app, member, f"staff add {found.id} {account} {_describe_role(member)}")
    is_console = channel == CONSOLE_CHANNEL
    opened = console.open_account(app, user, renew=renew) if is_console else None
    if json:
        print_json({**_serialise_member(member), **console.serialise_account(opened)})
        return
    print_text(f"{account} is staff of {found.id}: {_describe_role(member)}.")
    if opened is not None:
        console.print_account(opened)


def remove(
    mission: MissionArgument,
    account: AccountArgument = "",
    in_mission: MissionOption = "",
    json: JsonOption = False,
) -> None:
    """Remove a person from a mission's staff; what they write is no longer passed on.

    \f
    Raises CommandFailed for somebody who is not staff there.
    """
    mission, channel, user = _parse_account(mission, account, in_mission)
    account = f"{channel}:{user}"
    app = build_app()
    found = app.missions.get(mission)
    member = _find_member(app, found.id, channel, user)
    if member is None:
        raise CommandFailed(
            f"{account} is not staff of {found.id}. `naru staff list` shows who is."
        )
    gone = replace(member, is_lead=False, reads_sealed=False, removed_at=app.now())
    _commit(app, gone, f"staff remove {found.id} {account}")
    console.close_account(app, channel, user)
    if json:
        print_json({"mission": found.id, "account": account, "removed": True})
    else:
        print_text(f"{account} is no longer staff of {found.id}.")


def list_staff(mission: ListedMission, json: JsonOption = False) -> None:
    """List a mission's staff."""
    app = build_app()
    members = app.store.staff.list_members(app.missions.get(mission).id)
    if json:
        print_json([_serialise_member(member) for member in members])
        return
    for member in members:
        print_text(f"{member.account:28} {_describe_role(member):16} {member.name}")
    if not members:
        print_text(
            f"{mission} has no staff yet. `naru staff add {mission} telegram:1001` adds somebody."
        )


def _parse_account(mission: str, account: str, in_mission: str) -> tuple[str, str, str]:
    """The mission, the channel and the user that were meant, in either way of writing them."""
    from bot.types import ACCOUNT_CHARACTERS

    if in_mission:
        mission, account = in_mission, account or f"{CONSOLE_CHANNEL}:{mission}"
    if not ACCOUNT_PATTERN.fullmatch(account):
        raise typer.BadParameter(
            "write MISSION telegram:1001, slack:U0123 or email:kim@example.org; or EMAIL --mission MISSION",
            param_hint="ACCOUNT",
        )
    if len(account) > ACCOUNT_CHARACTERS:
        raise typer.BadParameter(
            f"{account} is longer than {ACCOUNT_CHARACTERS} characters", param_hint="ACCOUNT"
        )
    channel, _, user = account.partition(":")
    return mission, channel, user.lower() if channel in ("email", CONSOLE_CHANNEL) else user


def _find_member(app: App, mission: str, channel: str, user: str) -> StaffMember | None:
    members = app.store.staff.list_members(mission)
    return next((one for one in members if (one.channel, one.user) == (channel, user)), None)


def _commit(app: App, member: StaffMember, act: str) -> None:
    from bot.admin.officers import deliver_waiting_cases
    from bot.admin.people.leaving import release_cases
    from bot.context import Decision
    from bot.delivery.completing import complete_decision

    services = app.build_services()
    decision = Decision(new_staff=(member,), audit=(COMMAND_LINE, act))
    if member.removed_at:
        decision = release_cases(decision, services, (member,))
    else:
        decision = replace(decision, outgoing=deliver_waiting_cases(services, (member,)))
    decision = complete_decision(decision, lambda: services, app.assistant.limits)
    app.store.commit_without_message(f"staff:{uuid.uuid4().hex}", decision, app.now())


def _describe_role(member: StaffMember) -> str:
    marks = ["lead"] * member.is_lead + ["reads sealed cases"] * member.reads_sealed
    return ", ".join([member.role, *marks])


def _serialise_member(member: StaffMember) -> dict[str, Any]:
    """A member for `--json`. Somebody who leads and has no other role has the role "lead"."""
    return {
        "mission": member.mission,
        "account": member.account,
        "name": member.name,
        "role": "lead" if member.is_lead and member.role == "staff" else member.role,
        "lead": member.is_lead,
        "reads_sealed": member.is_lead or member.reads_sealed,
        "admitted_by": member.admitted_by,
        "admitted_at": member.admitted_at,
    }
