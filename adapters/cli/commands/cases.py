"""`naru cases`, `naru case`, `naru export`, `naru forget` and `naru sweep`: cases and records."""

from __future__ import annotations

import uuid
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import MAX_NUMBER, JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.types import Case, CaseMessage, Conversation


SEALED_TEXT = "[sealed]"


def register(app: typer.Typer) -> None:
    """Add the commands about cases to `app`."""
    for command in (cases, case, export, forget, sweep):
        app.command()(command)


def cases(
    open: Annotated[bool, typer.Option("--open", help="Only open cases.")] = False,
    json: JsonOption = False,
) -> None:
    """List the cases, with by when each founder hears from a person."""
    app = build_app()
    found = app.store.list_cases(open_only=open)
    if json:
        shown = [_hide_content(one) if one.sealed else one for one in found]
        print_json([_serialise_case(app, one) for one in shown])
        return
    if not found:
        print_text("No cases.")
    for one in found:
        question = SEALED_TEXT if one.sealed else " ".join(one.question.split())[:60]
        print_text(
            f"#{one.number}  {one.state:17} {one.urgency:9} {one.mission:18} "
            f"{_render_due(app, one):26} {question}"
        )


def case(
    number: Annotated[int, typer.Argument(max=MAX_NUMBER, help="The number of the case.")],
    json: JsonOption = False,
    unseal: Annotated[
        bool, typer.Option("--unseal", help="Show what a sealed case says; this is recorded.")
    ] = False,
) -> None:
    """Show one case with all its messages."""
    from bot.context import Decision, quote_lines

    app = build_app()
    store = app.store
    found, lines = store.get_case(number), store.list_lines(number)
    if found.sealed and unseal:
        decision = Decision(audit=("command line", f"read the sealed case {number}"))
        store.commit_without_message(f"unseal:{number}", decision, app.now())
    elif found.sealed:
        found, lines = _hide_content(found), [_hide_line(line) for line in lines]
    if json:
        print_json({**_serialise_case(app, found), "lines": [asdict(line) for line in lines]})
        return
    due = _render_due(app, found)
    head = f"#{found.number} {found.state} {found.urgency} {found.mission} ({found.via}) {due}"
    print_text(head.rstrip())
    print_text(f"{_render_reason(app, found)}\n{found.found}\n")
    for line in lines:
        who = f"{line.author}/{line.role}" if line.role else line.author
        print_text(f"{line.at:%Y-%m-%d %H:%M} {who}: {quote_lines(line.text)}")


def export(
    founder: Annotated[str, typer.Argument(help="The founder: telegram:1001, slack:U0123 …")],
) -> None:
    """Print everything stored about a founder, as JSON.

    \f
    Raises CommandFailed if nothing is stored about the founder.
    """
    from bot.context import Decision

    app = build_app()
    store = app.store
    talks = _list_talks(app, founder)
    if not talks:
        raise CommandFailed(f"Nothing is kept of {founder}.")
    accounts = sorted({talk.account for talk in talks})
    mine = [one for talk in talks for one in store.list_cases(conversation=talk.key)]
    opened = ", ".join(str(one.number) for one in mine if one.sealed)
    read = f", with the sealed cases {opened}" if opened else ""
    decision = Decision(
        audit=("command line", f"a copy of the records of {founder} was given{read}")
    )
    store.commit_without_message(f"export:{uuid.uuid4()}", decision, app.now())
    print_json(
        {
            "conversations": [asdict(talk) for talk in talks],
            "cases": [
                {
                    **_serialise_case(app, one),
                    "lines": [asdict(line) for line in store.list_lines(one.number)],
                }
                for one in mine
            ],
            "ratings": [
                asdict(one)
                for one in filter(None, (store.founders.find_rating(case.number) for case in mine))
            ],
            "consents": [
                asdict(one) for account in accounts for one in store.people.list_consents(account)
            ],
            "linked": accounts,
            "subscriptions": [asdict(one) for one in store.founders.list_subscriptions(accounts)],
        }
    )


def _list_talks(app: App, founder: str) -> list[Conversation]:
    """The conversations of a founder, on each messenger that they linked."""
    talks = app.store.list_conversations(founder)
    accounts = {
        linked for talk in talks for linked in app.store.founders.list_accounts(talk.account)
    }
    others = accounts - {talk.account for talk in talks}
    return talks + [
        one for account in sorted(others) for one in app.store.list_conversations(account)
    ]


def forget(
    founder: Annotated[str, typer.Argument(help="The founder: telegram:1001, slack:U0123 …")],
    json: JsonOption = False,
) -> None:
    """Erase what is kept of a founder. Open cases must be resolved first.

    \f
    Raises CommandFailed if nothing is stored about the founder or a case is open.
    """
    from bot.cases.states import is_open
    from bot.context import Decision

    app = build_app()
    talks = _list_talks(app, founder)
    if not talks:
        raise CommandFailed(f"Nothing is kept of {founder}.")
    for one in (one for talk in talks for one in app.store.list_cases(conversation=talk.key)):
        if is_open(one):
            raise CommandFailed(f"Case {one.number} of {founder} is open. Resolve it first.")
    for account in sorted({f"{talk.channel}:{talk.user}" for talk in talks}):
        decision = Decision(erase_account=account, audit=("command line", "forget a founder"))
        app.store.commit_without_message("forget", decision, app.now())
        if app.upload_store.list_tokens(account):
            app.library_service.forget_uploads(account)
    if json:
        print_json({"forgotten": [talk.key for talk in talks]})
    else:
        print_text(f"Erased: {', '.join(talk.key for talk in talks)}.")


def sweep(json: JsonOption = False) -> None:
    """Cut what is kept for longer than the settings say; `naru serve` does it every hour."""
    from adapters.serve.sweeping import sweep_records

    counts = sweep_records(build_app())
    if json:
        print_json(counts)
    else:
        print_text(f"Cut: {', '.join(f'{name} {count}' for name, count in counts.items())}.")


def _find_due(app: App, case: Case) -> datetime | None:
    """By when the founder of a case hears from a person; None while no clock runs."""
    from bot.cases.reminders.timers import find_case_due

    return find_case_due(case, app.store.list_log(case.number), app.build_services().missions)


def _render_due(app: App, case: Case) -> str:
    """The next target on the mission's clock, "LATE" after it; "" while no clock runs."""
    due = _find_due(app, case)
    if due is None:
        return ""
    local = due.astimezone(app.missions.get(case.mission).zone)
    late = " LATE" if app.now() > due else ""
    return f"by {local:%m-%d %H:%M %Z}{late}"


def _hide_content(case: Case) -> Case:
    """A sealed case without what it is about."""
    return replace(case, question=SEALED_TEXT, found="")


def _hide_line(line: CaseMessage) -> CaseMessage:
    return replace(line, text=SEALED_TEXT, files=())


def _render_reason(app: App, case: Case) -> str:
    """Why the mission has the case, in its founder's language."""
    from bot.routing.route_text import render_reason

    return render_reason(case, app.missions, case.language)


def _serialise_case(app: App, case: Case) -> dict[str, Any]:
    """A case for `--json`; who has it is one value, "channel:user|role"."""
    due = _find_due(app, case)
    values = {
        **asdict(case), "reason": _render_reason(app, case), "due": due,
        "is_late": due is not None and app.now() > due,
    }  # fmt: skip
    del values["basis"]
    role = values.pop("taken_role")
    values.pop("taken_name")  # only the staff of its room are shown it
    return values if role is None else values | {"taken_by": f"{case.taken_by}|{role}"}
