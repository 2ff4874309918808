"""The log of answers: filtered and paged; a wrong one becomes a candidate for the exam."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, get_args
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from adapters.console.fields import begin_day, read_day, read_number
from adapters.console.people import ConsoleUser
from adapters.console.rendering import name_mission, render_page, render_text, see_other
from adapters.console.site import CONSOLE, PERSON
from bot.admin.console.events import REPLY_LIMIT_CHARACTERS, WRONG_ANSWER, ConsoleAct
from bot.admin.desk.digest import list_countries
from bot.admin.desk.topics import load_topics
from bot.routing.route_text import translate_country
from bot.store.console.answers import OUTCOMES, AnswerFilter
from bot.types import DOMESTIC, LoggedAnswer, Thumb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from adapters.bootstrap import App

ROUTES = web.RouteTableDef()

PAGE_ROWS = 25
THUMBS: tuple[Thumb, ...] = tuple(one for one in get_args(Thumb) if one)
FILTERS = ("outcome", "thumb", "topic", "country", "since", "until", "wrong")


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One page of the log: `number` counts from 1 to `last`."""

    answers: list[LoggedAnswer]
    count: int
    number: int
    last: int


@ROUTES.get("/answers")
async def show_answers(request: web.Request) -> web.StreamResponse:
    """A page of the answers that the filter lets through."""
    person, app = request[PERSON], request.app[CONSOLE].app
    language = person.session.language
    given = {name: request.query.get(name, "") for name in FILTERS}
    wanted = read_filter(given, person)
    number = read_number(request.query.get("page", ""), 1)
    page = await asyncio.to_thread(load_page, app, wanted, number)
    notices = await asyncio.to_thread(
        app.store.console.notices.take_unseen, person.account, app.now()
    )
    topics = load_topics()
    countries = {code: translate_country(code, language) for code in list_countries(app.missions)}
    missions = (*app.missions, app.missions.get(DOMESTIC))
    return render_page(
        "answers.html", language, person, page=page, given=given, notices=notices,
        outcomes=OUTCOMES, thumbs=THUMBS, countries=countries,
        topics={one: topics.label(one, language) for one in topics.labels},
        query=urlencode({name: value for name, value in given.items() if value}),
        missions={one.id: name_mission(one, language) for one in missions},
        is_late=request.query.get("sent") == "later", most=REPLY_LIMIT_CHARACTERS,
        new_id=lambda: uuid.uuid4().hex,
    )  # fmt: skip


@ROUTES.post(r"/answers/{number:\d+}/wrong")
async def call_wrong(request: web.Request) -> web.StreamResponse:
    """Say that an answer is wrong, and what would be right. Raises HTTPBadRequest without the latter,
    HTTPNotFound for an answer that is not there or not for them to see."""
    person, console = request[PERSON], request.app[CONSOLE]
    number, form = read_number(request.match_info["number"]), await request.post()
    language = person.session.language
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()
    answer = await asyncio.to_thread(console.app.store.console.answers.find, number)
    if answer is None or not person.sees_mission(answer.mission):
        raise web.HTTPNotFound(text=render_text("answers.unknown", language, number=number))
    if not text or len(text) > REPLY_LIMIT_CHARACTERS:
        raise web.HTTPBadRequest(text=render_text("answers.say_right", language))
    act = ConsoleAct(
        str(form.get("id") or uuid.uuid4().hex)[:64], person.account, person.name, number,
        WRONG_ANSWER, text, language=language,
    )  # fmt: skip
    notice = await console.sender.send(act)
    query = urlencode(parse_qsl(str(form.get("query", ""))))
    return see_other(f"/answers?{query}{'' if notice else '&sent=later'}#answer-{number}")


def load_page(app: App, wanted: AnswerFilter, number: int) -> AnswerPage:
    """One page of the wanted answers, the last where there are not as many."""
    log = app.store.console.answers
    count = log.count(wanted)
    last = max(1, -(-count // PAGE_ROWS))
    number = min(max(1, number), last)
    rows = log.list_answers(wanted, limit=PAGE_ROWS, offset=PAGE_ROWS * (number - 1))
    return AnswerPage(rows, count, number, last)


def read_filter(given: Mapping[str, str], person: ConsoleUser) -> AnswerFilter:
    """The filter that a form means, of what its person may see; what it does not know is left out."""
    since, until = read_day(given["since"]), read_day(given["until"])
    return AnswerFilter(
        select_missions(person),
        next((one for one in OUTCOMES if one == given["outcome"]), None),
        next((one for one in THUMBS if one == given["thumb"]), ""),
        given["topic"][:40], given["country"][:2],
        begin_day(since) if since else None,
        begin_day(until + timedelta(days=1)) if until else None, bool(given["wrong"]),
    )  # fmt: skip


def select_missions(person: ConsoleUser) -> tuple[str, ...] | None:
    """The missions whose answers they may see; None for all."""
    return None if person.is_admin or person.is_desk else person.missions
