"""Options that several commands share, and the App that a command builds from the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from knowledge.types import LANGUAGES, Language

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.messages import File

AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="Answer as of this moment, e.g. 2026-11-21T10:00+09:00."),
]
MAX_NUMBER = 999_999_999  # of a case or an edition; a column of PostgreSQL takes 2,147,483,647
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
BatchOption = Annotated[
    Path | None,
    typer.Option(
        "--batch", help="A JSON Lines file, or - for stdin; prints one object a line, in order."
    ),
]


def build_app(
    as_of: str | None = None,
    exam_files: Sequence[Path] = (),
    fetch_file: Callable[[File], bytes] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> App:
    """Naru, wired from the settings, its clock stopped at `as_of` if given. Plans made in a chat
    are compared on the questions of `exam_files`; `fetch_file` downloads a file from its
    messenger (None: files of messengers are refused); `clock` is the one to run by.

    Raises SettingsError for a wrong setting and BadParameter for an `as_of` that is no moment.
    """
    from adapters.bootstrap import App, refuse_file
    from adapters.settings import read_settings
    from adapters.settings.log import mask_secrets

    settings = read_settings()
    mask_secrets(settings.list_secrets())
    return App(
        settings,
        now=clock or make_clock(as_of),
        exam_files=exam_files,
        fetch_file=fetch_file or refuse_file,
    )


def read_language(name: Any) -> Language:
    """The language that `--lang` or a line of a batch names. Raises BadParameter for another one."""
    for known in LANGUAGES:
        if name == known:
            return known
    raise typer.BadParameter(f"Naru speaks ko, en and vi, not {name!r}.", param_hint="--lang")


def make_clock(as_of: str | None) -> Callable[[], datetime]:
    """The real clock, or one stopped at `as_of`: ISO 8601, UTC if it names no offset.

    Raises BadParameter if `as_of` is no moment.
    """
    if as_of is None:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError as error:
        raise typer.BadParameter(
            f"{as_of!r} is not a moment; write 2026-11-21T10:00+09:00", param_hint="--as-of"
        ) from error
    fixed = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return lambda: fixed
