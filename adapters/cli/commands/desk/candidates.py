"""`naru candidates`: answers that staff called wrong, for a person to make exam questions of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text, write_file

if TYPE_CHECKING:
    from bot.types import LoggedAnswer


def candidates(
    out: Annotated[
        Path | None, typer.Option("--out", help="Write them to a YAML file instead.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the answers that staff called wrong, as YAML to make exam questions of.

    \f
    Raises CommandFailed for a file that cannot be written.
    """
    import yaml

    from bot.store.console.answers import AnswerFilter

    found = build_app().store.console.answers.list_answers(AnswerFilter(wrong_only=True))
    entries = [_serialise(one) for one in found]
    if json:
        print_json({"candidates": entries})
        return
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1_000)
    if out is None:
        print_text(text.rstrip() if entries else "No answer was called wrong.")
        return
    write_file(out, text)
    print_text(f"{len(entries)} written to {out}. Read each before it becomes an exam question.")


def _serialise(one: LoggedAnswer) -> dict[str, Any]:
    """A candidate. It says nothing of `answerable`, without which an exam refuses it: that, and what
    has to be said, a person decides."""
    return {
        "id": f"candidate-{one.number}",
        "language": one.language,
        "question": one.question,
        "asked_at": one.at.isoformat(),
        "verdict": one.verdict,
        "answer": one.answer,
        "right": one.right,
        "said_by": one.wrong_by,
        "said_at": one.wrong_at.isoformat() if one.wrong_at else None,
    }
