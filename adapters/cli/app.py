"""The door of the command line: the commands, their errors and their exit codes."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from adapters.cli import ask, bindings, cases, exam, library, run, sources
from adapters.errors import AdapterError
from bot.errors import BotError
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError

app = typer.Typer(
    name="naru",
    help="Answers founders of Korean small firms abroad from policy documents, and carries what "
    "no document answers to the competent mission.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (run, ask, library, sources, exam, cases, bindings):
    room.register(app)

EXPECTED_ERRORS = (
    BotError,
    KnowledgeError,
    IngestError,
    AdapterError,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command. Exit 0 when it did what was asked, 2 for wrong usage, 1 for failure."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        sys.exit(app(given or ["--help"], standalone_mode=False) or 0)
    except typer.TyperException as error:
        wrong = error.format_message().rstrip(".")
        _exit_with_error(f"{wrong}. `naru --help` lists the commands.", given, error.exit_code)
    except EXPECTED_ERRORS as error:
        _exit_with_error(str(error), given)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        _exit_with_error(
            f"The database failed: {cause}. Check NARU_DATA or NARU_DATABASE_URL.", given
        )
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)


def _exit_with_error(sentence: str, given: Sequence[str], code: int = 1) -> NoReturn:
    """One clear line on stderr; for machines, one object on stdout as well."""
    line = " ".join(sentence.split())
    if "--json" in given:
        print(json.dumps({"error": line}, ensure_ascii=False))
    print(f"naru: {line}", file=sys.stderr)
    sys.exit(code)
