"""A page that is left open: whatever happens to it and to its connection, it shows each line once."""

from __future__ import annotations

import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.telegram.server import TelegramServer
from tests.harness.load.cut_line import CutLine
from tests.harness.running_app import AppFixtures
from tests.scenarios.console.conftest import CONSUL, LAWYER, PATIENCE, ConsoleStage
from tests.scenarios.console.workers import open_workers

NUMBERS = "(lines) => lines.map((line) => Number(line.dataset.number))"
KEEP_STREAMS = """
window.streams = [];
window.EventSource = class extends EventSource {
  constructor(path) { super(path); window.streams.push(this); }
};
"""
OPEN_STREAMS = "() => window.streams.filter((one) => one.readyState !== EventSource.CLOSED).length"
# Of a hundred: the process killed, the tab asleep, the line cut, and the line silent.
TROUBLES = {"kill": 40, "sleep": 30, "cut": 15, "silence": 15}


@dataclass
class Writer:
    """Writes numbered words into a case. `may_wait`: until they are in its record."""

    stage: ConsoleStage
    case: int
    say: Callable[[str], object]
    texts: list[str] = field(default_factory=list)

    def write(self, *, may_wait: bool = False) -> None:
        text = f"{len(self.texts) + 1:03}번째 글입니다."
        self.say(text)
        self.texts.append(text)
        if may_wait:
            self.stage.wait_for_line(self.case, text)

    def write_around(self, trouble: AbstractContextManager[bool], chance: random.Random) -> None:
        """Right before it, during it and right after it, or some of these."""
        before, during, after = (chance.random() < 0.5 for _ in range(3))
        if before:
            self.write()
        with trouble as is_served:
            if during:
                self.write(may_wait=is_served)
        if after or not (before or during):
            self.write()

    def expect_shown(self, page: Page) -> None:
        """Everything, once, in the order of the record, over one stream."""
        record = page.locator("#record")
        for text in self.texts[-3:]:
            expect(record).to_contain_text(text, timeout=1_000 * PATIENCE)
        shown = re.findall(r"\d{3}번째 글입니다\.", record.inner_text())
        assert Counter(shown) == Counter(self.texts)
        numbers: list[int] = page.locator("#record > li").evaluate_all(NUMBERS)
        assert numbers == [key for key, _ in self.stage.read_record(self.case)]
        expect(page.locator("#connection")).to_be_hidden()
        assert page.evaluate(OPEN_STREAMS) == 1


@pytest.mark.parametrize("trouble", ["cut", "fall_silent"])
def test_a_lost_connection_is_told_and_what_was_missed_is_shown(
    stage: ConsoleStage, page: Page, trouble: str
) -> None:
    number, founder = stage.open_case()
    writer = Writer(stage, number, founder.says)
    page.clock.install()
    with CutLine(stage.port) as line:
        open_through(stage, page, line, number)
        getattr(line, trouble)()
        writer.write(may_wait=True)
        page.clock.run_for(5_500)
        told = page.locator("#connection")
        expect(told).to_contain_text(re.compile(r"\d\d:\d\d부터 연결이 끊겨"))
        line.mend()
        page.clock.run_for(8_500)
        writer.expect_shown(page)


def test_no_line_is_missed_over_cut_connections_and_sleep(stage: ConsoleStage, page: Page) -> None:
    number, _ = stage.open_case()
    other, chance = stage.make_client(LAWYER), random.Random(4)
    writer = Writer(stage, number, lambda text: other.act(number, "note", text))
    with CutLine(stage.port) as line:
        open_through(stage, page, line, number)
        for trouble in (cut(line), asleep(page), cut(line)):
            writer.write_around(trouble, chance)
        writer.expect_shown(page)


def test_tabs_that_are_not_seen_hold_no_connection(stage: ConsoleStage, page: Page) -> None:
    number, founder = stage.open_case()
    stage.sign_in(page, CONSUL)
    tabs = [page, *(page.context.new_page() for _ in range(6))]  # a browser has six connections
    for tab in tabs:
        tab.goto(f"{stage.url}/cases/{number}")
        set_hidden(tab, is_hidden=True)
    founder.says("보지 않는 동안 쓴 글입니다.")
    stage.wait_for_line(number, "보지 않는 동안")
    set_hidden(page, is_hidden=False)
    expect(page.locator("#record")).to_contain_text("보지 않는 동안")
    expect(tabs[1].locator("#record")).not_to_contain_text("보지 않는 동안")


@pytest.mark.chaos
@pytest.mark.timeout(1_800)
def test_no_line_is_missed_over_100_kills_sleeps_and_lost_lines(
    page: Page, furniture: AppFixtures
) -> None:
    chance = random.Random(16)
    troubles = [name for name, times in TROUBLES.items() for _ in range(times)]
    chance.shuffle(troubles)
    with TelegramServer() as telegram, open_workers(furniture.data, {}, telegram) as (stage, naru):
        process = naru.start(stage.port)
        number, founder = stage.open_case()
        writer = Writer(stage, number, founder.says)

        @contextmanager
        def killed() -> Iterator[bool]:
            nonlocal process
            process.kill()
            yield False
            process = naru.start(stage.port)

        with CutLine(stage.port) as line:
            open_through(stage, page, line, number)
            ways: dict[str, Callable[[], AbstractContextManager[bool]]] = {
                "kill": killed, "sleep": partial(asleep, page), "cut": partial(cut, line),
                "silence": partial(silent, line),
            }  # fmt: skip
            for trouble in troubles:
                writer.write_around(ways[trouble](), chance)
                writer.expect_shown(page)
    sys.stdout.write(f"{len(writer.texts)} lines over {TROUBLES}: 0 missed, none twice\n")


@contextmanager
def cut(line: CutLine) -> Iterator[bool]:
    """What is open ends, and what is tried meanwhile."""
    line.cut()
    yield True
    line.mend()


@contextmanager
def silent(line: CutLine) -> Iterator[bool]:
    """What is open never brings anything again, and does not end."""
    line.fall_silent()
    yield True
    line.mend()


@contextmanager
def asleep(page: Page) -> Iterator[bool]:
    """The process of the page stands still, like a laptop that is closed: no timer of it runs."""
    browser = page.context.browser
    assert browser
    session = browser.new_browser_cdp_session()
    running = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    pages = [one["id"] for one in running if one["type"] == "renderer"]
    for pid in pages:
        os.kill(pid, signal.SIGSTOP)
    yield True
    for pid in pages:
        os.kill(pid, signal.SIGCONT)


def open_through(stage: ConsoleStage, page: Page, line: CutLine, number: int) -> None:
    """The page of a case over a line that can be cut."""
    stage.sign_in(page, CONSUL)
    page.add_init_script(KEEP_STREAMS)
    page.goto(f"http://127.0.0.1:{line.port}/cases/{number}")


def set_hidden(page: Page, *, is_hidden: bool) -> None:
    """As if somebody went to another tab, or came back."""
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )
