"""`naru ask` and `naru route`: the answer to a question, and the mission that takes a case."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import AsOfOption, BatchOption, JsonOption, build_app
from adapters.cli.output import answer_batch, print_json, print_text, serialise_route
from bot.errors import BotError, UnknownPlace
from bot.phrases import render_phrase
from bot.types import Place, Route
from knowledge.types import LANGUAGES, Citation, Language, Offer

if TYPE_CHECKING:
    from adapters.bootstrap import App

LangOption = Annotated[
    str | None, typer.Option("--lang", help="ko, en or vi; detected if not given.")
]


def register(app: typer.Typer) -> None:
    """Add ask and route to `app`."""
    app.command()(ask)
    app.command()(route)


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question as a founder types it.")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="The place the question is about.")
    ] = None,
    lang: LangOption = None,
    batch: BatchOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Answer a question from the library, without opening a case.

    \f
    Raises BadParameter if there is neither a question nor a batch.
    """
    app = build_app(as_of)
    if batch is not None:
        answer_batch(batch, lambda entry: _answer_entry(app, entry))
        return
    if not question or not question.strip():
        raise typer.BadParameter("type a question, or give --batch FILE", param_hint="QUESTION")
    where = app.places.find_place(place) if place else None
    answer = _answer_question(app, question, where, _parse_language(lang))
    if json:
        print_json(answer)
    else:
        _print_answer(answer)


def route(
    place: Annotated[str | None, typer.Argument(help="A city or country, in any language.")] = None,
    topic: Annotated[
        str | None,
        typer.Option("--topic", help="Accepted and ignored: every topic has the same route."),
    ] = None,
    lang: LangOption = None,
    batch: BatchOption = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Show which mission is competent for a place and which one takes the case.

    \f
    Raises BadParameter if there is neither a place nor a batch.
    """
    del topic  # every topic has the same route today; scripts may name one already
    app = build_app(as_of)
    language = _parse_language(lang) or "ko"
    if batch is not None:
        answer_batch(batch, lambda entry: _route_entry(app, entry, language))
        return
    if not place or not place.strip():
        raise typer.BadParameter("name a place, or give --batch FILE", param_hint="PLACE")
    way = _find_route(app, app.places.find_place(place))
    reason = _render_reason(app, way, language)
    if json:
        print_json(serialise_route(way, reason))
    else:
        print_text(f"{way.mission}: {reason}")


def _find_route(app: App, place: Place | None) -> Route:
    from bot.routing.route import find_route

    return find_route(place, app.missions, app.now())


def _render_reason(app: App, route: Route, language: Language) -> str:
    from bot.routing.route_text import render_reason

    return render_reason(route, app.missions, language)


def _route_entry(app: App, entry: dict[str, Any], language: Language) -> dict[str, Any]:
    try:
        place = app.places.find_place(str(entry.get("place") or ""))
    except UnknownPlace as error:
        return {"error": str(error)}
    way = _find_route(app, place)
    return serialise_route(way, _render_reason(app, way, language))


def _answer_entry(app: App, entry: dict[str, Any]) -> dict[str, Any]:
    """The answer to one line of a batch, or an object with its error."""
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
    """The answer as `naru ask --json` prints it."""
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
        "offers": [_serialise_offer(offer) for offer in answer.offers],
        "handover": way
        and {
            "mission": way.mission,
            "via": way.via,
            "body": way.body,
            "urgency": found.urgency,
            "reason": _render_reason(app, way, answer.language),
        },
    }


def _serialise_citation(citation: Citation) -> dict[str, Any]:
    shown = asdict(citation)
    shown["heading"] = list(citation.heading)
    shown["inferred"] = list(citation.inferred)
    del shown["language"]
    if citation.checked is None:  # only a warning adds this key to the contract's
        del shown["checked"]
    if not citation.newer:
        del shown["newer"]
    return shown


def _serialise_offer(offer: Offer) -> dict[str, Any]:
    return {
        "document": offer.document,
        "heading": list(offer.heading),
        "confidence": offer.confidence,
    }


def _print_answer(answer: dict[str, Any]) -> None:
    print_text(answer["text"])
    for number, citation in enumerate(answer["citations"], 1):
        date = citation["published"] or "-"
        heading = " › ".join(citation["heading"])
        print_text(f"[{number}] {citation['issuer']} · {heading} · {date} · {citation['url']}")
    if answer["offers"]:
        print_text("\n→ To read one of them whole, ask in `naru chat` and type its number.")
    if handover := answer["handover"]:
        urgency = render_phrase("staff.urgency_" + handover["urgency"], "ko")
        print_text(f"\n→ {handover['mission']} ({urgency}): {handover['reason']}")


def _parse_language(name: Any) -> Language | None:
    if name in (None, ""):
        return None
    for known in LANGUAGES:
        if name == known:
            return known
    raise typer.BadParameter(f"Naru speaks ko, en and vi, not {name!r}.", param_hint="--lang")
