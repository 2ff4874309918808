"""Every page, in a real browser: by each width, theme and language axe finds nothing, nothing is
refused by the policy, and nothing has to be scrolled sideways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from playwright.sync_api import Browser

from adapters.console.pages import PAGES
from tests.harness.running_app import AppFixtures, RunningApp
from tests.scenarios.console.looks.full_house import run_full_house
from tests.scenarios.console.looks.looking import Look, Looker, open_eyes
from tests.scenarios.console.looks.talks import hold_talks
from tests.scenarios.console.looks.views import CONSOLE_VIEWS, NO_PAGES, NOBODY, PLAN, View

WIDTHS, SCHEMES = (360, 768, 1280), ("light", "dark")
LOOKS: list[Look] = list(product(WIDTHS, SCHEMES))  # type: ignore[arg-type]
LOCALES = ("ko-KR", "en-US")
FULLEST = (  # at 360 px what is wide, and one page for each look
    "meetings", "case-long", "records-audit", "figures", "faq-submitted", "try-answered",
    "inbox-all", "documents", "answers", "body", "case-sealed-to-others", "help",
)  # fmt: skip
FIELD = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")  # of a route


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, furniture: AppFixtures) -> Iterator[RunningApp]:
    with run_full_house(tmp_path_factory.mktemp("house"), furniture) as house:
        yield house


def list_routes() -> list[str]:
    """The addresses of all pages, as their routes name them."""
    found = [route.path for table in PAGES for route in table if route.method == "GET"]  # type: ignore[attr-defined]
    return [path for path in found if not path.endswith(NO_PAGES)]


def test_each_page_of_the_site_has_a_view() -> None:
    paths = [view.path.partition("?")[0] for view in CONSOLE_VIEWS]
    for route in list_routes():
        pattern = FIELD.sub("[^/]+", route)
        assert any(re.fullmatch(pattern, path) for path in paths), f"no view of {route}"


def choose_look(number: int) -> tuple[str, Look]:
    """The one of all looks in which `make test` sees a page."""
    return LOCALES[number % 2], LOOKS[number // 2 % len(LOOKS)]


def test_each_width_theme_and_language_is_looked_at() -> None:
    seen = [choose_look(number) for number, _ in enumerate(FULLEST)]
    assert set(seen) == set(product(LOCALES, LOOKS))
    assert set(FULLEST) <= {view.name for view in CONSOLE_VIEWS}


def test_the_fullest_pages_hold(house: RunningApp, browser: Browser) -> None:
    views, faults = {view.name: view for view in CONSOLE_VIEWS}, []
    for locale in LOCALES:
        looks = [(name, *choose_look(number)) for number, name in enumerate(FULLEST)]
        with open_eyes(house, browser, locale) as looker:
            chosen = ((views[name], [look]) for name, its, look in looks if its == locale)
            faults += list_faults(looker, chosen)
    assert faults == []


@pytest.mark.chaos
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("locale", LOCALES)
def test_pages_hold_in_every_look(house: RunningApp, browser: Browser, locale: str) -> None:
    with open_eyes(house, browser, locale) as looker:
        plan = looker.send_plan()
        views = (
            replace(view, path=plan if view.path == PLAN else view.path) for view in CONSOLE_VIEWS
        )
        assert list_faults(looker, ((view, LOOKS) for view in views)) == []


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_the_founders_page_holds_in_every_look(house: RunningApp, browser: Browser) -> None:
    with open_eyes(house, browser, LOCALES[0]) as looker:
        talks = hold_talks(looker.open_page(NOBODY), house)
        assert list_faults(looker, ((view, LOOKS) for view in talks)) == []


def list_faults(looker: Looker, looks: Iterable[tuple[View, Iterable[Look]]]) -> list[str]:
    """What is wrong with the pages, each loaded once."""
    for view, wanted in looks:
        looker.look_at(view, wanted)
    return looker.faults
