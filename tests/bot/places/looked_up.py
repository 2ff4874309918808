"""Counts what the search for places looks up: a measure of its work that no other load changes."""

from __future__ import annotations

import pytest

from bot.places.gazetteer import Gazetteer
from bot.places.name_index import NameIndex


def count_looked_up(gazetteer: Gazetteer, text: str) -> int:
    """The letters of all keys that are looked up for the places in `text`."""
    letters = 0

    def count_letters(index: NameIndex, key: str) -> bool:
        nonlocal letters
        letters += len(key)
        return has_key(index, key)

    has_key = NameIndex.has_key
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NameIndex, "has_key", count_letters)
        gazetteer.find_mentioned_place(text)
    return letters
