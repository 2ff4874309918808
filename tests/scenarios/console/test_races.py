"""Two people at once: of replies that cross, one goes, and the others are held back with their words."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import pytest

from bot.admin.console.acts import ConsoleDesk
from bot.context import Decision
from bot.types import ConsoleNotice
from tests.harness.messenger_drivers import TelegramPerson
from tests.scenarios.console.conftest import (
    CONSUL,
    LAWYER,
    PATIENCE,
    ConsoleClient,
    ConsoleReply,
    ConsoleStage,
)

HEAD_START_SECONDS = (
    0.3  # at most, of the topic before each console: its words settle before they go on
)
LEAST_FIRST = 10  # of 200: how often each of the three is to be first, if they are to be races


def test_of_replies_that_cross_one_goes(stage: ConsoleStage) -> None:
    race(stage, 6, random.Random(16))


@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_of_200_races_each_lets_one_reply_go(stage: ConsoleStage) -> None:
    first = race(stage, 200, random.Random(200))
    sys.stdout.write(f"first of 200 races: {dict(first)}\n")
    assert len(first) == 3
    assert min(first.values()) >= LEAST_FIRST


@pytest.mark.parametrize("other", ["console", "topic"])
def test_a_reply_that_comes_between_a_decision_and_its_commit_is_seen(
    stage: ConsoleStage, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    number, _ = stage.open_case()
    topic, seen = stage.room.wait_for_case(number), stage.read_record(number)[-1][0]
    first, second = (stage.make_client(user) for user in (CONSUL, LAWYER))
    decide = ConsoleDesk._decide_in_thread
    came: list[object] = []

    def decide_late(*given: Any) -> Decision:
        decision = decide(*given)
        if not came:
            came.append(other)
            if other == "topic":
                topic.says("먼저 온 답입니다.")
            else:
                assert second.act(number, "reply", "먼저 온 답입니다.", seen).status == 303
            stage.wait_for_line(number, "먼저 온 답입니다.")
        return decision

    monkeypatch.setattr(ConsoleDesk, "_decide_in_thread", decide_late)
    reply = first.act(number, "reply", "늦은 답입니다.", seen)
    assert reply.status == 409
    assert "늦은 답입니다.</textarea>" in reply.body
    assert "먼저 온 답입니다." in reply.body
    said = [line.text for _, line in stage.read_record(number) if line.author == "staff"]
    assert said == ["먼저 온 답입니다."]


def race(stage: ConsoleStage, rounds: int, chance: random.Random) -> Counter[str]:
    """Two consoles and a colleague in the case's topic reply to the same line; the colleague's words
    always go on: no messenger can take them back. How often each was first."""
    number, founder = stage.open_case()
    topic = stage.room.wait_for_case(number)
    clients = [stage.make_client(user) for user in (CONSUL, LAWYER)]
    first = Counter(run_round(stage, number, clients, topic, at, chance) for at in range(rounds))
    last = stage.read_record(number)[-1][0]
    assert clients[0].act(number, "reply", f"{rounds}회 다음의 답입니다.", last).status == 303
    sent = [line.text for _, line in stage.read_record(number) if line.author == "staff"]
    founder.hears(sent[-1])
    heard = [text for text in founder.received_texts() if "회 " in text]
    assert [sum(text in one for one in heard) for text in sent] == [1] * len(sent)
    assert len(heard) == len(sent)  # nothing of what was held back
    return first


def run_round(
    stage: ConsoleStage,
    number: int,
    clients: Sequence[ConsoleClient],
    topic: TelegramPerson,
    at: int,
    chance: random.Random,
) -> str:
    """Who was first: "가" and "나" on the consoles, or "topic"."""
    seen = max(key for key, _ in stage.read_record(number))
    texts = {f"제{at}회 콘솔 {name}의 <답>입니다.": name for name in "가나"}
    from_topic = f"제{at}회 대화방의 답입니다."
    replies: dict[str, ConsoleReply] = {}

    def reply(client: ConsoleClient, text: str) -> None:
        replies[text] = client.act(number, "reply", text, seen)

    acts = [partial(reply, *pair) for pair in zip(clients, texts, strict=True)]
    pauses = [chance.uniform(0, HEAD_START_SECONDS) for _ in acts]
    start_at_once([lambda: topic.says(from_topic), *acts], [0.0, *pauses])
    stage.wait_for_line(number, from_topic)
    new = [line.text for key, line in stage.read_record(number) if key > seen]
    gone = [text for text in texts if text in new]
    assert [text for text in texts if replies[text].status == 303] == gone
    assert sorted(new) == sorted([*gone, from_topic])
    assert len(gone) <= 1
    assert gone == [text for text in new[:1] if text != from_topic]  # only ahead of the topic's
    for text in set(texts) - set(gone):
        assert replies[text].status == 409
        assert f">{escape(text)}</textarea>" in replies[text].body
        assert escape(new[0]) in replies[text].body
    return texts.get(new[0], "topic")


@pytest.mark.parametrize("change", [{"sealed": True}, {"mission": "vn-hcmc"}])
def test_a_case_that_is_closed_to_somebody_while_they_write_is_not_shown(
    stage: ConsoleStage, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    number, _ = stage.open_case()
    consul = stage.make_client(CONSUL)
    store = stage.house.app.store

    async def cross(*_: object) -> ConsoleNotice:
        case = replace(store.get_case(number), **change)
        store.commit_without_message(f"cross:{number}", Decision(case=case), stage.house.app.now())
        return ConsoleNotice("cross", f"telegram:{CONSUL}", "refused", "-", number)

    with monkeypatch.context() as patch:
        patch.setattr("adapters.console.acting.ActSender.send_event", cross)
        answer = consul.act(number, "note", "길게 쓴 메모")
    assert answer.status == 404 and "90일째" not in answer.body
    assert "길게 쓴 메모</textarea>" in answer.body


def test_of_a_case_that_was_merged_meanwhile_it_is_said_where_it_went(
    stage: ConsoleStage,
) -> None:
    number, _ = stage.open_case()
    consul = stage.make_client(CONSUL)
    into, _ = stage.open_case()
    assert consul.act(number, "merge", f"{into} 확인").status == 303
    answer = consul.act(number, "reply", "늦은 답변", 9999)
    assert answer.status == 422 and f"#{into}" in answer.body and "naru bind" not in answer.body
    assert "늦은 답변</textarea>" in answer.body


def start_at_once(acts: Sequence[Callable[[], object]], pauses: Sequence[float]) -> None:
    """Do each so many seconds after the same moment, and wait until they are done."""
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], object], pause: float) -> None:
        start.wait(PATIENCE)
        time.sleep(pause)
        one()

    threads = [threading.Thread(target=act, args=pair) for pair in zip(acts, pauses, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE)
