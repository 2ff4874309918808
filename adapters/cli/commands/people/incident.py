"""`naru incident`: whom to tell after a leak, or a possible one, and by when."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import MAX_NUMBER, JsonOption, build_app
from adapters.cli.output import print_json, print_text

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.types import Case

COMMAND_LINE = "command line"
# Article 34 of the Personal Information Protection Act says "without delay"; its decree (Art. 39, 40)
# and the GDPR (Art. 33) say 72 hours.
NOTICE_WAIT = timedelta(hours=72)
REPORT_PERSONS = 1_000  # from so many persons on the commission is told as well (decree, Art. 40)
BASIS = "Personal Information Protection Act Art. 34; its decree Art. 39, 40; in the EU GDPR Art. 33, 34"
# Members of the European Economic Area, ISO 3166-1, to whose supervisory authority a leak is reported.
EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
        "IS",
        "LI",
        "NO",
    ]
)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(incident)


def incident(
    cases: Annotated[list[int], typer.Argument(max=MAX_NUMBER, help="The numbers of the cases.")],
    known: Annotated[
        datetime | None, typer.Option("--known", help="When it became known; now unless given.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """List whom to tell after a leak, or a possible one, of cases: founders, missions, by when.

    \f
    Raises UnknownCase for a number without a case.
    """
    from bot.context import Decision

    app = build_app()
    found = [app.store.get_case(number) for number in dict.fromkeys(cases)]
    since = (known.astimezone() if known else app.now()).astimezone(app.now().tzinfo)
    report = build_report(app, found, since)
    numbers = ", ".join(str(case.number) for case in found)
    audit = (COMMAND_LINE, f"incident: whom to tell of cases {numbers}")
    app.store.commit_without_message(f"incident:{uuid.uuid4()}", Decision(audit=audit), app.now())
    if json:
        print_json(report)
        return
    _print_report(report)


def build_report(app: App, cases: Sequence[Case], known: datetime) -> dict[str, Any]:
    """Whom to tell of `cases`, since when a leak is `known` (aware), as JSON has it."""
    from bot.missions.missions import mission_name

    founders = [_describe_founder(app, case) for case in cases]
    persons = {one["account"] for one in founders if one["account"]}
    missions = {
        number: app.missions.get(number) for case in cases for number in _list_missions(app, case)
    }
    return {
        "by": (known + NOTICE_WAIT).isoformat(),
        "basis": BASIS,
        "founders": founders,
        "missions": [
            {"id": one.id, "name": mission_name(one, "en"), "country": one.country}
            for one in missions.values()
        ],
        "persons": len(persons),
        "report_to_commission": len(persons) >= REPORT_PERSONS,
        "report_in_the_eea": sorted({one.country for one in missions.values()} & EEA),
    }


def _describe_founder(app: App, case: Case) -> dict[str, Any]:
    """The founder of a case, where they can be told, and what of theirs the case holds."""
    talk = app.store.find_conversation(case.conversation)
    lines = app.store.list_lines(case.number)
    return {
        "case": case.number,
        "account": f"{talk.channel}:{talk.user}" if talk else None,
        "language": case.language,
        "sealed": case.sealed,
        "messages": len(lines),
        "files": sum(len(line.files) for line in lines),
        "place": case.place.name if case.place else None,
    }


def _list_missions(app: App, case: Case) -> list[str]:
    """The missions whose people had a case, oldest first: those of its threads, and its own."""
    had = [thread.mission for thread in app.store.list_staff_threads(case.number)]
    return list(dict.fromkeys([*had, case.mission]))


def _print_report(report: dict[str, Any]) -> None:
    print_text(f"Tell them without delay, and by {report['by']} at the latest ({report['basis']}).")
    print_text(
        "Say: what leaked, when and how, what they can do, what you do, whom to ask.\nFounders:"
    )
    for one in report["founders"]:
        who = one["account"] or "erased: cannot be told"
        sealed = " sealed" if one["sealed"] else ""
        held = f"{one['messages']} messages, {one['files']} files"
        print_text(f"  #{one['case']}{sealed}  {who}  ({one['language']})  {held}")
    print_text("Missions:")
    for one in report["missions"]:
        print_text(f"  {one['id']}  {one['name']} ({one['country']})")
    if report["report_to_commission"]:
        print_text("Report to the Personal Information Protection Commission as well.")
    else:
        print_text(
            f"Below {REPORT_PERSONS} persons: report to the commission if sensitive data or unique "
            "identifiers leaked, or if somebody broke in."
        )
    if report["report_in_the_eea"]:
        named = ", ".join(report["report_in_the_eea"])
        print_text(f"GDPR: report to the supervisory authority of {named}.")
