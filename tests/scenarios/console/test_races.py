"""Two people at once: of replies that cross, one goes, and the others are held back with their words."""

from __future__ import annotations

import random
import threading

import pytest

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
