"""A Naru with the shipped library, and the marks by which `make fast` leaves slow tests out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from adapters.bootstrap import App

from tests.plugins.covered_children import count_lines_of_children
from tests.plugins.strict_sqlite import refuse_what_postgresql_refuses

HERE = Path(__file__).parent
SERVER_FOLDERS = {HERE / "scenarios", HERE / "fakes", HERE / "chaos"}
SHIPPED_FIXTURE = "shipped_data"
# Of tests with a database, a library or a child process of their own.
STORE_FIXTURES = {"database", "engine", "ingest", "naru", "office", "shipped_data", "warm"}
STORE_FOLDERS = {
    HERE / name for name in ("adapters", "bot/store", "dialogues", "ingest", "knowledge/embedding")
}
SMALL_FIXTURES = {"naru", "warm"}  # every fixture with the small library has one of these below it

# Hypothesis draws the same examples in every run: what makes a test fail is a change, never the day.
# `make fuzz` draws others.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
# Most tests open cases and do not ask for consent first; those about the notice set it themselves.
os.environ.setdefault("NARU_CONSENT", "off")
refuse_what_postgresql_refuses()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that start servers or processes, and those with a store: by folder, fixture, and a
    parameter "server"."""
    for item in items:
        call = getattr(item, "callspec", None)
        fixtures = set(getattr(item, "fixturenames", ()))
        if STORE_FIXTURES & fixtures or STORE_FOLDERS & set(item.path.parents):
            item.add_marker(pytest.mark.store)
        if SERVER_FOLDERS & set(item.path.parents) or (call and "server" in call.params.values()):
            item.add_marker(pytest.mark.server)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Count the lines of reading children too, before pytest-cov saves what was counted."""
    with count_lines_of_children():
        return (yield)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Prepare the libraries that the selected tests copy, and load the model: here no test's time
    limit runs."""
    if session.config.option.collectonly:
        return
    fixtures = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    modules = {module for item in session.items if (module := item.getparent(pytest.Module))}
    shipped = SHIPPED_FIXTURE in fixtures
    small = SMALL_FIXTURES & fixtures or any(hasattr(one.obj, "small_library") for one in modules)
    if not shipped and not small:
        return
    from tests.samples import shipped_library, small_library

    capture = session.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():  # the progress is to be seen
        if shipped:
            shipped_library.prepare_cached_data()
        if small:
            small_library.prepare_cached_data()
    small_library.warm_up()


@pytest.fixture(scope="session")
def shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped library, embedded by the real model; a worker's own copy."""
    from tests.samples import shipped_library

    folder = tmp_path_factory.mktemp("shipped") / "data"
    shutil.copytree(shipped_library.prepare_cached_data(), folder)
    return folder


@pytest.fixture
def shipped(shipped_data: Path, tmp_path: Path) -> Iterator[Callable[[], App]]:
    """Makes Narus over copies of the shipped library, their clocks stopped."""
    from tests.samples import shipped_library

    apps: list[App] = []

    def make() -> App:
        folder = tmp_path / f"naru-{len(apps)}"
        shutil.copytree(shipped_data, folder)
        apps.append(shipped_library.make_app(folder))
        return apps[-1]

    yield make
    for app in apps:
        app.engine.dispose()
