"""Two people at once: of replies that cross, one goes, and the others are held back with their words."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from typing import Any

import pytest

from bot.context import Decision
from bot.types import ConsoleNotice
from tests.harness.messenger_drivers import TelegramPerson
from tests.scenarios.console.conftest import (
    CONSUL,
    LAWYER,
    ConsoleClient,
    ConsoleReply,
    ConsoleStage,
)


def test_of_replies_that_cross_one_goes(stage: ConsoleStage) -> None:
    race(stage, 10, random.Random(16))


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_of_200_races_each_lets_one_reply_go(stage: ConsoleStage) -> None:
    race(stage, 200, random.Random(200))


def race(stage: ConsoleStage, rounds: int, chance: random.Random) -> None:
    """Two consoles reply to the same line, and in most rounds a colleague in the case's topic as well,
    whose words always go on: no messenger can take them back."""
    number, founder = stage.open_case()
    topic = stage.room.wait_for_case(number)
    clients = [stage.make_client(user) for user in (CONSUL, LAWYER)]
    for at in range(rounds):
        run_round(stage, number, clients, topic if chance.random() < 0.7 else None, at)
    sent = [line.text for _, line in stage.read_record(number) if line.author == "staff"]
    assert len(sent) == len(set(sent))
    founder.hears(sent[-1])
    heard = "\n".join(founder.received_texts())
    assert [heard.count(text) for text in sent] == [1] * len(sent)


def run_round(
    stage: ConsoleStage,
    number: int,
    clients: list[ConsoleClient],
    topic: TelegramPerson | None,
    at: int,
) -> None:
    seen = max(key for key, _ in stage.read_record(number))
    texts = [f"제{at}회 콘솔 {name}의 답입니다." for name in "가나"]
    from_topic = f"제{at}회 대화방의 답입니다."
    replies: dict[str, ConsoleReply] = {}
    start = threading.Barrier(3 if topic else 2)

    def reply(client: ConsoleClient, text: str) -> None:
        start.wait(10)
        replies[text] = client.act(number, "reply", text, seen)

    threads = [
        threading.Thread(target=reply, args=pair) for pair in zip(clients, texts, strict=True)
    ]
    for one in threads:
        one.start()
    if topic:
        start.wait(10)
        topic.says(from_topic)
    for one in threads:
        one.join(30)
    if topic:
        stage.wait_for_line(number, from_topic)
    new = [line.text for key, line in stage.read_record(number) if key > seen]
    gone = [text for text in texts if text in new]
    assert [text for text in texts if replies[text].status == 303] == gone
    assert len(gone) == 1 or (gone == [] and from_topic in new)
    assert new[0] in (*gone, from_topic) and all(text == new[0] for text in gone)
    for text in set(texts) - set(gone):
        assert replies[text].status == 409
        assert text in replies[text].body and new[0] in replies[text].body


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
