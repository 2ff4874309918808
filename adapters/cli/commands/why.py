"""`naru why`: what a question finds of a document, and why that is not said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import AsOfOption, JsonOption, build_app, read_language
from adapters.cli.output import print_json, print_text

if TYPE_CHECKING:
    from knowledge.answering.explanation import Explanation
    from knowledge.decision.confidence import ScoredHit

STATES = {
    "in force": "in force",
    "not published": "not published yet, so it is neither said nor offered",
    "not begun": "not in force yet, so it is neither said nor offered",
    "closed": "closed since {expires}: it may be named as closed, never said as in force",
    "superseded": "replaced by {newer}, so it is neither said nor offered",
    "older": "the older notice of its programme; the newer is {newer}",
}
# By the name of a feature: the rule that keeps a section from being said.
HINDRANCES = {
    "match": "it matches too little: {match:.2f}, said from {said_match:.2f}",
    "lead": "other documents are as likely: its share is {lead:.2f}, said from {said_lead:.2f}",
    "names": "it lacks a year, place or abbreviation that the question names",
    "kind": "it does not state the kind of thing asked for (an amount, a day, a number to call …)",
}


def register(app: typer.Typer) -> None:
    """Add why to `app`."""
    app.command()(why)


def why(
    question: Annotated[str, typer.Argument(help="The question as a founder typed it.")],
    document: Annotated[
        str | None,
        typer.Option(
            "--document",
            help="The document that should answer it: its id, title or file's name. Without it "
            "the three in which most of the question is found.",
        ),
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", help="ko, en or vi; detected if not given.")
    ] = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Say why documents do not answer a question: missing words, rank, confidence, dates.

    \f
    Raises BadParameter for another language, DocumentUnknown for a document that the library lacks.
    """
    from knowledge.answering.explanation import (
        explain_document,
        find_document,
        find_nearest_documents,
    )
    from knowledge.decision.confidence import ConfidenceModel
    from knowledge.text.language import detect_language
    from knowledge.types import Question

    app = build_app(as_of)
    language = read_language(lang) if lang else detect_language(question)
    place = app.places.find_mentioned_place(question)
    asked = Question(question, language, app.now(), (), (place.name,) if place else ())
    edition = app.library.get_current_edition()
    about = (
        (find_document(edition, document),)
        if document is not None
        else find_nearest_documents(edition, asked, app.retriever)
    )
    model = ConfidenceModel()
    found = [
        explain_document(edition, asked, one, app.retriever, model, app.glossary) for one in about
    ]
    if json and document is None:
        print_json({"documents": [_serialise(one) for one in found]})
    elif json:
        print_json(_serialise(found[0]))
    else:
        shown = ["\n".join(render_explanation(one)) for one in found]
        print_text("\n\n".join(shown) or "No document has a word or the sense of the question.")


def render_explanation(found: Explanation) -> list[str]:
    """The lines that an admin reads."""
    from knowledge.decision.verdict import SAID_LEAD, SAID_MATCH

    about, best, limits = found.document, found.best, found.thresholds
    newer = f"{found.newer.title} ({found.newer.id})" if found.newer else ""
    state = STATES[found.state].format(expires=about.expires, newer=newer)
    lines = [f"document    {about.title} ({about.id}): {state}"]
    if best is None:
        return [*lines, "section     none has a word or the sense of the question"]
    rank = f"rank {found.rank} of {found.considered}" if found.rank else "not among those found"
    lines.append(f"section     {_name_section(best)}: {rank}")
    lines.append(
        f"confidence  {best.confidence:.2f}; offered from {limits.offer:.2f}, said from {limits.say:.2f}"
    )
    lines.append(f"has         {', '.join(found.has) or '-'}")
    lacks = (f"{one.word}{'' if one.in_library else ' (in no document)'}" for one in found.lacks)
    lines.append(f"lacks       {', '.join(lacks) or '-'}")
    numbers = {**best.features, "said_match": SAID_MATCH, "said_lead": SAID_LEAD}
    lines += [f"not said    {HINDRANCES[one].format(**numbers)}" for one in found.hindrances]
    for number, one in enumerate(found.ahead, 1):
        title = one.hit.passage.document.title
        lines.append(f"before it   {number}. {title} > {_name_section(one)} ({one.confidence:.2f})")
    return lines


def _serialise(found: Explanation) -> dict[str, Any]:
    best = found.best
    return {
        "document": found.document.id,
        "state": found.state,
        "newer": found.newer and found.newer.id,
        "heading": best and list(best.hit.passage.heading),
        "rank": found.rank,
        "considered": found.considered,
        "confidence": best and round(best.confidence, 3),
        "offered_from": found.thresholds.offer,
        "said_from": found.thresholds.say,
        "has": list(found.has),
        "lacks": [{"word": one.word, "in_library": one.in_library} for one in found.lacks],
        "not_said": list(found.hindrances),
        "ahead": [
            {
                "document": one.hit.passage.document.id,
                "heading": list(one.hit.passage.heading),
                "confidence": round(one.confidence, 3),
            }
            for one in found.ahead
        ],
    }


def _name_section(one: ScoredHit) -> str:
    return one.hit.passage.heading[-1]
