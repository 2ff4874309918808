"""What the pages about a body share: which bodies a person sees, and how an act on one is sent."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.people import ConsoleUser
from adapters.console.rendering import MOST_CHARACTERS, name_mission, render_text
from adapters.console.site import CONSOLE, PERSON
from bot.admin.console.body_acts import BodyAct, build_body_event
from bot.admin.console.events import REPLY_LIMIT_CHARACTERS
from bot.types import DOMESTIC, ConsoleNotice, Mission

if TYPE_CHECKING:
    from adapters.bootstrap import App


def list_bodies(app: App, person: ConsoleUser) -> list[tuple[str, str]]:
    """The bodies that a person sees, by id and name: their own first, then those with a room, then
    the others by name."""
    language, bound = person.session.language, {one.mission for one in app.store.list_bindings()}
    seen = [one.id for one in app.missions if person.sees_mission(one.id)]
    if person.sees_mission(DOMESTIC):
        seen.append(DOMESTIC)
    named = [(one, name_mission(app.missions.get(one), language)) for one in seen]
    return sorted(
        named, key=lambda one: (one[0] not in person.missions, one[0] not in bound, one[1])
    )


def find_body(request: web.Request, bodies: list[tuple[str, str]], wanted: str) -> Mission:
    """The body that is wanted, "" for the first. Raises HTTPNotFound, the same for one that there is
    not and for one that the person may not see."""
    id = wanted or (bodies[0][0] if bodies else "")
    if id not in dict(bodies):
        text = render_text("body.unknown", request[PERSON].session.language)
        raise web.HTTPNotFound(text=text)
    return request.app[CONSOLE].app.build_services().missions.get(id)


def may_manage(person: ConsoleUser, mission: str) -> bool:
    """Whether a person keeps what concerns a body: its lead, the domestic body and admins."""
    leads = any(one.is_lead and one.mission == mission for one in person.members)
    return leads or person.is_desk or person.is_admin


async def send_act(
    request: web.Request, mission: str, command: str, text: str
) -> ConsoleNotice | None:
    """Send a command about a body; what became of it, None if no worker got to it yet. A notice
    counts as seen. Raises HTTPRequestEntityTooLarge for too long a text."""
    person, console = request[PERSON], request.app[CONSOLE]
    if len(text) > REPLY_LIMIT_CHARACTERS:
        too_long = render_text("body.too_long", person.session.language, most=MOST_CHARACTERS)
        raise web.HTTPRequestEntityTooLarge(REPLY_LIMIT_CHARACTERS, len(text), text=too_long)
    form = await request.post()
    id = str(form.get("id") or uuid.uuid4().hex)[:64]
    language = person.session.language
    act = BodyAct(id, person.account, person.name, mission, command, text, language)
    return await console.sender.send_event(build_body_event(act))


async def take_notices(request: web.Request) -> list[ConsoleNotice]:
    """The notices that the person of a request has not seen yet."""
    app, account = request.app[CONSOLE].app, request[PERSON].account
    return await asyncio.to_thread(app.store.console.notices.take_unseen, account, app.now())
