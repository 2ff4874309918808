"""A body's next meeting with its agenda and invitation, its minutes, its insights and the desk's answers."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.console.fields import read_moment, read_number
from adapters.console.pages.desk.bodies import (
    find_body,
    list_bodies,
    may_manage,
    send_act,
    take_notices,
)
from adapters.console.rendering import (
    name_mission,
    render_page,
    render_target,
    render_text,
    see_other,
)
from adapters.console.site import CONSOLE, PERSON
from adapters.errors import CommandFailed, PdfFailed
from adapters.serve.desk import invitation
from adapters.serve.desk.meetings import plan_meeting, withdraw_meeting
from adapters.serve.desk.papers import collect_agenda, render_paper
from adapters.serve.desk.schedule import send_agenda
from bot.admin.desk.agenda import is_late
from bot.admin.desk.insight.home import render_about
from bot.admin.desk.notices import find_own_room
from bot.admin.desk.papers.agenda_paper import build_agenda_paper
from bot.context import Decision
from bot.errors import Conflict
from bot.missions.missions import mission_city_name
from bot.types import DOMESTIC, Mission

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser

ROUTES = web.RouteTableDef()

PLANNING = ("plan", "withdraw", "send")  # of those who keep the body
WORDED = {"minutes": "minutes", "settle": "minutes", "insight": "insight", "tell": "tell"}
SAID = (
    "planned", "moved", "withdrawn", "sent", "sent_before", "no_room", "no_meeting", "no_time", "past",
    "conflict", "long", "later",
)  # fmt: skip
SHOWN_INSIGHTS = 10  # of insights and answers each, the latest


@ROUTES.get("/meetings")
async def show_meetings(request: web.Request) -> web.StreamResponse:
    """The page of one body."""
    app, person = request.app[CONSOLE].app, request[PERSON]
    bodies = await asyncio.to_thread(list_bodies, app, person)
    mission = find_body(request, bodies, request.query.get("mission", ""))
    return await _render(request, bodies, mission, await take_notices(request))


@ROUTES.get("/meetings/{mission}/agenda.pdf")
async def load_agenda(request: web.Request) -> web.StreamResponse:
    """The agenda as a PDF. Raises HTTPServiceUnavailable where none can be made."""
    app, mission = await _open(request)

    def make() -> tuple[bytes, str]:
        language = request[PERSON].session.language
        paper = build_agenda_paper(collect_agenda(app, mission.id), language)
        return render_paper(paper, "pdf"), paper.name

    return await send_pdf(request, make)


@ROUTES.get("/meetings/{mission}/invitation.ics")
async def load_invitation(request: web.Request) -> web.StreamResponse:
    """The next meeting as a file for calendars. Raises HTTPNotFound where none is planned."""
    app, mission = await _open(request)
    meeting = await asyncio.to_thread(app.store.meetings.find_next, mission.id, app.now())
    language = request[PERSON].session.language
    if meeting is None:
        raise web.HTTPNotFound(text=render_text("meetings.said_no_meeting", language))
    data = invitation.build_invitation(
        meeting, mission, app.now(), language, app.settings.agenda_days
    )
    return send_file(data, invitation.MIME, invitation.name_invitation(meeting, mission))


@ROUTES.post("/meetings/{mission}/acts")
async def act_on_meeting(request: web.Request) -> web.StreamResponse:
    """Plan, withdraw or send, or enter minutes, an insight or an answer. Raises HTTPBadRequest for an
    act that there is not and HTTPForbidden for one that is not the person's."""
    app, mission = await _open(request)
    person, form = request[PERSON], await request.post()
    act, page = str(form.get("act", "")), f"/meetings?mission={mission.id}"
    if act in PLANNING:
        if not may_manage(person, mission.id):
            raise web.HTTPForbidden(text=render_text("body.not_yours", person.session.language))
        fields = {name: str(form.get(name, "")) for name in ("when", "minutes", "place")}
        said = await asyncio.to_thread(_plan, app, mission, act, fields, person.account)
        return see_other(f"{page}&said={said}")
    if act not in WORDED:
        raise web.HTTPBadRequest(text=f"{act!r} is no act.")
    words = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    notice = await send_act(request, mission.id, WORDED[act], write_command(act, words))
    if notice is None:
        return see_other(f"{page}&said=later")
    if notice.kind == "done":
        return see_other(page)
    bodies = await asyncio.to_thread(list_bodies, app, person)
    await take_notices(request)
    return await _render(request, bodies, mission, [notice], draft=words, status=422)


def write_command(act: str, form: dict[str, str]) -> str:
    """What would be typed in the room after the command of one of WORDED."""
    text = form.get("text", "").replace("\r\n", "\n").strip()
    if act == "settle":
        state = "dropped" if form.get("state") == "dropped" else "done"
        return f"{form.get('number', '')} {state}"
    if act == "minutes":
        what, owner, due = (
            " ".join(form.get(name, "").split()) for name in ("what", "owner", "due")
        )
        line = f"{what} | {owner} | {due}" if due else f"{what} | {owner}" if owner else what
        return "\n".join(filter(None, (line if what else "", text)))
    if act == "tell":
        number, to = form.get("number", "").strip(), form.get("to", "").strip()
        head = f"{number} {to}: " if number and to else f"{number} " if number else f"{to}: "
        return f"{head}{text}"
    return text


