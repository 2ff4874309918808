"""The gazetteer of the shipped missions."""

from __future__ import annotations

import pytest

from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(Missions.load())
