"""The rows of the glossary, read from CSV files: terms that mean the same in each language."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import GlossaryBroken
from knowledge.types import LANGUAGES, Language

GLOSSARY_FOLDER = Path(__file__).parents[1] / "glossary"


@dataclass(frozen=True, slots=True)
class Concept:
    """One row: the forms of one thing in each language, the most usual first.

    `field` is the name of its file without ".csv", such as "customs".
    """

    forms: dict[Language, tuple[str, ...]]
    field: str


def read_glossary(folders: Iterable[Path]) -> tuple[Concept, ...]:
    """The concepts of every CSV file in `folders`, by folder and file name; a folder that does
    not exist has none.

    Raises GlossaryBroken, which names the file and the line.
    """
    concepts: list[Concept] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.csv"))):
        try:
            concepts += _read_csv(path)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise GlossaryBroken(
                f"{path.name} cannot be read: {error}. Save it as UTF-8."
            ) from error
    return tuple(concepts)


def _read_csv(path: Path) -> Iterable[Concept]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        if (header := next(reader, [])) != list(LANGUAGES):
            raise GlossaryBroken(
                f"{path.name}: the first line must be `ko,en,vi`, not `{','.join(header)}`."
            )
        for number, row in enumerate(reader, 2):
            if not any(row):
                continue
            if len(row) != len(LANGUAGES):
                raise GlossaryBroken(
                    f"{path.name}, line {number}: three cells are needed (ko,en,vi), "
                    f"{len(row)} are there."
                )
            forms = {
                language: tuple(form.strip() for form in cell.split("|") if form.strip())
                for language, cell in zip(LANGUAGES, row, strict=True)
            }
            yield Concept(forms, path.stem)
