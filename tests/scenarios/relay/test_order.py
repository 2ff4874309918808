"""Words arrive as they were written, however the platform hands them over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.slack.inbound import build_event
from bot.store import InboxEvent
from tests.fakes.slack.server import SlackServer
from tests.harness.messenger_drivers import SlackPerson, SlackRoom, bind_room
from tests.harness.running_app import SLACK_ADMIN, AppFixtures, RunningApp, run_app, wait_until_idle


@pytest.fixture
def house(tmp_path: Path, furniture: AppFixtures, slack: SlackServer) -> Iterator[RunningApp]:
    with run_app(tmp_path, furniture, slack=slack) as opened:
        yield opened


@pytest.fixture
def mina(slack: SlackServer) -> SlackPerson:
    return SlackPerson(slack, slack.open_dm())


@pytest.fixture
def room(house: RunningApp, slack: SlackServer) -> SlackRoom:
    slack.create_channel("C0HANOI", private=True)
    opened = SlackRoom(slack, "C0HANOI", SLACK_ADMIN)
    bind_room(house, "vn-hanoi", opened)
    return opened


def ask_for_people(mina: SlackPerson) -> None:
    mina.server.user_runs("/naru", "where 하노이", mina.channel)
    mina.hears("기억하겠습니다")
    mina.server.user_runs("/naru", "human", mina.channel)


def make_event(channel: str, ts: str, text: str) -> InboxEvent:
    inner = {"type": "message", "channel": channel, "user": "U0MINA", "ts": ts, "text": text}
    return build_event({"type": "event_callback", "event_id": f"Ev{ts}", "event": inner})


def test_what_slack_hands_over_in_any_order_is_relayed_as_it_was_written(
    house: RunningApp, slack: SlackServer, mina: SlackPerson, room: SlackRoom
) -> None:
    ask_for_people(mina)
    case = room.wait_for_case()
    case.presses("claim:1")
    mina.hears("맡았습니다")
    written = [make_event(mina.channel, f"2000000000.00000{n}", f"말 {n}") for n in range(6)]
    for number in (4, 1, 5, 0, 2, 3):
        house.app.store.inbox.receive([written[number]], house.clock())
    case.hears("말 5")
    wait_until_idle(slack, house)
    said = [text for text in case.received_texts() if text.startswith("창업자: ")]
    assert said == [f"창업자: 말 {number}" for number in range(6)]


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("deed", ["press", "reply"])
def test_staff_may_answer_a_card_before_slack_has_said_that_it_stands(
    house: RunningApp, slack: SlackServer, mina: SlackPerson, room: SlackRoom, deed: str
) -> None:
    room.staff_member().hears("연결했습니다")
    slack.stall("chat.postMessage", 1.0, where=lambda asked: asked["channel"] == "C0HANOI")
    ask_for_people(mina)
    case = room.wait_for_case()
    if deed == "press":
        case.presses("claim:1")
        mina.hears("맡았습니다")
    else:
        case.says("바로 보겠습니다.")
        mina.hears("바로 보겠습니다.")
    assert house.app.store.get_case(1).state == ("claimed" if deed == "press" else "answered")


@pytest.mark.usefixtures("hasty")
def test_answers_that_slack_loses_cost_and_double_nothing(
    house: RunningApp, slack: SlackServer, mina: SlackPerson, room: SlackRoom
) -> None:
    ask_for_people(mina)
    case = room.wait_for_case()
    for number in range(8):
        if number % 3 == 1:
            slack.lose_answer("chat.postMessage")
        mina.says(f"말 {number}")
        case.says(f"답 {number}")
    case.hears("말 7")
    mina.hears("답 7")
    wait_until_idle(slack, house)
    said = [text for text in case.received_texts() if text.startswith("창업자: ")]
    heard = [text.rpartition("\n")[2] for text in mina.received_texts() if "답 " in text]
    assert said == [f"창업자: 말 {number}" for number in range(8)]
    assert heard == [f"답 {number}" for number in range(8)]
