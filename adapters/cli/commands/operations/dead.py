"""`naru dead`: events and messages that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.store.readers.dead_letters import DeadLetter

COMMAND_LINE = "command line"
ACTS = ("show", "retry", "drop")
NOT_KEPT = "cannot be tried again: its words are not kept any more. `naru dead drop` closes it."
A_CARD = "is the card of a case, which no room would show without it. `naru dead retry` sends it."
SHOWN_ERROR_CHARACTERS = 100  # in the list


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(dead)


def dead(
    act: Annotated[
        str, typer.Argument(help="show, retry or drop; without it all are listed.")
    ] = "",
    ids: Annotated[
        list[str] | None, typer.Argument(help="Which: in-12 (an event), out-7 (a message) …")
    ] = None,
    words: Annotated[
        bool, typer.Option("--words", help="With show: what it says; this is recorded.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """List the events and messages that were given up; show one, try it again, or drop it for good.

    \f
    Raises BadParameter for another word and CommandFailed for what is not dead, or of which nothing is
    kept that could be tried again, or that is the card of a case.
    """
    if act and act not in ACTS:
        raise typer.BadParameter(f"write {', '.join(ACTS)}, or nothing", param_hint="ACT")
    if act and not ids:
        raise typer.BadParameter(f"name one: naru dead {act} in-12", param_hint="IDS")
    app = build_app()
    if not act:
        _print_list(app.store.dead_letters.list_all(), json)
        return
    found = [_find(app, id) for id in dict.fromkeys(ids or ())]  # all, before one is changed
    if act == "show":
        if words:
            listed = [one.id for one in found]
            app.store.dead_letters.note_reading(listed, COMMAND_LINE, app.now())
        for one in found:
            _print_one(one, words, json)
        return
    change, done, why_not = {
        "retry": (app.store.dead_letters.retry, "is owed again", NOT_KEPT),
        "drop": (app.store.dead_letters.drop, "is dropped", A_CARD),
    }[act]
    for one in found:
        if not change(one.id, COMMAND_LINE, app.now()):
            raise CommandFailed(f"{one.id} {why_not}")
        if json:
            print_json({"id": one.id, "done": act})
        else:
            print_text(f"{one.id} {done}.")


def _find(app: App, id: str) -> DeadLetter:
    letter = app.store.dead_letters.find(id)
    if letter is None:
        raise CommandFailed(f"{id} is no dead letter. `naru dead` lists them.")
    return letter


def _print_list(letters: Sequence[DeadLetter], json: bool) -> None:
    if json:
        print_json([_describe(one, with_words=False) for one in letters])
        return
    for one in letters:
        case = f"#{one.case} " if one.case else ""
        error = one.error[:SHOWN_ERROR_CHARACTERS]
        print_text(f"{one.id}  {one.since:%Y-%m-%d %H:%M}  {one.channel}  {case}{error}")
    if not letters:
        print_text("Nothing was given up.")


def _print_one(letter: DeadLetter, with_words: bool, json: bool) -> None:
    shown = _describe(letter, with_words=with_words)
    if json:
        print_json(shown)
        return
    for name, value in shown.items():
        print_text(f"{name}: {'-' if value is None else value}")
    if not letter.words:
        print_text("Its words are not kept any more.")


def _describe(letter: DeadLetter, *, with_words: bool) -> dict[str, object]:
    """The letter; the ids of people and what it says only where that is asked for and recorded."""
    shown: dict[str, object] = {**asdict(letter), "since": letter.since.isoformat()}
    if not with_words:
        del shown["words"], shown["lane"]
    return shown
