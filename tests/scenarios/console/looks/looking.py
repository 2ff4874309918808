"""What is wrong with a page in a look: a width, a colour scheme and a language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal

import axe_playwright_python
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from bot.store.console.sessions import compute_digest
from tests.harness.admin_harness import CHANGED_FERRY_ANSWER, render_markdown
from tests.harness.running_app import RunningApp, wait_until
from tests.scenarios.console.looks.views import ADMIN, NOBODY, STALE, View

Scheme = Literal["light", "dark"]
Look = tuple[int, Scheme]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
RUN_AXE = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
TELL_OF_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.blockedURI))"
)
RAW_KEY = re.compile(r"(?<![\w./{@-])[a-z]+(?:_[a-z]+)+(?![\w./(@-])")
CUT_CHARTS = """[...document.querySelectorAll("svg.chart")].filter((one) =>
  one.getBoundingClientRect().right > document.documentElement.clientWidth).length"""
REFUSED_PAGE = "Failed to load resource"  # is said of each page that comes with an error's status


@dataclass
class Looker:
    """A browser at the pages of `house` in the language of `locale`; `faults` is what was found."""

    house: RunningApp
    browser: Browser
    locale: str
    faults: list[str] = field(default_factory=list)
    _pages: dict[str, Page] = field(default_factory=dict)
    _status: int = 0

    @property
    def url(self) -> str:
        return self.house.app.settings.console_address

    def look_at(self, view: View, looks: Iterable[Look]) -> Page:
        """Go to a page and look at it in each of `looks`."""
        page = self.open_page(view.person)
        path = view.path.replace("LINK", self.make_link(ADMIN) if "LINK" in view.path else "")
        page.goto(path if path.startswith("http") else f"{self.url}{path}")
        if view.do:
            view.do(page)
        where = f"{view.name} in {self.locale}"
        if self._status != view.status:
            self.faults.append(f"{where}: {self._status}")
        page.evaluate(AXE)
        for width, scheme in looks:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            self.faults += [f"{where} at {width} {scheme}: {one}" for one in list_faults(page)]
        return page

    def make_link(self, account: str) -> str:
        return self.house.app.store.console.sessions.make_link(account, self.house.app.now())

    def send_plan(self) -> str:
        """The path of a plan that waits for a decision."""
        page = self.open_page(ADMIN)
        page.goto(f"{self.url}/documents")
        content = render_markdown(said=CHANGED_FERRY_ANSWER)
        page.locator("#files").set_input_files(
            {"name": "나룻배.md", "mimeType": "text/markdown", "buffer": content}
        )
        page.locator("form[enctype] button").click()
        page.wait_for_url("**/documents/plans/*")
        wait_until(lambda: page.reload() and page.locator("#decide-head").count())
        return page.url.removeprefix(self.url)

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()

    def open_page(self, person: str) -> Page:
        """The page of `person`, who is signed in."""
        if person in self._pages:
            return self._pages[person]
        context = self.browser.new_context(locale=self.locale)
        context.add_init_script(TELL_OF_VIOLATIONS)
        page = self._pages[person] = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self._hear)
        page.on("response", self._note)
        if person != NOBODY:
            page.goto(f"{self.url}/sign-in/{self.make_link(person)}")
            page.get_by_role("button").last.click()
            page.wait_for_url(f"{self.url}/")
        if person == STALE:
            self._make_stale(page)
        return page

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and REFUSED_PAGE not in said.text:
            self.faults.append(f"{said.location}: {said.text}")

    def _note(self, answer: Response) -> None:
        if answer.request.is_navigation_request():
            self._status = answer.status

    def _make_stale(self, page: Page) -> None:
        """As if the person had signed in six minutes ago."""
        cookie = next(one for one in page.context.cookies() if one["name"] == "__Host-naru")
        now = self.house.app.now()
        digest = compute_digest(cookie["value"])
        self.house.app.store.console.sessions.confirm(digest, now - timedelta(minutes=6))


def list_faults(page: Page) -> Iterator[str]:
    """What axe finds on a page, by how much it is wider than the window, and the names in it that only
    the code uses."""
    for one in page.evaluate(RUN_AXE):
        yield f"{one['id']} {json.dumps([node['target'] for node in one['nodes']])}"
    if (wide := page.evaluate(SIDEWAYS)) > 0:
        yield f"{wide} px too wide"
    if page.evaluate(CUT_CHARTS):
        yield "a chart is cut"
    for key in RAW_KEY.findall(page.inner_text("body")):
        yield f"raw key {key}"


@contextmanager
def open_eyes(house: RunningApp, browser: Browser, locale: str) -> Iterator[Looker]:
    looker = Looker(house, browser, locale)
    yield looker
    looker.close()
