"""`naru ask` and `naru route`: what would be said, and who would take it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import AsOfOption, BatchOption, JsonOption, build_app
from adapters.cli.output import answer_batch, print_json, serialise_route
from bot.errors import BotError, UnknownPlace
from bot.phrases import render_phrase
from bot.types import Place, Route
from knowledge.types import LANGUAGES, Citation, Language

if TYPE_CHECKING:
    from adapters.bootstrap import App

LangOption = Annotated[str | None, typer.Option("--lang", help="ko, en or vi; otherwise detected.")]


def register(app: typer.Typer) -> None:
    app.command()(ask)
    app.command()(route)


def ask(
    question: Annotated[str | None, typer.Argument(help="What a founder would type.")] = None,
    place: Annotated[str | None, typer.Option("--place", help="Where the matter is.")] = None,
    lang: LangOption = None,
    batch: BatchOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a question from the library; opens no case."""
    app = build_app(as_of)
    if batch is not None:
        answer_batch(batch, lambda entry: _answer_entry(app, entry))
        return
    if not question or not question.strip():
        raise typer.BadParameter("type a question, or give --batch FILE", param_hint="QUESTION")
    where = app.places.find_place(place) if place else None
    found = _answer_question(app, question, where, _parse_language(lang))
    if json:
        print_json(found)
    else:
        _print_answer(found)


def route(
    place: Annotated[str | None, typer.Argument(help="A city or country, in any language.")] = None,
    topic: Annotated[str | None, typer.Option("--topic", help="What the matter is about.")] = None,
    lang: LangOption = None,
    batch: BatchOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Name the competent mission of a place and who takes the case."""
    del topic  # every topic goes the same way today; scripts may already name one
    app = build_app(as_of)
    language = _parse_language(lang) or "ko"
    if batch is not None:
        answer_batch(batch, lambda entry: _route_entry(app, entry, language))
        return
    if not place or not place.strip():
        raise typer.BadParameter("name a place, or give --batch FILE", param_hint="PLACE")
    way = _find_route(app, app.places.find_place(place), language)
    if json:
        print_json(serialise_route(way))
    else:
        print(f"{way.mission}: {way.reason}")


def _find_route(app: App, place: Place | None, language: Language) -> Route:
    from bot.routing import find_route as find

    return find(place, app.missions, language, app.now())


def _route_entry(app: App, entry: dict[str, Any], language: Language) -> dict[str, Any]:
    try:
        place = app.places.find_place(str(entry.get("place") or ""))
    except UnknownPlace as error:
        return {"error": str(error)}
    return serialise_route(_find_route(app, place, language))


def _answer_entry(app: App, entry: dict[str, Any]) -> dict[str, Any]:
    """One line of a batch: its answer, or what is wrong with it; the others go on."""
    text = str(entry.get("question") or "").strip()
    if not text:
        return {"error": "this line has no question"}
    try:
        place = app.places.find_place(str(entry["place"])) if entry.get("place") else None
        language = _parse_language(entry.get("lang"))
    except (BotError, typer.BadParameter) as error:
        return {"error": str(error)}
    return _answer_question(app, text, place, language)


def _answer_question(
    app: App, question: str, place: Place | None, language: Language | None
) -> dict[str, Any]:
    """The object of the contract."""
    from bot.founder.dry_run import run_dry_run

    found = run_dry_run(app.build_services(), question, place, language)
    answer, way = found.answer, found.handover
    return {
        "verdict": answer.verdict,
        "language": answer.language,
        "text": answer.text,
        "confidence": answer.confidence,
        "edition": answer.edition,
        "citations": [_serialise_citation(citation) for citation in answer.citations],
        "handover": way
        and {
            "mission": way.mission,
            "via": way.via,
            "body": way.body,
            "urgency": found.urgency,
            "reason": way.reason,
        },
    }


def _serialise_citation(citation: Citation) -> dict[str, Any]:
    shown = asdict(citation)
    shown["heading"] = list(citation.heading)
    shown["inferred"] = list(citation.inferred)
    del shown["language"]
    if citation.checked is None:  # the contract's keys, and this one only where it warns
        del shown["checked"]
    return shown


def _print_answer(found: dict[str, Any]) -> None:
    print(found["text"])
    for number, one in enumerate(found["citations"], 1):
        date = one["published"] or "-"
        heading = " › ".join(one["heading"])
        print(f"[{number}] {one['issuer']} · {heading} · {date} · {one['url']}")
    if way := found["handover"]:
        print(
            f"\n→ {way['mission']} ({render_phrase('staff.urgency_' + way['urgency'], 'ko')}): {way['reason']}"
        )


def _parse_language(name: Any) -> Language | None:
    if name in (None, ""):
        return None
    for known in LANGUAGES:
        if name == known:
            return known
    raise typer.BadParameter(f"Naru speaks ko, en and vi, not {name!r}.", param_hint="--lang")
