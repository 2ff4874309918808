"""`naru backup` and `naru restore`: a copy of all that Naru has, and Naru from a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text

OWED = (
    "messages had not gone out when the copy was made. `naru serve` sends them. Slack is asked first whether "
    "a message is there; where that cannot be asked, what went out after the copy comes twice."
)
HELD = (
    "messages had not gone out when the copy was made. None is sent: `naru dead` lists them, to be "
    "retried or dropped one by one."
)
FolderArgument = Annotated[Path, typer.Argument(metavar="PATH", help="The folder of the copy.")]


def backup(folder: FolderArgument, json: JsonOption = False) -> None:
    """Copy the database and all files of NARU_DATA into a new folder, while Naru serves.

    \f
    Raises CommandFailed if the folder exists.
    """
    from adapters.cli.operations.copies import make_copy
    from adapters.settings import read_version

    app = build_app()
    made = make_copy(app.settings, read_version(), folder, app.now())
    if json:
        print_json({"folder": str(folder), "rows": made.tables, "files": len(made.files)})
        return
    print_text(
        f"{folder} holds {sum(made.tables.values())} rows and {len(made.files)} files, with their "
        "SHA-256. The settings in .env, which hold secrets, are not in it."
    )


def restore(
    folder: FolderArgument,
    hold: Annotated[
        bool,
        typer.Option("--hold", help="Send nothing that was unsent in it: list it in `naru dead`."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Put a copy back, into an empty NARU_DATA and an empty database. Nothing is overwritten.

    \f
    Raises CommandFailed if one of them is not empty, or if the copy is damaged.
    """
    from adapters.cli.operations.restoring import restore_copy

    restored = restore_copy(build_app().settings, folder, hold=hold)
    found, unsent = restored.manifest, restored.unsent
    if json:
        counts = {"rows": found.tables, "files": len(found.files), "unsent": unsent}
        print_json({"folder": str(folder), **counts})
        return
    print_text(
        f"Restored from {folder}, made {found.made_at}: {sum(found.tables.values())} rows, "
        f"{len(found.files)} files, each the same as in the copy. `naru doctor` says whether all of it "
        "works here."
    )
    if unsent:
        print_text(f"{unsent} {HELD if hold else OWED}")
