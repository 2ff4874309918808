"""The inbox: the cases that a person works on, those whose founder waits first, by the next target."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.people import ConsoleUser
from adapters.console.rendering import name_mission, render_page, render_target
from adapters.console.site import CONSOLE, PERSON
from bot.cases.states import is_open
from bot.types import Case

if TYPE_CHECKING:
    from adapters.console.site import Console

ROUTES = web.RouteTableDef()

VIEWS = ("all", "mine", "new", "overdue", "waiting", "ended")
QUIET_STATES = ("answered", "waiting_founder", "waiting_authority")
ENDED_LIMIT = 100  # of ended cases that are listed, the latest
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """A case in the inbox: when its next target is due and the same in words, None and "" for none,
    and whether its founder waits for an answer. `hides` says that the person must not see what it is
    about."""

    case: Case
    mission: str
    due: datetime | None
    target: str
    founder_waits: bool
    is_overdue: bool
    hides: bool


@ROUTES.get("/")
async def show_inbox(request: web.Request) -> web.StreamResponse:
    """The list of one view."""
    person, console = request[PERSON], request.app[CONSOLE]
    view = request.query.get("view", "all")
    view = view if view in VIEWS else "all"
    entries = await asyncio.to_thread(collect_entries, console, person)
    if view == "ended":
        shown = await asyncio.to_thread(collect_ended, console, person)
    else:
        shown = select_view(entries, view, person)
    notices = await asyncio.to_thread(
        console.app.store.console.notices.take_unseen, person.account, console.app.now()
    )
    counts = {name: len(select_view(entries, name, person)) for name in VIEWS[:-1]}
    return render_page(
        "inbox.html", person.session.language, person, view=view, views=VIEWS, counts=counts,
        entries=shown, notices=notices,
    )  # fmt: skip


def collect_entries(console: Console, person: ConsoleUser) -> list[InboxEntry]:
    """The open cases a person may know of, in the order in which they need somebody."""
    app = console.app
    missions, now = app.build_services().missions, app.now()
    cases = app.store.list_cases(open_only=True)
    dues = console.dues.find(app, cases, missions)
    entries = []
    for case in filter(person.may_know_of, cases):
        due, mission = dues[case.number], missions.get(case.mission)
        language, zone = person.session.language, mission.zone
        target = render_target(due, zone, language=language) if due else ""
        waits = due is not None or case.state not in QUIET_STATES
        overdue = due is not None and due < now
        name = name_mission(mission, language)
        hides = not person.may_read(case)
        entries.append(InboxEntry(case, name, due, target, waits, overdue, hides))
    return sorted(entries, key=rank_entry)


def collect_ended(console: Console, person: ConsoleUser) -> list[InboxEntry]:
    """The last cases that ended, the newest first."""
    missions = console.app.build_services().missions
    known = [
        one
        for one in console.app.store.list_cases()
        if not is_open(one) and person.may_know_of(one)
    ]
    language = person.session.language
    return [
        InboxEntry(
            case, name_mission(missions.get(case.mission), language), None, "",
            founder_waits=False, is_overdue=False, hides=not person.may_read(case),
        )
        for case in known[: -ENDED_LIMIT - 1 : -1]
    ]  # fmt: skip


def rank_entry(entry: InboxEntry) -> tuple[bool, datetime, int]:
    """A waiting founder before an answered one, then by the next target."""
    return not entry.founder_waits, entry.due or LATEST, entry.case.number


def select_view(entries: list[InboxEntry], view: str, person: ConsoleUser) -> list[InboxEntry]:
    """The entries of one of VIEWS for open cases."""
    is_shown: dict[str, Callable[[InboxEntry], bool]] = {
        "all": lambda _: True,
        "mine": lambda one: one.case.taken_by == person.account,
        "new": lambda one: one.case.state in ("new", "routed"),
        "overdue": lambda one: one.is_overdue,
        "waiting": lambda one: one.case.state in QUIET_STATES[1:],
    }
    return [one for one in entries if is_shown[view](one)]
