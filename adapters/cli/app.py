"""The door of the command line: the commands, their errors and their exit codes."""

from __future__ import annotations

import json
import logging
import sys

import typer
from sqlalchemy.exc import SQLAlchemyError

from adapters.cli import asking, cases, exam, library, rooms, running
from adapters.cli.talking import Failed
from adapters.serve import NothingToServe
from adapters.settings import SettingsError
from bot.errors import BotError
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError

app = typer.Typer(
    name="naru",
    help="Answers founders of Korean small firms abroad from policy documents, and carries what "
    "no document answers to the competent mission.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (running, asking, library, exam, cases, rooms):
    room.register(app)

OURS = (BotError, KnowledgeError, IngestError, SettingsError, NothingToServe, Failed)


def main() -> None:
    """Run a command. Exit 0 when it did what was asked, 2 for wrong usage, 1 for failure."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except OURS as error:
        _fail(str(error))
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        _fail(f"The database failed: {cause}. Check NARU_DATA or NARU_DATABASE_URL.")
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(sentence: str) -> None:
    """One clear line on stderr; for machines, one object on stdout as well."""
    if "--json" in sys.argv[1:]:
        print(json.dumps({"error": sentence}, ensure_ascii=False))
    print(f"naru: {sentence}", file=sys.stderr)
    sys.exit(1)
