"""`naru ask` and `naru route`: what would be said, and who would take it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from adapters.bootstrap import App
from adapters.cli.output import (
    AsOf,
    Batch,
    Json,
    naru,
    show_each,
    show_json,
    shown_route,
)
from bot.errors import BotError, UnknownPlace
from bot.phrases import say
from bot.types import Place, Route
from knowledge.types import LANGUAGES, Citation, Language

Lang = Annotated[str | None, typer.Option("--lang", help="ko, en or vi; otherwise detected.")]


def register(app: typer.Typer) -> None:
    app.command()(ask)
    app.command()(route)


def ask(
    question: Annotated[str | None, typer.Argument(help="What a founder would type.")] = None,
    place: Annotated[str | None, typer.Option("--place", help="Where the matter is.")] = None,
    lang: Lang = None,
    batch: Batch = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Answer a question from the library; opens no case."""
    app = naru(as_of)
    if batch is not None:
        show_each(batch, lambda entry: _batched(app, entry))
        return
    if not question or not question.strip():
        raise typer.BadParameter("type a question, or give --batch FILE", param_hint="QUESTION")
    where = app.places.find(place) if place else None
    found = _asked(app, question, where, _language(lang))
    if json:
        show_json(found)
    else:
        _print_answer(found)


def route(
    place: Annotated[str | None, typer.Argument(help="A city or country, in any language.")] = None,
    topic: Annotated[str | None, typer.Option("--topic", help="What the matter is about.")] = None,
    lang: Lang = None,
    batch: Batch = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Name the competent mission of a place and who takes the case."""
    del topic  # every topic goes the same way today; scripts may already name one
    app = naru(as_of)
    language = _language(lang) or "ko"
    if batch is not None:
        show_each(batch, lambda entry: _routed(app, entry, language))
        return
    if not place or not place.strip():
        raise typer.BadParameter("name a place, or give --batch FILE", param_hint="PLACE")
    way = _route(app, app.places.find(place), language)
    if json:
        show_json(shown_route(way))
    else:
        print(f"{way.mission}: {way.reason}")


def _route(app: App, place: Place | None, language: Language) -> Route:
    from bot.routing import route as find

    return find(place, app.missions, language, app.now())


def _routed(app: App, entry: dict[str, Any], language: Language) -> dict[str, Any]:
    try:
        place = app.places.find(str(entry.get("place") or ""))
    except UnknownPlace as error:
        return {"error": str(error)}
    return shown_route(_route(app, place, language))


def _batched(app: App, entry: dict[str, Any]) -> dict[str, Any]:
    """One line of a batch: its answer, or what is wrong with it; the others go on."""
    text = str(entry.get("question") or "").strip()
    if not text:
        return {"error": "this line has no question"}
    try:
        place = app.places.find(str(entry["place"])) if entry.get("place") else None
        language = _language(entry.get("lang"))
    except (BotError, typer.BadParameter) as error:
        return {"error": str(error)}
    return _asked(app, text, place, language)


def _asked(
    app: App, question: str, place: Place | None, language: Language | None
) -> dict[str, Any]:
    """The object of the contract."""
    from bot.founder.dry_run import consult

    found = consult(app.tools(), question, place, language)
    answer, way = found.answer, found.handover
    return {
        "verdict": answer.verdict,
        "language": answer.language,
        "text": answer.text,
        "confidence": answer.confidence,
        "edition": answer.edition,
        "citations": [_citation(citation) for citation in answer.citations],
        "handover": way
        and {
            "mission": way.mission,
            "via": way.via,
            "body": way.body,
            "urgency": found.urgency,
            "reason": way.reason,
        },
    }


def _citation(citation: Citation) -> dict[str, Any]:
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
            f"\n→ {way['mission']} ({say('staff.urgency_' + way['urgency'], 'ko')}): {way['reason']}"
        )


def _language(name: Any) -> Language | None:
    if name in (None, ""):
        return None
    for known in LANGUAGES:
        if name == known:
            return known
    raise typer.BadParameter(f"Naru speaks ko, en and vi, not {name!r}.", param_hint="--lang")
