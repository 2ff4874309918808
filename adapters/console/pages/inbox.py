"""The inbox: the cases that a person works on, those whose founder waits first, by the next target."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.people import ConsoleUser
from adapters.console.rendering import render_page
from adapters.console.site import CONSOLE, PERSON
from bot.cases.reminders.timers import find_case_due
from bot.cases.states import is_open
from bot.missions.missions import mission_name
from bot.types import Case

if TYPE_CHECKING:
    from adapters.bootstrap import App

ROUTES = web.RouteTableDef()

VIEWS = ("all", "mine", "new", "overdue", "waiting", "ended")
WAITING_STATES = ("waiting_founder", "waiting_authority")
ENDED_LIMIT = 100  # of ended cases that are listed, the latest
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A case in the inbox: when its next target is due, None for none, and whether its founder waits
    for an answer. `hides` says that the person must not see what it is about."""

    case: Case
    due: datetime | None
    founder_waits: bool
    is_overdue: bool
    hides: bool


@ROUTES.get("/")
async def show_inbox(request: web.Request) -> web.StreamResponse:
    """The list of one view."""
    person, app = request[PERSON], request.app[CONSOLE].app
    view = request.query.get("view", "all")
    view = view if view in VIEWS else "all"
    entries = await asyncio.to_thread(collect_entries, app, person)
    notices = await asyncio.to_thread(
        app.store.console.notices.take_unseen, person.account, app.now()
    )
    return render_page(
        "inbox.html", person.session.language, person, view=view, views=VIEWS,
        counts={name: len(select_view(entries, name, person)) for name in VIEWS},
        entries=select_view(entries, view, person), notices=notices,
        missions={one: mission_name(app.missions.get(one), person.session.language)
                  for one in {entry.case.mission for entry in entries}},
    )  # fmt: skip


def collect_entries(app: App, person: ConsoleUser) -> list[InboxEntry]:
    """The cases a person may know of, in the order in which they need somebody."""
    missions, now = app.build_services().missions, app.now()
    entries = []
    for case in filter(person.may_know_of, app.store.list_cases()):
        due = None
        if is_open(case):
            due = find_case_due(case, app.store.list_log(case.number), missions)
        waits = is_open(case) and case.state not in ("answered", *WAITING_STATES)
        overdue = due is not None and due < now
        entries.append(InboxEntry(case, due, waits, overdue, not person.may_read(case)))
    return sorted(entries, key=rank_entry)


def rank_entry(entry: InboxEntry) -> tuple[bool, bool, datetime, int]:
    """Open before ended, a waiting founder before an answered one, then by the next target."""
    return (
        not is_open(entry.case), not entry.founder_waits, entry.due or LATEST, entry.case.number,
    )  # fmt: skip


def select_view(entries: list[InboxEntry], view: str, person: ConsoleUser) -> list[InboxEntry]:
    """The entries of one of VIEWS."""
    is_shown: dict[str, Callable[[InboxEntry], bool]] = {
        "all": lambda one: is_open(one.case),
        "mine": lambda one: is_open(one.case) and one.case.taken_by == person.account,
        "new": lambda one: one.case.state in ("new", "routed"),
        "overdue": lambda one: one.is_overdue,
        "waiting": lambda one: one.case.state in WAITING_STATES,
        "ended": lambda one: not is_open(one.case),
    }
    shown = [one for one in entries if is_shown[view](one)]
    if view == "ended":
        return sorted(shown, key=lambda one: one.case.number, reverse=True)[:ENDED_LIMIT]
    return shown
