"""What every command shares: the wired Naru, the clock, how JSON and lines are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.bootstrap import App, utc_now
from adapters.errors import CommandFailed
from adapters.logs import mask_secrets
from adapters.settings import read_settings
from bot.types import Route

AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Answer as at this moment: 2026-11-21T10:00+09:00."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print for machines.")]
BatchOption = Annotated[
    Path | None,
    typer.Option("--batch", help="A file of JSON lines; one object a line comes out, in order."),
]


def build_app(as_of: str | None = None, **choices: Any) -> App:
    """Naru, wired from the settings; `as_of` stops its clock and `choices` are further arguments
    of App. Raises SettingsError for a wrong setting and BadParameter for a wrong `as_of`."""
    settings = read_settings()
    mask_secrets(settings.list_secrets())
    return App(settings, now=make_clock(as_of), **choices)


def make_clock(as_of: str | None) -> Callable[[], datetime]:
    """The clock, stopped at a moment if one is given."""
    if as_of is None:
        return utc_now
    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise typer.BadParameter(
            f"{as_of!r} is not a moment; write 2026-11-21T10:00+09:00", param_hint="--as-of"
        ) from error
    fixed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return lambda: fixed


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    print(json.dumps(value, ensure_ascii=False, default=_to_jsonable))


def answer_batch(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """One object out for each line of a JSON-lines file, in order, under the line's id; a line
    that cannot be answered gets an object that says why, and the others go on."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        entry: Any = None
        with suppress(ValueError, RecursionError):
            entry = json.loads(line)
        if isinstance(entry, dict):
            print_json({"id": entry.get("id"), **answer(entry)})
        else:
            print_json({"id": None, "error": f"line {number} is not a JSON object"})


def serialise_route(route: Route) -> dict[str, Any]:
    """A route as `naru route --json` prints it."""
    place = route.place
    return {
        "place": place
        and {"name": place.name, "country": place.country, "lat": place.lat, "lon": place.lon},
        "competent": route.competent,
        "mission": route.mission,
        "via": route.via,
        "body": route.body,
        "reason": route.reason,
        "opens_at": route.opens_at.isoformat(timespec="minutes"),
    }


def _to_jsonable(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return asdict(value)
