"""A body: its seats with what each takes, its hours and holidays, its staff and its room."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.console.pages.desk.bodies import (
    find_body,
    list_bodies,
    may_manage,
    send_act,
    take_notices,
)
from adapters.console.rendering import name_mission, render_page, see_other
from adapters.console.site import CONSOLE, PERSON
from bot.admin.desk.topics import load_topics
from bot.admin.officers import may_read_sealed
from bot.admin.seats.hours import SHOWN_AHEAD
from bot.admin.staffing import STAFF_ROLES
from bot.cases.seats.choice import count_open_cases
from bot.cases.seats.roster import Seat, find_stand_in, list_seats
from bot.missions.missions import mission_city_name
from bot.missions.office_hours import assume_hours, format_slots, list_holidays
from bot.types import CONSOLE_CHANNEL, Binding, Mission
from knowledge.types import LANGUAGES

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser

ROUTES = web.RouteTableDef()

ACTS = (
    "topics", "languages", "capacity", "away", "back", "week", "holiday_off", "holiday_on",
    "holiday_add", "reset", "role", "remove", "seal", "unseal", "admit",
    "bind", "unbind",
)  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@ROUTES.get("/body")
async def show_body(request: web.Request) -> web.StreamResponse:
    """The page of one body."""
    app, person = request.app[CONSOLE].app, request[PERSON]
    bodies = await asyncio.to_thread(list_bodies, app, person)
    mission = find_body(request, bodies, request.query.get("mission", ""))
    return await _render(request, bodies, mission, await take_notices(request))


@ROUTES.post("/body/{mission}/acts")
async def act_on_body(request: web.Request) -> web.StreamResponse:
    """Change something, as the commands of the body's room do. Raises HTTPBadRequest for an act that
    there is not; what is not the person's is refused where the command is decided."""
    app, person = request.app[CONSOLE].app, request[PERSON]
    bodies = await asyncio.to_thread(list_bodies, app, person)
    mission = find_body(request, bodies, request.match_info["mission"])
    form = await request.post()
    act = str(form.get("act", ""))
    if act not in ACTS:
        raise web.HTTPBadRequest(text=f"{act!r} is no act.")
    values = {
        name: [str(one).strip() for one in form.getall(name) if isinstance(one, str)]
        for name in form
    }
    command, text = write_command(act, values, person.account, leads=may_manage(person, mission.id))
    notice = await send_act(request, mission.id, command, text)
    page = f"/body?mission={mission.id}"
    if notice is None:
        return see_other(f"{page}&sent=later")
    if notice.kind == "done":
        return see_other(page)
    await take_notices(request)
    return await _render(request, bodies, mission, [notice], status=422)


def write_command(
    act: str, form: dict[str, list[str]], account: str, *, leads: bool
) -> tuple[str, str]:
    """The command that an act is in the body's room, and the words after it. `leads` says that the
    sender keeps the seats of others as well."""

    def read(name: str) -> str:
        return " ".join(form.get(name, [""])[0].split())

    seat = read("seat")
    if act in ("topics", "languages"):
        return "seats", f"{act} {seat} {','.join(form.get(act, [])) or '-'}"
    if act == "capacity":
        return "seats", f"capacity {seat} {read('capacity') or '-'}"
    if act in ("away", "back"):
        words = (
            "-" if act == "back" else " ".join(filter(None, map(read, ("first", "last", "other"))))
        )
        is_own = seat == account and not leads
        return ("away", words) if is_own else ("seats", f"away {seat} {words}")
    if act == "week":
        return "hours", ";".join(
            f"{day} {read(day) or 'closed'}" for day in WEEKDAYS if day in form
        )
    if act in ("holiday_off", "holiday_on", "holiday_add"):
        word = act.removeprefix("holiday_")
        return "hours", f"holiday {word} {read('day')} {read('name').replace(';', ',')}".strip()
    if act == "reset":
        return "hours", "reset"
    if act in ("bind", "unbind"):
        return act, ""
    return "staff", {
        "role": f"role {seat} {read('role')}",
        "remove": f"remove {seat}",
        "seal": f"sealed {seat}",
        "unseal": f"sealed {seat} off",
        "admit": f"add {read('channel')}:{read('person').removeprefix('@')} {read('role')}",
    }[act]


async def _render(
    request: web.Request, bodies: list[tuple[str, str]], mission: Mission, notices: Any,
    status: int = 200,
) -> web.Response:  # fmt: skip
    person, app = request[PERSON], request.app[CONSOLE].app
    view = await asyncio.to_thread(_collect, app, person, mission)
    return render_page(
        "body.html", person.session.language, person, status=status, notices=notices,
        bodies=bodies, form_id=uuid.uuid4().hex, is_late=request.query.get("sent") == "later",
        **view,
    )  # fmt: skip


def _collect(app: App, person: ConsoleUser, mission: Mission) -> dict[str, Any]:
    """What the page of a body shows."""
    language, services = person.session.language, app.build_services()
    today, topics = mission.find_day(app.now()), load_topics()
    seats, count = list_seats(services, mission.id), count_open_cases(services.list_open_cases())
    leads_here = any(one.is_lead and one.mission == mission.id for one in person.members)
    hours = mission.hours or assume_hours(mission)
    rooms = [one for one in services.bindings if one.mission == mission.id]
    years = (today.year, today.year + 1)
    known = [one for year in years for one in list_holidays(mission, year, language)]
    holidays = [one for one in known if today <= one.day <= today + SHOWN_AHEAD]
    return {
        "mission": mission, "mission_name": name_mission(mission, language), "today": today,
        "city": mission_city_name(mission, language),
        "seats": [
            _describe_seat(one, seats, count[one.account], language, person) for one in seats
        ],
        "topics": [(id, topics.label(id, language)) for id in topics.labels],
        "languages": LANGUAGES, "roles": STAFF_ROLES, "hours": hours,
        "week": [
            (day, format_slots(hours.slots.get(number, ()))) for number, day in enumerate(WEEKDAYS)
        ],
        "holidays": holidays,
        "sources": sorted({one.source for one in holidays if one.kind != "added"}),
        "rooms": rooms,
        "may_manage": may_manage(person, mission.id),
        "may_admit": leads_here or person.is_admin,
        "channels": _list_messengers(person, rooms),
    }  # fmt: skip


def _list_messengers(person: ConsoleUser, rooms: list[Binding]) -> list[str]:
    """Of which messengers somebody can be admitted: that of the body's room, and the person's own."""
    own = [*(one.channel for one in rooms), person.account.partition(":")[0]]
    return [one for one in dict.fromkeys(own) if one != CONSOLE_CHANNEL]


def _describe_seat(
    seat: Seat, seats: list[Seat], open_cases: int, language: Any, person: ConsoleUser
) -> dict[str, Any]:
    topics, other = load_topics(), find_stand_in(seat, seats)
    return {
        "seat": seat, "open_cases": open_cases, "name": seat.member.name or seat.account,
        "topics": ", ".join(topics.label(one, language) for one in seat.topics),
        "stand_in": (other.member.name or other.account) if other else "",
        "is_own": seat.account == person.account, "is_officer": may_read_sealed(seat.member),
    }  # fmt: skip
