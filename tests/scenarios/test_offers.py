"""Naru offers sections where it is not sure; a button, a number or a name shows one whole."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession
from adapters.settings import Settings
from adapters.terminal import FOUNDER_CHANNEL
from bot.phrases import render_phrase
from knowledge.chain import Chain
from knowledge.retrieval.edition import Edition
from knowledge.types import Answer, Offer, Question
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import Person, SlackPerson, TelegramPerson
from tests.harness.running_app import AppFixtures, RunningApp, run_app, wait_until_idle
from tests.samples.stub_library import CERTIFICATE_ANSWER, FREIGHT_ANSWER, FREIGHT_QUESTION

NEXT_QUESTION = "운송비도 한 해에 여러 번 받습니까?"
ASKED = "우리 회사는 어떤 것이 맞을까요?"
FREIGHT, CERTIFICATE, BODY = 0, 1, 2  # in the order in which they are offered
LABELS = (FREIGHT_QUESTION, "해외 인증 비용은 얼마까지 지원되나요?", "지원협의체는 어떤 곳인가요?")
BODY_ANSWER = "현지 기관과 전문가가 함께 애로를 푸는 곳입니다."
PROMPT = "확실한 답을 찾지 못했습니다."
PERSON_NUMBERS = itertools.count(1)


class OfferingChain(Chain):
    """Offers the three sections of its library for ASKED, and has one answer to everything else."""

    def ask(
        self,
        question: Question,
        on_sentence: Callable[[str], None] | None = None,
        edition: Edition | None = None,
    ) -> Answer:
        """The offers, or the section about freight."""
        passages = (edition or self.library.get_current_edition()).passages
        sections = {passage.heading[-1]: passage for passage in passages}
        offers = tuple(
            Offer(one.document.id, one.document.title, one.heading, label, 0.3)
            for label, one in ((label, sections[label]) for label in LABELS)
        )
        if question.text == ASKED:
            return Answer("offered", question.language, "", 0.3, 1, offers=offers)
        return self.show_section(question, offers[FREIGHT])


@dataclass(frozen=True)
class House:
    """A Naru that is not sure, on both messengers."""

    running: RunningApp
    telegram: TelegramServer
    slack: SlackServer


@pytest.fixture(scope="module")
def offering(furniture: AppFixtures) -> AppFixtures:
    return replace(furniture, chain=OfferingChain(furniture.chain.library))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, offering: AppFixtures) -> Iterator[House]:
    """One for all tests: each has people of its own."""
    soon = {"message_settle_time": timedelta(milliseconds=100)}
    with (
        TelegramServer() as telegram,
        SlackServer(retries=(0.0, 0.2, 0.5)) as slack,
        run_app(
            tmp_path_factory.mktemp("offers"),
            offering,
            telegram=telegram,
            slack=slack,
            timings=soon,
        ) as running,
    ):
        yield House(running, telegram, slack)


@pytest.fixture(params=["telegram", "slack", "slack thread"])
def mina(request: pytest.FixtureRequest, house: House) -> Person:
    """Someone to whom sections were just offered."""
    number, slack = next(PERSON_NUMBERS), house.slack
    if request.param == "telegram":
        person: Person = TelegramPerson(house.telegram, 1000 + number)
        person.says(ASKED)
    elif request.param == "slack":
        person = SlackPerson(slack, slack.open_dm(f"U0MINA{number}"), f"U0MINA{number}")
        person.says(ASKED)
    else:
        channel, user = slack.create_channel(f"C0OPEN{number}"), f"U0MINA{number}"
        root = slack.user_says(channel, ASKED, user, mention=True)
        person = SlackPerson(slack, channel, user, root)
    person.hears(PROMPT)
    return person


@pytest.fixture
def rest(house: House) -> Callable[[], None]:
    def wait() -> None:
        for server in (house.telegram, house.slack):
            wait_until_idle(server, house.running)

    return wait


def find_offer_button(person: Person, number: int) -> str:
    """The key of a section's button."""
    return [key for key in person.button_keys() if key.startswith("offer:")][number]


def count_containing(person: Person, text: str) -> int:
    return sum(text in one for one in person.received_texts())


