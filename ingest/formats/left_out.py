"""What is in a file but not in force or not shown to its readers: counted, and told the admin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ingest.remarks import Remark

Kind = Literal["struck", "hidden", "pale"]

SHOWN_CHARACTERS = 40  # of the first words that were left out
_EDGE_SIGNS = "()[]{}·,.;:-–~/ \t\n"


@dataclass(slots=True)
class LeftOut:
    """Words that a reader left out of one file, in the order of the file.

    `struck` are crossed out, `hidden` are formatted as hidden, `pale` are as white as the paper.
    `areas` are rows, columns and sheets of a workbook, `slides` numbers, `formulas` cells whose value is not stored.
    """

    struck: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    pale: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    slides: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    _open: str = ""

    def leave_out(self, kind: Kind, words: str) -> None:
        """Count words; they belong to those before them if no `keep` came between."""
        found: list[str] = getattr(self, kind)
        if self._open == kind:
            found[-1] += words
        else:
            found.append(words)
        self._open = kind

    def keep(self) -> None:
        """End the passage that was left out: words that are kept, or another paragraph, follow."""
        self._open = ""

    def list_remarks(self) -> list[Remark]:
        """A remark for each kind that names how many there are and the first of them."""
        remarks = []
        if struck := _keep_words(self.struck):
            remarks.append(
                Remark("struck_left_out", {"count": len(struck), "first": _shorten(struck[0])})
            )
        if hidden := _keep_words(self.hidden):
            remarks.append(
                Remark("hidden_left_out", {"count": len(hidden), "first": _shorten(hidden[0])})
            )
        if pale := _keep_words(self.pale):
            remarks.append(
                Remark("white_left_out", {"count": len(pale), "first": _shorten(pale[0])})
            )
        if self.areas:
            remarks.append(Remark("areas_left_out", {"areas": _list_first(self.areas)}))
        if self.slides:
            remarks.append(Remark("slides_left_out", {"slides": _list_first(self.slides)}))
        if self.formulas:
            count, cells = len(self.formulas), _list_first(self.formulas)
            remarks.append(Remark("formulas_unsaved", {"count": count, "cells": cells}))
        return remarks


def _keep_words(words: list[str]) -> list[str]:
    """The words without empty ones and bare signs, which a reader would not miss."""
    tidy = (" ".join(found.split()) for found in words)
    return [found for found in tidy if found.strip(_EDGE_SIGNS)]


def _shorten(words: str) -> str:
    return words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]}…"


def _list_first(names: list[str]) -> str:
    """The first ten names; an ellipsis for the others."""
    return ", ".join([*names[:10], *(["…"] if len(names) > 10 else [])])
