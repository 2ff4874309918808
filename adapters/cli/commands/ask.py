"""`naru ask` and `naru route`: the first reply of a chat, and the mission that takes a case."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import AsOfOption, BatchOption, JsonOption, build_app, read_language
from adapters.cli.output import answer_batch, print_json, print_text, serialise_route
from adapters.cli.progress import show_working
from bot.errors import BotError, UnknownPlace
from knowledge.types import Citation, Language, Offer

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.founder.dry_run import DryRunResult
    from bot.types import Place, Route, Urgency

RULE = "─" * 40  # between what a founder reads and what only the command says

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
    """Show what a founder reads who asks this in a new chat, without opening a case.

    \f
    Raises BadParameter if there is neither a question nor a batch.
    """
    app = build_app(as_of)
    if batch is not None:
        answer_batch(batch, lambda entry: _answer_entry(app, entry))
        return
    if not question or not question.strip():
        raise typer.BadParameter("type a question, or give --batch FILE", param_hint="QUESTION")
    with show_working("Naru is looking it up …"):
        where = app.places.find_place(place) if place else None
        found = _ask_in_new_chat(app, question, where, _parse_language(lang))
    if json:
        print_json(_serialise_result(app, found))
    else:
        _print_result(app, found)


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

    return find_route(
        place, app.build_services().missions, app.now()
    )  # with the hours that are set


def _render_reason(app: App, route: Route, language: Language) -> str:
    from bot.routing.route_text import render_reason

    return render_reason(route, app.missions, language)


def _route_entry(app: App, entry: dict[str, Any], language: Language) -> dict[str, Any]:
    if not isinstance(entry.get("place"), str):
        return {"error": _describe_missing(entry, "place")}
    try:
        place = app.places.find_place(entry["place"])
    except UnknownPlace as error:
        return {"error": str(error)}
    way = _find_route(app, place)
    return serialise_route(way, _render_reason(app, way, language))


def _answer_entry(app: App, entry: dict[str, Any]) -> dict[str, Any]:
    """The answer to one line of a batch, or an object with its error."""
    asked = entry.get("question")
    if not isinstance(asked, str) or not (text := asked.strip()):
        return {"error": _describe_missing(entry, "question")}
    try:
        place = app.places.find_place(str(entry["place"])) if entry.get("place") else None
        language = _parse_language(entry.get("lang"))
    except (BotError, typer.BadParameter) as error:
        return {"error": str(error)}
    return _serialise_result(app, _ask_in_new_chat(app, text, place, language))


def _ask_in_new_chat(
    app: App, question: str, place: Place | None, language: Language | None
) -> DryRunResult:
    from bot.founder.dry_run import run_dry_run

    return run_dry_run(app.build_services(), question, place, language)


def _serialise_result(app: App, found: DryRunResult) -> dict[str, Any]:
    """What `naru ask --json` prints."""
    from adapters.terminal import render_content

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
        "shown": [render_content(content) for content in found.shown],
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


def _print_result(app: App, found: DryRunResult) -> None:
    """What the founder reads, and below a line what those should know who only tried it."""
    from adapters.terminal import render_content
    from bot.phrases import render_phrase

    language = found.answer.language
    print_text("\n\n".join(render_content(content) for content in found.shown))
    notes = []
    if found.opens_case:
        notes.append(render_phrase("ask.no_case", language))
    elif found.awaited == "place":
        notes.append(render_phrase("ask.no_case_yet", language))
    elif any(content.buttons for content in found.shown):
        notes.append(render_phrase("ask.numbers", language))
    if way := found.handover:
        notes.append(_render_handover(app, way, found.urgency, language))
    if notes:
        print_text("\n".join((RULE, *notes)))


def _render_handover(app: App, way: Route, urgency: Urgency, language: Language) -> str:
    """Who would take a case, how urgent it is, and why they."""
    from bot.missions.missions import mission_name
    from bot.phrases import render_phrase

    return render_phrase(
        "ask.handover",
        language,
        mission=mission_name(app.missions.get(way.mission), language),
        urgency=render_phrase(f"founder.urgency_{urgency}", language),
        reason=_render_reason(app, way, language),
    )


def _parse_language(name: Any) -> Language | None:
    return None if name in (None, "") else read_language(name)


def _describe_missing(entry: dict[str, Any], name: str) -> str:
    """What is wrong with a line of a batch that has no text under `name`."""
    if name in entry:
        return f'"{name}" must be a text in quotation marks that is not empty.'
    has = ", ".join(f'"{key}"' for key in entry) or "nothing"
    return f'it has no "{name}" (it has {has}). Write {{"id": "1", "{name}": "…"}}.'
