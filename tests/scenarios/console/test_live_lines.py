"""A page that is left open: whatever happens to its connection, it shows each line once."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Page, expect

from tests.harness.load.cut_line import CutLine
from tests.harness.running_app import AppFixtures, RunningApp, is_port_open, wait_until
from tests.scenarios.console.conftest import CONSUL, HASTY, LAWYER, ConsoleStage

NUMBERS = "(lines) => lines.map((line) => Number(line.dataset.number))"


def test_a_lost_connection_is_told_and_what_was_missed_is_shown(
    stage: ConsoleStage, page: Page
) -> None:
    number, founder = stage.open_case()
    page.clock.install()
    with CutLine(stage.port) as line:
        open_through(stage, page, line, number)
        line.cut()
        founder.says("끊긴 동안 쓴 글입니다.")
        stage.wait_for_line(number, "끊긴 동안")
        page.clock.run_for(5_500)
        expect(page.locator("#connection")).to_contain_text("부터 연결이 끊겨")
        line.mend()
        page.clock.run_for(8_500)
        expect(page.locator("#record")).to_contain_text("끊긴 동안")
        expect(page.locator("#connection")).to_be_hidden()
        assert read_numbers(page) == [key for key, _ in stage.read_record(number)]


def test_no_line_is_missed_over_cut_connections(stage: ConsoleStage, page: Page) -> None:
    cut_often(stage, page, 4, random.Random(4))


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
@pytest.mark.timeout(900)
def test_no_line_is_missed_over_100_cuts_and_starts(
    stage: ConsoleStage, page: Page, furniture: AppFixtures
) -> None:
    for seed in range(10):
        cut_often(stage, page, 9, random.Random(seed))
        start_again(stage, furniture)
    stage.house.stop()


def cut_often(stage: ConsoleStage, page: Page, rounds: int, chance: random.Random) -> None:
    """Cut the line while notes are written, before, during or after the cut."""
    number, _ = stage.open_case()
    other = stage.make_client(LAWYER)
    with CutLine(stage.port) as line:
        open_through(stage, page, line, number)
        for at in range(rounds):
            for part in range(chance.randint(1, 3)):
                if chance.random() < 0.5:
                    line.mend() if line.is_cut else line.cut()
                assert other.act(number, "note", f"{at}회 메모 {part}").status == 303
            line.mend()
            if chance.random() < 0.3:
                expect(page.locator("#record")).to_contain_text(f"{at}회 메모 0")
        line.mend()
        record = stage.read_record(number)
        expect(page.locator("#record > li")).to_have_count(len(record), timeout=20_000)
        assert read_numbers(page) == [key for key, _ in record]


def start_again(stage: ConsoleStage, furniture: AppFixtures) -> None:
    """End Naru and start it over the same folder, on the same ports."""
    stage.house.stop()
    options = dict(stage.house.options)
    stage.house = RunningApp(options.pop("data"), furniture, timings=HASTY, **options)
    stage.house.start()
    wait_until(lambda: is_port_open(stage.port))


def open_through(stage: ConsoleStage, page: Page, line: CutLine, number: int) -> None:
    """The page of a case over a line that can be cut."""
    stage.sign_in(page, CONSUL)
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


def read_numbers(page: Page) -> list[int]:
    found: list[int] = page.locator("#record > li").evaluate_all(NUMBERS)
    return found
