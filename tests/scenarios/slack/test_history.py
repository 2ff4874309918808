"""What Slack never told is found in its histories, at the start and after a reconnection."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack.history import HISTORY_CHANNEL
from tests.fakes.slack.server import SlackServer
from tests.harness.messenger_drivers import SlackPerson, SlackRoom, bind_room
from tests.harness.running_app import (
    SLACK_ADMIN,
    AppFixtures,
    RunningApp,
    run_app,
    wait_until,
    wait_until_idle,
)
from tests.samples.stub_library import CERTIFICATE_ANSWER, CERTIFICATE_QUESTION

pytestmark = pytest.mark.usefixtures("hasty")
FOUNDER = "U0MINA"


@pytest.fixture
def mina(slack: SlackServer) -> SlackPerson:
    return SlackPerson(slack, slack.open_dm(FOUNDER))


@pytest.fixture
def room(slack: SlackServer) -> SlackRoom:
    slack.create_channel("C0HANOI", private=True)
    return SlackRoom(slack, "C0HANOI", SLACK_ADMIN)


def open_claimed_case(house: RunningApp, mina: SlackPerson, room: SlackRoom) -> SlackPerson:
    bind_room(house, "vn-hanoi", room)
    mina.says("담당자")
    mina.hears("어느 나라")
    mina.says("하노이")
    mina.hears("접수번호 #1")
    case = room.wait_for_case()
    case.presses("claim:1")
    mina.hears("맡았습니다")
    return case


def list_founder_texts(case: SlackPerson) -> list[str]:
    return [text for text in case.received_texts() if text.startswith("창업자: ")]


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
def test_what_was_said_while_naru_was_away_comes_first_and_once(
    tmp_path: Path,
    furniture: AppFixtures,
    slack: SlackServer,
    mina: SlackPerson,
    room: SlackRoom,
    http: bool,
) -> None:
    with run_app(tmp_path, furniture, slack=slack, http=http) as house:
        case = open_claimed_case(house, mina, room)
        mina.says("하나")
        case.hears("창업자: 하나")
    slack.start_outage()
    for word in ("둘", "셋", "넷"):
        mina.says(word)
    case.says("협의체의 답")
    slack.end_outage()
    slack.http_target = ""
    mina.says("다섯")  # this one Slack tells
    slack.stall("conversations.history", 0.7)
    with run_app(tmp_path, furniture, slack=slack, http=http) as house:
        case.hears("창업자: 다섯")
        mina.hears("협의체의 답")
        wait_until_idle(slack, house)
        words = [f"창업자: {word}" for word in ("하나", "둘", "셋", "넷", "다섯")]
        assert list_founder_texts(case) == words
        assert sum("협의체의 답" in text for text in mina.received_texts()) == 1


def test_what_was_said_while_the_socket_was_gone_is_found_after_it_is_back(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, mina: SlackPerson, room: SlackRoom
) -> None:
    with run_app(tmp_path, furniture, slack=slack) as house:
        case = open_claimed_case(house, mina, room)
        other = SlackPerson(slack, slack.open_dm("U0OTHER"), "U0OTHER")
        other.says("도움말")
        other.hears("‘담당자’ 담당자에게 연결")
        slack.start_outage()
        mina.says("들리십니까")
        other.says(CERTIFICATE_QUESTION)
        slack.end_outage()
        slack.disconnect("refresh_requested")
        case.hears("창업자: 들리십니까")
        other.hears(CERTIFICATE_ANSWER)
        wait_until_idle(slack, house)
        assert list_founder_texts(case) == ["창업자: 들리십니까"]


def test_a_history_out_of_reach_is_read_later_and_one_that_is_closed_holds_up_no_other(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, mina: SlackPerson, room: SlackRoom
) -> None:
    with run_app(tmp_path, furniture, slack=slack) as house:
        case = open_claimed_case(house, mina, room)
    slack.start_outage()
    mina.says("들리십니까")
    slack.end_outage()
    slack.fail_next("conversations.history", 2, status=500)
    slack.fail_next("conversations.replies", 9, status=200, message="not_in_channel")
    with run_app(tmp_path, furniture, slack=slack, timings={"backfill_retry": 1.0}) as house:
        case.hears("창업자: 들리십니까")
        wait_until_idle(slack, house)
    assert list_founder_texts(case) == ["창업자: 들리십니까"]


def test_a_command_that_was_never_told_is_still_a_command(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, mina: SlackPerson, room: SlackRoom
) -> None:
    with run_app(tmp_path, furniture, slack=slack) as house:
        case = open_claimed_case(house, mina, room)
    slack.start_outage()
    case.sends_command("resolve")
    slack.end_outage()
    with run_app(tmp_path, furniture, slack=slack):
        mina.hears("종결했습니다")
    assert not any("resolve" in text for text in mina.received_texts())


@pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])
def test_a_strangers_first_message_in_an_outage_is_answered_after_the_restart(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, mina: SlackPerson, http: bool
) -> None:
    with run_app(tmp_path, furniture, slack=slack, http=http) as house:
        wait_until(lambda: house.app.store.inbox.find_newest(HISTORY_CHANNEL))
    slack.start_outage()
    slack.http_target = ""
    mina.says(CERTIFICATE_QUESTION)
    slack.end_outage()
    with run_app(tmp_path, furniture, slack=slack, http=http) as house:
        mina.hears(CERTIFICATE_ANSWER)
        wait_until_idle(slack, house)
        assert sum(CERTIFICATE_ANSWER in text for text in mina.received_texts()) == 1