def test_a_button_shows_its_section_once_and_the_others_still_work(
    mina: Person, rest: Callable[[], None]
) -> None:
    assert all(len(key.encode()) <= 64 for key in mina.button_keys())
    offered = mina.hears(PROMPT)
    assert f"1. {LABELS[FREIGHT]} — 물류전용 수출바우처" in offered
    freight = find_offer_button(mina, FREIGHT)
    mina.presses(freight)
    shown = mina.hears(FREIGHT_ANSWER)
    assert "2,000만 원까지" in shown and "기준으로 자료실에 있는 내용입니다" in shown
    mina.presses(freight)
    mina.hears(render_phrase("founder.already_chosen", "ko", title=LABELS[FREIGHT]))
    mina.presses(find_offer_button(mina, BODY))
    mina.hears(BODY_ANSWER)
    rest()
    assert count_containing(mina, FREIGHT_ANSWER) == count_containing(mina, BODY_ANSWER) == 1


def test_typing_chooses_too_and_the_next_question_is_asked_as_ever(mina: Person) -> None:
    mina.says("2번")
    mina.hears(CERTIFICATE_ANSWER)
    mina.says("지원협의체")
    mina.hears(BODY_ANSWER)
    mina.says(NEXT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    mina.presses(find_offer_button(mina, FREIGHT))  # of the earlier question
    mina.hears(FREIGHT_ANSWER, times=2)


def test_none_of_them_takes_the_question_they_were_offered_for_to_a_person(
    mina: Person, house: House
) -> None:
    mina.says(NEXT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    none = next(key for key in mina.button_keys() if key.startswith("none:"))
    mina.presses(none)
    if isinstance(mina, SlackPerson) and mina.thread:  # nothing of it where others read along
        at_home = SlackPerson(house.slack, house.slack.open_dm(mina.user), mina.user)
        at_home.hears(render_phrase("founder.continue_here", "ko", question=ASKED)[:60])
        return
    mina.hears("어느 나라")
    mina.says("하노이")
    mina.hears("접수번호")
    assert ASKED in {case.question for case in house.running.app.store.list_cases()}


@pytest.mark.parametrize("mina", ["telegram"], indirect=True)  # a thread tells only the asker
def test_a_button_of_a_conversation_that_is_erased_says_what_to_do(
    mina: Person, house: House
) -> None:
    choices = house.running.app.store.list_section_choices
    mina.presses(find_offer_button(mina, BODY))
    mina.hears(BODY_ANSWER)
    before = len(choices())
    mina.sends_command("forget")
    mina.presses("forget")
    mina.hears("기록을 지웠습니다.")
    assert len(choices()) == before - 1
    mina.presses(find_offer_button(mina, CERTIFICATE))
    mina.hears(render_phrase("founder.stale_button", "ko"))


@pytest.fixture
def seat(tmp_path: Path, offering: AppFixtures) -> Iterator[tuple[TerminalSession, list[str]]]:
    app, shown = App(Settings(data=tmp_path, _env_file=None)), list[str]()
    app.missions, app.places, app.chain = offering.missions, offering.places, offering.chain
    yield TerminalSession(app, FOUNDER_CHANNEL, "me", shown.append), shown
    app.engine.dispose()


def type_and_settle(seat: TerminalSession, line: str) -> None:
    seat.submit_line(line)
    asyncio.run(seat.run_until_idle())


def test_in_the_terminal_a_number_chooses(seat: tuple[TerminalSession, list[str]]) -> None:
    founder, shown = seat
    type_and_settle(founder, ASKED)
    none = render_phrase("founder.button_none", "ko")
    assert shown[-1].endswith(f"\n3. {LABELS[BODY]} — 재외공관 지원협의체\n▸ [4] {none}")
    type_and_settle(founder, "2")
    assert shown[-1].startswith(f"{LABELS[CERTIFICATE]}\n{CERTIFICATE_ANSWER}")
    type_and_settle(founder, "3")  # its own buttons have only two
    assert BODY_ANSWER in shown[-1]
    type_and_settle(founder, ASKED)
    type_and_settle(founder, "4")
    assert "어느 나라" in shown[-1]
