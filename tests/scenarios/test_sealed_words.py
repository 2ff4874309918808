"""Sealed words are where docs/sealed.md says, and nowhere else."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, select

from knowledge.types import Question
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson, TelegramRoom, bind_room
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    run_app,
    wait_until_idle,
)
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

pytestmark = pytest.mark.server

HANOI, DESK = -1001000000001, -1001000000009
WORD = "크르륵부품"  # in each sealed message, and in nothing else
SECRET = f"파트너가 {WORD} 도면을 빼돌렸어요"
KEPT_IN = {"inbox.payload", "cases.question", "case_lines.text"}


@pytest.fixture
def house(tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer) -> Iterator[RunningApp]:
    # The chain loads its libraries now, not while an answer is waited for.
    furniture.chain.ask(Question(FREIGHT_QUESTION, "ko", datetime.now(UTC)))
    furniture.places.find_mentioned_place(SECRET)
    with run_app(tmp_path, furniture, telegram=telegram) as opened:
        for chat, mission in ((HANOI, "vn-hanoi"), (DESK, "domestic")):
            telegram.create_forum(chat)
            bind_room(opened, mission, TelegramRoom(telegram, chat, TELEGRAM_ADMIN))
        yield opened


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def list_columns_with(house: RunningApp, word: str) -> set[str]:
    """The "table.column" of every value that has the word."""
    metadata = MetaData()
    found: set[str] = set()
    with house.app.engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                values = row._asdict().items()
                found |= {f"{table.name}.{name}" for name, value in values if word in str(value)}
    return found


@pytest.mark.usefixtures("hasty")
def test_sealed_words_leave_no_lane(
    house: RunningApp, telegram: TelegramServer, log: io.StringIO, tmp_path: Path
) -> None:
    mina = TelegramPerson(telegram, 1001)
    hanoi = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    mina.sends_command("where 하노이")
    mina.hears("기억하겠습니다")
    mina.says(SECRET)
    mina.hears("봉인된 건으로 전하겠습니다")
    mina.sends_command("why")
    mina.hears("답")
    mina.sends_command("human")
    mina.hears("아직 아무에게도 전하지 않았습니다")
    topic = hanoi.wait_for_case()
    mina.says(f"{WORD} 담당은 김 부장입니다")
    topic.hears("봉인된 건에 새 글이 왔습니다")
    mina.sends_command("cases")
    mina.hears("(봉인된 건)")
    mina.sends_command("close")
    mina.hears("끝")
    # The next question and an ordinary case, which more such words seal.
    mina.says(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    mina.sends_command("human")
    second = hanoi.wait_for_case(2)
    second.hears(FREIGHT_QUESTION)
    mina.says(SECRET)
    second.hears("이 건을 봉인했습니다")
    wait_until_idle(telegram, house)

    assert list_columns_with(house, WORD) == KEPT_IN
    assert [case.sealed for case in house.app.store.list_cases()] == [True, True]
    for chat in (HANOI, DESK, 1001):
        assert not any(WORD in text for text in telegram.bot_texts(chat)), chat
        assert not any(WORD in name for name in telegram.topics(chat).values()), chat
    assert any("내용을 볼 수 있는 담당자가 없습니다" in one for one in telegram.bot_texts(DESK))
    assert WORD not in log.getvalue()
    others = [path for path in tmp_path.rglob("*") if path.is_file() and "naru.db" not in path.name]
    assert not any(WORD.encode() in path.read_bytes() for path in others)


@pytest.mark.usefixtures("hasty")
def test_a_sealed_case_waits_for_the_lead_who_cannot_be_written_to_yet(
    house: RunningApp, telegram: TelegramServer
) -> None:
    mina, lead = TelegramPerson(telegram, 1001), TelegramPerson(telegram, TELEGRAM_ADMIN)
    mina.sends_command("where 하노이")
    mina.hears("기억하겠습니다")
    mina.sends_command(f"human {SECRET}")
    mina.hears("아직 아무에게도 전하지 않았습니다")
    TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN).wait_for_case()
    lead.sends_command("start")
    lead.hears(SECRET)
    mina.hears("이제 봉인된 건을 볼 수 있는 담당자가 있습니다")
    mina.says(f"{WORD} 담당은 김 부장입니다")
    lead.hears("김 부장입니다")
    wait_until_idle(telegram, house)
    assert not any(WORD in text for chat in (HANOI, DESK) for text in telegram.bot_texts(chat))
