"""Entry point of the command line: the commands, their errors and exit codes."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from adapters.cli.commands import (
    ask,
    bindings,
    cases,
    desk,
    exam,
    library,
    library_check,
    operations,
    people,
    phrases,
    run,
    sheet,
    sources,
    staff,
    why,
)
from adapters.cli.output import print_json, print_text
from adapters.errors import AdapterError
from bot.errors import BotError
from ingest.errors import IngestError
from knowledge.database.file_modes import OWN_UMASK
from knowledge.errors import KnowledgeError

app = typer.Typer(
    name="naru",
    help="Answers founders of small Korean firms abroad from policy documents and hands over what "
    "no document answers to the competent mission.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from adapters.settings import read_version

        print_text(f"naru {read_version()}")
        raise typer.Exit


@app.callback()
def _take_common_options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


for group in (
    run,
    ask,
    library,
    library_check,
    phrases,
    sources,
    exam,
    cases,
    desk,
    bindings,
    staff,
    people,
    operations,
    why,
    sheet,
    operations,
):
    group.register(app)

EXPECTED_ERRORS = (
    BotError,
    KnowledgeError,
    IngestError,
    AdapterError,
)

# Python looks for unreachable objects after 700 new ones: half a second of a start, in which a
# million are made that stay.
OBJECTS_BETWEEN_COLLECTIONS = 50_000
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOG_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%z"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command of `arguments`, by default the process's own, and exit.

    Exit codes: 0 it did what was asked, 1 it failed, 2 wrong usage, 130 interrupted.
    """
    if arguments is None:  # a process of our own: what it creates only its owner may read
        os.umask(OWN_UMASK)
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    given = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT, datefmt=LOG_TIME_FORMAT)
    try:
        sys.exit(app(given or ["--help"], standalone_mode=False, prog_name="naru") or 0)
    except typer.TyperException as error:
        wrong = error.format_message().rstrip(".")
        _exit_with_error(f"{wrong}. {_name_help(error)}", given, error.exit_code)
    except EXPECTED_ERRORS as error:
        _exit_with_error(str(error), given)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except OSError as error:  # a full disk, a folder that may not be written
        where = f" ({error.filename})" if error.filename else ""
        _exit_with_error(f"The machine refused: {error.strerror or error}{where}.", given)
    except Exception as error:
        if not _is_database_error(error):
            raise
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        _exit_with_error(
            f"The database failed: {cause}. Check NARU_DATA or NARU_DATABASE_URL.", given
        )


def _name_help(error: typer.TyperException) -> str:
    """Which help shows what was wrong with the usage: a command's own, or the list of commands."""
    command = getattr(getattr(error, "ctx", None), "command_path", "naru")
    if " " not in command:
        return "`naru --help` lists the commands."
    return f"`{command} --help` shows how it is used."


def _is_database_error(error: Exception) -> bool:
    """Whether SQLAlchemy raised it. Its import costs more than `naru --help`, so it waits."""
    from sqlalchemy.exc import SQLAlchemyError

    return isinstance(error, SQLAlchemyError)


def _exit_with_error(sentence: str, given: Sequence[str], code: int = 1) -> NoReturn:
    """Print one line on stderr and, with --json, an object on stdout; then exit with `code`."""
    line = " ".join(sentence.split())
    if "--json" in given:
        with contextlib.suppress(OSError):  # what reads it is gone, or its disk is full
            print_json({"error": line})
    print_text(f"naru: {line}", error=True)
    sys.exit(code)
