"""Naru asks back which document is meant; a button or its name answers the question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.chat import TerminalSession
from adapters.settings import Settings
from adapters.terminal import FOUNDER_CHANNEL
from bot.buttons import split_owned_key
from bot.phrases import render_phrase
from tests.fakes.loopback_server import LoopbackServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import Person, SlackPerson, TelegramPerson
from tests.harness.running_app import AppFixtures, RunningApp, run_app, wait_until_idle
from tests.samples.stub_library import BigramEmbedder, write_library

pytestmark = pytest.mark.usefixtures("hasty")

ASKED = "언제까지 신청하나요?"
SECTION = """## 신청 기간은 언제까지인가요?
{title} 사업의 신청은 2027년 {day}까지 받습니다.
출처: https://www.mss.go.kr/{id} (2026-10-01)
"""
DAYS = {
    "동해 물류지원": "3월 31일",
    "서해 인증지원": "5월 31일",
    "남해 창고지원": "8월 31일",
}
EAST, WEST, SOUTH = DAYS
CLARIFICATION_PROMPT = "가운데 물으신 것이 있으면"


def answer_about(title: str) -> str:
    return f"{title} 사업의 신청은 2027년 {DAYS[title]}까지 받습니다. [1]"


@pytest.fixture(scope="module")
def seas(tmp_path_factory: pytest.TempPathFactory, furniture: AppFixtures) -> Iterator[AppFixtures]:
    """The furniture, with three documents that answer the same kind of question."""
    folder = tmp_path_factory.mktemp("seas")
    settings = Settings(data=folder / "data", _env_file=None)
    app = App(settings, embedder_override=BigramEmbedder())
    documents = {
        f"sea-{number}": (title, SECTION.format(title=title, day=day, id=number))
        for number, (title, day) in enumerate(DAYS.items())
    }
    plan = app.ingest.plan([write_library(folder / "documents", documents)])
    app.ingest.apply(plan, note="test", now=datetime.now(UTC))
    yield replace(furniture, chain=app.chain, data=settings.data)
    app.engine.dispose()


@pytest.fixture(params=["telegram", "slack", "slack thread"])
def at(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(at: str, request: pytest.FixtureRequest) -> LoopbackServer:
    found: LoopbackServer = request.getfixturevalue(at.split()[0])
    return found


@pytest.fixture
def house(tmp_path: Path, seas: AppFixtures, server: LoopbackServer) -> Iterator[RunningApp]:
    telegram = server if isinstance(server, TelegramServer) else None
    slack = server if isinstance(server, SlackServer) else None
    with run_app(tmp_path, seas, telegram=telegram, slack=slack) as opened:
        yield opened


@pytest.fixture
def mina(at: str, house: RunningApp, server: LoopbackServer) -> Person:
    """Someone whom Naru has just asked back."""
    if isinstance(server, TelegramServer):
        person: Person = TelegramPerson(server, 1001)
        person.says(ASKED)
    else:
        assert isinstance(server, SlackServer)
        channel = server.create_channel("C0123") if "thread" in at else server.open_dm()
        root = server.user_says(channel, ASKED, mention="thread" in at)
        person = SlackPerson(server, channel, thread=root if "thread" in at else None)
    person.hears(CLARIFICATION_PROMPT)
    return person


@pytest.fixture
def rest(house: RunningApp, server: LoopbackServer) -> Callable[[], None]:
    return lambda: wait_until_idle(server, house)


def find_choice_button(person: Person, title: str) -> str:
    """The key of a document's newest button; the choices stand in the order of the sentence."""
    named = person.hears(CLARIFICATION_PROMPT)
    keys = [one for one in person.button_keys() if one.startswith("about:")][-3:]
    order = sorted(DAYS, key=lambda one: named.index(one))
    return keys[order.index(title)]


def label_of(title: str) -> str:
    return f"{title} – 신청 기간은 언제까지인가요?"


def count_containing(person: Person, text: str) -> int:
    return sum(text in one for one in person.received_texts())


def test_a_button_asks_the_question_about_its_document(mina: Person) -> None:
    assert all(len(one.encode()) <= 64 for one in mina.button_keys())
    assert split_owned_key(mina.button_keys()[-1])[0] == "human" and not count_containing(
        mina, answer_about(SOUTH)
    )
    mina.presses(find_choice_button(mina, SOUTH))
    mina.hears(answer_about(SOUTH))


@pytest.mark.parametrize("typed", ["인증지원"])
def test_its_name_typed_does_so_too(mina: Person, typed: str) -> None:
    mina.says(typed)
    mina.hears(answer_about(WEST))


def test_pressed_twice_it_answers_once_and_another_one_still_answers(
    mina: Person, rest: Callable[[], None]
) -> None:
    east = find_choice_button(mina, EAST)
    mina.presses(east)
    mina.presses(east)
    mina.hears(render_phrase("founder.already_chosen", "ko", title=label_of(EAST)))
    assert count_containing(mina, answer_about(EAST)) == 1
    mina.presses(find_choice_button(mina, WEST))
    mina.hears(answer_about(WEST))
    rest()
    assert (
        count_containing(mina, answer_about(EAST))
        == count_containing(mina, answer_about(WEST))
        == 1
    )


def test_a_button_of_an_earlier_question_still_asks_that_question(mina: Person) -> None:
    mina.says(f"{EAST} 신청 기간은 언제까지인가요?")
    mina.hears(answer_about(EAST))
    mina.presses(find_choice_button(mina, SOUTH))
    mina.hears(answer_about(SOUTH))


@pytest.mark.parametrize("at", ["telegram"], indirect=True)  # in a thread only the asker sees it
def test_a_button_of_a_conversation_that_is_erased_says_what_to_do(mina: Person) -> None:
    mina.sends_command("forget")
    mina.presses("forget")
    mina.hears("기록을 지웠습니다.")
    mina.presses(find_choice_button(mina, SOUTH))
    mina.hears(render_phrase("founder.stale_button", "ko"))


@pytest.fixture
def seat(tmp_path: Path, seas: AppFixtures) -> Iterator[tuple[TerminalSession, list[str]]]:
    app, shown = App(Settings(data=tmp_path, _env_file=None)), list[str]()
    app.missions, app.places, app.chain = seas.missions, seas.places, seas.chain
    yield TerminalSession(app, FOUNDER_CHANNEL, "me", shown.append), shown
    app.engine.dispose()


def type_and_settle(seat: TerminalSession, line: str) -> None:
    seat.submit_line(line)
    asyncio.run(seat.run_until_idle())


def test_in_the_terminal_the_choices_are_numbered(seat: tuple[TerminalSession, list[str]]) -> None:
    founder, shown = seat
    type_and_settle(founder, ASKED)
    choices = {button.label: number for number, button in founder.buttons.items()}
    assert set(choices) == {*map(label_of, DAYS), render_phrase("founder.button_human", "ko")}
    assert f"[{choices[label_of(SOUTH)]}] {SOUTH}" in shown[-1]
    type_and_settle(founder, str(choices[label_of(SOUTH)]))
    assert shown[-1].startswith(answer_about(SOUTH))
    type_and_settle(founder, ASKED)
    type_and_settle(founder, EAST)
    assert shown[-1].startswith(answer_about(EAST))
