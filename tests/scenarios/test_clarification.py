"""Naru asks back which document is meant; a button or its name answers the question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.chat import Seat
from adapters.settings import Settings
from adapters.terminal import FOUNDER
from bot.phrases import say
from tests.fakes.loopback_server import Loopback
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import OnSlack, OnTelegram, Person
from tests.harness.running_app import Furniture, House, calm, open_house
from tests.samples.stub_library import Hashing, write_library

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
WHICH = "어느 사업이나 제도를"


def said(title: str) -> str:
    return f"{title} 사업의 신청은 2027년 {DAYS[title]}까지 받습니다. [1]"


@pytest.fixture(scope="module")
def seas(tmp_path_factory: pytest.TempPathFactory, furniture: Furniture) -> Iterator[Furniture]:
    """The furniture, with three documents that answer the same kind of question."""
    folder = tmp_path_factory.mktemp("seas")
    settings = Settings(data=folder / "data", _env_file=None)
    app = App(settings, given_embedder=Hashing())
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
def server(at: str, request: pytest.FixtureRequest) -> Loopback:
    found: Loopback = request.getfixturevalue(at.split()[0])
    return found


@pytest.fixture
def house(tmp_path: Path, seas: Furniture, server: Loopback) -> Iterator[House]:
    telegram = server if isinstance(server, TelegramServer) else None
    slack = server if isinstance(server, SlackServer) else None
    with open_house(tmp_path, seas, telegram=telegram, slack=slack) as opened:
        yield opened


@pytest.fixture
def mina(at: str, house: House, server: Loopback) -> Person:
    """Someone whom Naru has just asked back."""
    if isinstance(server, TelegramServer):
        person: Person = OnTelegram(server, 1001)
        person.says(ASKED)
    else:
        assert isinstance(server, SlackServer)
        channel = server.channel("C0123") if "thread" in at else server.dm()
        root = server.user_says(channel, ASKED, mention="thread" in at)
        person = OnSlack(server, channel, thread=root if "thread" in at else None)
    person.hears(WHICH)
    return person


@pytest.fixture
def rest(house: House, server: Loopback) -> Callable[[], None]:
    return lambda: calm(server, house)


def key(person: Person, title: str) -> str:
    """The key of a document's newest button; the choices stand in the order of the sentence."""
    named = person.hears(WHICH)
    keys = [one for one in person.offered() if one.startswith("about:")][-3:]
    order = sorted(DAYS, key=lambda one: named.index(f"「{one}」"))
    return keys[order.index(title)]


def times(person: Person, text: str) -> int:
    return sum(text in one for one in person.heard())


def test_a_button_asks_the_question_about_its_document(mina: Person) -> None:
    assert all(len(one.encode()) <= 64 for one in mina.offered())
    assert mina.offered()[-1] == "human" and not times(mina, said(SOUTH))
    mina.presses(key(mina, SOUTH))
    mina.hears(said(SOUTH))


@pytest.mark.parametrize("typed", [WEST, f"「{WEST}」", "인증지원", "서해"])
def test_its_name_typed_does_so_too(mina: Person, typed: str) -> None:
    mina.says(typed)
    mina.hears(said(WEST))


def test_pressed_twice_it_answers_once_and_another_one_still_answers(
    mina: Person, rest: Callable[[], None]
) -> None:
    east = key(mina, EAST)
    mina.presses(east)
    mina.presses(east)
    mina.hears(say("founder.already_chosen", "ko", title=EAST))
    assert times(mina, said(EAST)) == 1
    mina.presses(key(mina, WEST))
    mina.hears(said(WEST))
    rest()
    assert times(mina, said(EAST)) == times(mina, said(WEST)) == 1


def test_a_button_of_an_earlier_question_still_asks_that_question(mina: Person) -> None:
    mina.says(f"{EAST} 신청 기간은 언제까지인가요?")
    mina.hears(said(EAST))
    mina.presses(key(mina, SOUTH))
    mina.hears(said(SOUTH))


def test_a_button_of_a_conversation_that_is_erased_says_what_to_do(mina: Person) -> None:
    mina.commands("forget")
    mina.presses("forget")
    mina.hears("기록을 지웠습니다.")
    mina.presses(key(mina, SOUTH))
    mina.hears(say("founder.stale_button", "ko"))


def test_in_a_case_it_says_who_reads_what_is_written(mina: Person) -> None:
    east = key(mina, EAST)
    mina.commands("human")
    mina.hears("어느 나라, 어느 도시")
    mina.presses(east)
    mina.hears(say("founder.ask_where", "ko"))
    mina.says("하노이")
    mina.hears("접수번호 #1")
    mina.presses(east)
    mina.hears(say("founder.already_open", "ko", number=1))
    assert not times(mina, said(EAST))


@pytest.fixture
def seat(tmp_path: Path, seas: Furniture) -> Iterator[tuple[Seat, list[str]]]:
    app, shown = App(Settings(data=tmp_path, _env_file=None)), list[str]()
    app.missions, app.places, app.chain = seas.missions, seas.places, seas.chain
    yield Seat(app, FOUNDER, "me", shown.append), shown
    app.engine.dispose()


def types(seat: Seat, line: str) -> None:
    seat.type(line)
    asyncio.run(seat.settle())


def test_in_the_terminal_the_choices_are_numbered(seat: tuple[Seat, list[str]]) -> None:
    founder, shown = seat
    types(founder, ASKED)
    choices = {button.label: number for number, button in founder.buttons.items()}
    assert set(choices) == {*DAYS, say("founder.button_human", "ko")}
    assert f"[{choices[SOUTH]}] {SOUTH}" in shown[-1]
    types(founder, str(choices[SOUTH]))
    assert shown[-1].startswith(said(SOUTH))
    types(founder, ASKED)
    types(founder, EAST)
    assert shown[-1].startswith(said(EAST))


def test_the_case_that_follows_holds_the_question_with_its_document(
    seat: tuple[Seat, list[str]],
) -> None:
    founder, _ = seat
    for line in (ASKED, "남해", "/human", "하노이"):
        types(founder, line)
    (case,) = founder.app.store.cases()
    assert case.question == f"{SOUTH} {ASKED}"