def send_file(data: bytes, mime: str, name: str) -> web.Response:
    """A file to be saved under a name of ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=data, content_type=mime, headers=headers)


async def send_pdf(request: web.Request, make: Any) -> web.Response:
    """The PDF that `make` gives with its name. Raises HTTPServiceUnavailable where none can be made."""
    try:
        data, name = await asyncio.to_thread(make)
    except PdfFailed as error:
        text = render_text("meetings.no_pdf", request[PERSON].session.language)
        raise web.HTTPServiceUnavailable(text=text) from error
    return send_file(data, "application/pdf", f"{name}.pdf")


async def _open(request: web.Request) -> tuple[App, Mission]:
    app = request.app[CONSOLE].app
    bodies = await asyncio.to_thread(list_bodies, app, request[PERSON])
    return app, find_body(request, bodies, request.match_info["mission"])


def _plan(app: App, mission: Mission, act: str, form: dict[str, str], who: str) -> str:
    """One of SAID: what became of one of PLANNING, which goes the way of `naru meeting`."""
    meeting = app.store.meetings.find_next(mission.id, app.now())
    room = find_own_room(mission.id, app.store.list_bindings())
    try:
        if act == "send":
            if meeting is None or room is None:
                return "no_meeting" if meeting is None else "no_room"
            said = "sent" if send_agenda(app, meeting, room) else "sent_before"
        elif act == "withdraw":
            if meeting is None:
                return "no_meeting"
            withdraw_meeting(app, mission, meeting)
            said = "withdrawn"
        else:
            said = _set_time(app, mission, form)
    except CommandFailed:
        return "long"
    except Conflict:
        return "conflict"
    if said in ("planned", "moved", "withdrawn", "sent"):
        audit = Decision(audit=(who, f"meeting of {mission.id}: {said}"))
        app.store.commit_without_message(f"meeting-act:{uuid.uuid4().hex}", audit, app.now())
    return said


def _set_time(app: App, mission: Mission, form: dict[str, str]) -> str:
    meeting = app.store.meetings.find_next(mission.id, app.now())
    starts_at, minutes = read_moment(form["when"]), read_number(form["minutes"] or "90")
    if starts_at is None:
        return "no_time"
    starts_at = starts_at.replace(tzinfo=starts_at.tzinfo or mission.zone)
    if starts_at <= app.now() or not 5 <= minutes <= 1440:
        return "past" if starts_at <= app.now() else "no_time"
    plan_meeting(app, mission, meeting, starts_at, minutes, form["place"])
    return "moved" if meeting else "planned"


async def _render(
    request: web.Request, bodies: list[tuple[str, str]], mission: Mission, notices: Any,
    draft: dict[str, str] | None = None, status: int = 200,
) -> web.Response:  # fmt: skip
    person, app = request[PERSON], request.app[CONSOLE].app
    said = request.query.get("said", "")
    view = await asyncio.to_thread(_collect, app, person, mission)
    return render_page(
        "meetings.html", person.session.language, person, status=status, notices=notices,
        said=said if said in SAID else "", bodies=bodies, draft=draft or {},
        form_id=uuid.uuid4().hex, **view,
    )  # fmt: skip


def _collect(app: App, person: ConsoleUser, mission: Mission) -> dict[str, Any]:
    """What the page of a body shows."""
    language, zone = person.session.language, mission.zone
    agenda, today = collect_agenda(app, mission.id), mission.find_day(app.now())
    insights = [
        one for one in app.store.insights.list_insights()
        if mission.id in (one.mission, DOMESTIC)
    ]  # fmt: skip
    answers = [
        one for one in app.store.insights.list_answers()
        if mission.id == DOMESTIC or mission.id in one.told
    ]  # fmt: skip
    meeting = agenda.meeting
    return {
        "mission": mission, "mission_name": name_mission(mission, language), "meeting": meeting,
        "when": render_target(meeting.starts_at, zone, language=language) if meeting else "",
        "when_field": f"{meeting.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}" if meeting else "",
        "city": mission_city_name(mission, language), "paper": build_agenda_paper(agenda, language),
        "may_manage": may_manage(person, mission.id),
        "has_room": find_own_room(mission.id, app.store.list_bindings()) is not None,
        "resolutions": [
            (one, is_late(one, today))
            for one in app.store.meetings.list_resolutions(mission.id)
        ],
        "insights": [
            (one, name_mission(app.missions.get(one.mission), language), render_about(one, language))
            for one in insights[-SHOWN_INSIGHTS:][::-1]
        ],
        "answers": answers[-SHOWN_INSIGHTS:][::-1], "is_desk_body": mission.id == DOMESTIC,
    }  # fmt: skip
