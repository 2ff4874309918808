"""The bot's stores on both databases, and its missions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.store import Store
from knowledge.catalogue import open_engine
from tests.harness.databases import DATABASE_KINDS, create_fresh_database


@pytest.fixture(params=DATABASE_KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    with create_fresh_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture(scope="session")
def missions() -> Missions:
    """The shipped missions."""
    return Missions.load()


@pytest.fixture(scope="session")
def places(missions: Missions) -> Gazetteer:
    """The places of the shipped missions."""
    return Gazetteer(missions)
