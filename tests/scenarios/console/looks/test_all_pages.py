"""Every page, in a real browser: by each width, theme and language axe finds nothing, nothing is
refused by the policy, and nothing has to be scrolled sideways."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from adapters.console.navigation import MENU
from tests.harness.running_app import TELEGRAM_ADMIN
from tests.scenarios.console.conftest import ConsoleStage

Scheme = Literal["light", "dark"]
Look = tuple[int, Scheme]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
RUN_AXE = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
WIDTHS, SCHEMES = (360, 768, 1280), ("light", "dark")
LOCALES = ("ko-KR", "en-US")
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
TELL_OF_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.blockedURI))"
)
OTHERS = ("/cases/1", "/sessions", "/confirm?next=/cases/1", "/cases/99999", "/sign-in")
PATHS = (*(entry.path for entry in MENU), *OTHERS)


def list_looks(number: int, locale: int) -> Iterator[Look]:
    """Of the looks of one page those that `make test` takes: over both languages it has each width
    and each theme, and over the pages all pairs of them."""
    for index, width in enumerate(WIDTHS):
        if index % 2 == locale:
            yield width, SCHEMES[(number + index // 2) % 2]  # type: ignore[misc]


def test_each_page_is_seen_by_each_width_theme_and_language() -> None:
    seen = [[*list_looks(number, 0), *list_looks(number, 1)] for number in range(2)]
    assert all({width for width, _ in looks} == set(WIDTHS) for looks in seen)
    assert {look for looks in seen for look in looks} == set(product(WIDTHS, SCHEMES))


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_hold(stage: ConsoleStage, browser: Browser, locale: str) -> None:
    looks = [(path, list_looks(number, LOCALES.index(locale))) for number, path in enumerate(PATHS)]
    assert list_faults(stage, browser, locale, looks) == []


@pytest.mark.chaos
@pytest.mark.timeout(600)
@pytest.mark.parametrize("locale", LOCALES)
def test_pages_hold_in_every_look(stage: ConsoleStage, browser: Browser, locale: str) -> None:
    looks = [(path, product(WIDTHS, SCHEMES)) for path in PATHS]
    assert list_faults(stage, browser, locale, looks) == []  # type: ignore[arg-type]


def list_faults(
    stage: ConsoleStage,
    browser: Browser,
    locale: str,
    looks: Iterable[tuple[str, Iterable[Look]]],
) -> list[str]:
    """What is wrong with the pages at `looks`, each loaded once."""
    context, faults = browser.new_context(locale=locale), list[str]()
    context.add_init_script(TELL_OF_VIOLATIONS)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            faults.append(f"{page.url}: {said.text}")
            if said.type == "error" and "404" not in said.text
            else None
        ),
    )
    stage.sign_in(page, TELEGRAM_ADMIN)
    for path, wanted in looks:
        page.goto(f"{stage.url}{path}")
        page.evaluate(AXE)
        faults += [fault for look in wanted for fault in look_at(page, path, look)]
    context.close()
    return faults


def look_at(page: Page, path: str, look: Look) -> list[str]:
    width, scheme = look
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    where = f"{path} at {width} {scheme}"
    found = [
        f"{where}: {one['id']} {json.dumps([node['target'] for node in one['nodes']])}"
        for one in page.evaluate(RUN_AXE)
    ]
    wide = page.evaluate(SIDEWAYS)
    return [*found, f"{where}: {wide} px too wide"] if wide > 0 else found
