"""How commands print JSON and answer batches."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.errors import CommandFailed
from adapters.settings.log import escape_controls

if TYPE_CHECKING:
    from bot.types import Route


def print_text(text: str, *, error: bool = False) -> None:
    """Print a line for people, on stderr for an `error`; what others wrote cannot steer the
    terminal with it."""
    print(escape_controls(text), file=sys.stderr if error else sys.stdout)


def print_json(value: Any) -> None:
    """Print one JSON value on one line; dataclasses become objects, moments ISO 8601."""
    line = json.dumps(value, ensure_ascii=False, default=_to_jsonable)
    print(re.sub(r"[\x7f-\x9f\u061c\u200e-\u200f\u202a-\u202e\u2066-\u2069]", _escape_json, line))


def write_file(path: Path, data: str | bytes) -> None:
    """Write what a command was told to write. Raises CommandFailed for a file that cannot be written."""
    try:
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be written: {error}.") from error


def answer_batch(path: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Print one object for each line of a JSON Lines file (`-`: stdin), in order, with its id.

    A line that cannot be answered gets an object with an error that names the line, what is wrong
    with it and what to write; the others are still answered. Raises CommandFailed if the file cannot be read.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = _read_line(line)
        except ValueError as error:
            print_json({"id": None, "error": f"line {number} {error}"})
            continue
        answered = answer(entry)
        if "error" in answered:
            answered["error"] = f"line {number}: {answered['error']}"
        print_json({"id": entry.get("id"), **answered})


def _read_line(line: str) -> dict[str, Any]:
    """The object of a line of a batch. Raises ValueError with the rest of a sentence."""
    try:
        entry = json.loads(line)
    except json.JSONDecodeError as error:
        wrong = f"is not JSON ({error.msg} at character {error.pos + 1})"
    except RecursionError:
        wrong = "is nested too deeply"
    else:
        if isinstance(entry, dict):
            return entry
        wrong = "is not a JSON object"
    raise ValueError(
        f'{wrong}. Write one object on each line, such as {{"id": "1", "question": "…"}}.'
    )


def serialise_route(route: Route, reason: str) -> dict[str, Any]:
    """A route as `naru route --json` prints it; `reason` is it in words."""
    place = route.place
    return {
        "place": place
        and {"name": place.name, "country": place.country, "lat": place.lat, "lon": place.lon},
        "competent": route.competent,
        "mission": route.mission,
        "via": route.via,
        "body": route.body,
        "reason": reason,
        "opens_at": route.opens_at.isoformat(timespec="minutes"),
    }


def _escape_json(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _to_jsonable(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return asdict(value)
