"""The question that a member of staff tries: the answer as a founder would read it, and below every
section that was considered. Nothing of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.rendering import name_mission, render_page, render_text
from adapters.console.site import CONSOLE, PERSON
from adapters.terminal import render_content
from bot.errors import UnknownPlace
from bot.founder.dry_run import DryRunResult, run_dry_run
from bot.routing.route_text import render_reason
from bot.types import DOMESTIC, Place
from knowledge.answering.explanation import Candidate, list_candidates
from knowledge.decision.confidence import ConfidenceModel
from knowledge.errors import LibraryMissing
from knowledge.retrieval.retriever import Retriever
from knowledge.types import LANGUAGES, Language, Question

if TYPE_CHECKING:
    from adapters.bootstrap import App

ROUTES = web.RouteTableDef()

QUESTION_LIMIT_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class TriedQuestion:
    """What a question led to. `texts` are the messages that a founder reads."""

    result: DryRunResult
    texts: Sequence[str]
    candidates: Sequence[Candidate]
    mission: str = ""
    reason: str = ""


@ROUTES.get("/try")
async def show_form(request: web.Request) -> web.StreamResponse:
    """The form."""
    return render_trial(request, None)


@ROUTES.post("/try")
async def try_question(request: web.Request) -> web.StreamResponse:
    """The form with what its question leads to. It changes nothing, so there is nothing to redirect
    from; and what is typed stands in no address."""
    person, app = request[PERSON], request.app[CONSOLE].app
    form = await request.post()
    given = {
        name: str(form.get(name, "")).strip() for name in ("text", "place", "mission", "language")
    }
    language = next((one for one in LANGUAGES if one == given["language"]), None)
    problem = ""
    if not given["text"] or len(given["text"]) > QUESTION_LIMIT_CHARACTERS:
        problem = "too_long" if given["text"] else "empty"
    trial = None
    if not problem:
        try:
            place = await asyncio.to_thread(find_place, app, given["place"], given["mission"])
            trial = await asyncio.to_thread(
                run_trial, app, given["text"], place, language, person.session.language
            )
        except UnknownPlace:
            problem = "unknown_place"
        except LibraryMissing:
            problem = "no_library"
    return render_trial(request, trial, given, problem)


def render_trial(
    request: web.Request,
    trial: TriedQuestion | None,
    given: dict[str, str] | None = None,
    problem: str = "",
) -> web.Response:
    """The page."""
    person, app = request[PERSON], request.app[CONSOLE].app
    language = person.session.language
    missions = sorted(
        (name_mission(one, language), one.id)
        for one in app.missions if one.id != DOMESTIC
    )  # fmt: skip
    empty = {"text": "", "place": "", "mission": "", "language": ""}
    said = (
        render_text(f"trial.{problem}", language, most=QUESTION_LIMIT_CHARACTERS) if problem else ""
    )
    return render_page(
        "trial.html", language, person, status=422 if problem else 200, trial=trial,
        given=given or empty, problem=said, missions=missions, languages=LANGUAGES,
    )  # fmt: skip


def find_place(app: App, words: str, mission: str) -> Place | None:
    """The place that was typed, else the city of the mission that was chosen. Raises UnknownPlace."""
    if words:
        return app.places.find_place(words)
    found = next((one for one in app.missions if one.id == mission), None)
    if found is None:
        return None
    return Place(found.city, found.country, found.lat, found.lon, city=found.city, hint=found.id)


def run_trial(
    app: App, text: str, place: Place | None, language: Language | None, reader: Language
) -> TriedQuestion:
    """What a founder would read who asks this in a new chat, without a case and without a record.
    Raises LibraryMissing where no edition was ingested."""
    services = app.build_services()
    library = app.chain.library  # the one that answers
    edition = library.get_current_edition()
    result = run_dry_run(services, text, place, language)
    where = place or app.places.find_mentioned_place(text)
    words = (where.name,) if where else ()
    asked = Question(text, result.answer.language, app.now(), (), words)
    candidates = list_candidates(
        edition, asked, Retriever(library.glossary, library.embedder),
        ConfidenceModel(),
    )  # fmt: skip
    way, texts = result.handover, [render_content(one) for one in result.shown]
    if way is None:
        return TriedQuestion(result, texts, candidates)
    name = name_mission(services.missions.get(way.mission), reader)
    return TriedQuestion(
        result, texts, candidates, name, render_reason(way, services.missions, reader)
    )
