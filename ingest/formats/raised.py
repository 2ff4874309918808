"""Raised figures in plain text: powers, squares and the marks of notes."""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789()+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻⁻ⁿ")
_FIGURES = re.compile(r"\(?[+\-−]?(?:\d{1,3}|n)\)?")
_SEVERAL = re.compile(r"[\d()+\-−\s]+", re.ASCII)


def raise_figures(text: str) -> str:
    """Raised figures ("6", "1)") as the signs that stay raised in plain text; "" for anything else,
    which has no such signs."""
    words = text.strip()
    return words.translate(_RAISED) if _FIGURES.fullmatch(words) else ""


def raise_letters(letters: str) -> str:
    """The letters of one or several raised figures as `raise_figures` writes them; as they are if
    there is any other among them."""
    return letters.translate(_RAISED) if _SEVERAL.fullmatch(letters) else letters
