"""On Telegram: sealed words are where docs/sealed.md says, and nowhere else."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store import tables as t
from knowledge.answering.model.writer import ModelWriter
from knowledge.chain import Chain
from knowledge.types import Question
from tests.fakes.openai_server import OpenAIServer
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
from tests.scenarios.sealed.search import (
    CASE,
    EVENT,
    MESSAGE,
    holds_word,
    keep_log,
    list_columns_with,
    list_files_with,
    read_backup_columns,
)

pytestmark = pytest.mark.server

HANOI, DESK = -1001000000001, -1001000000009
WORD = "크르륵부품"  # in each sealed message, and in nothing else
SECRET = f"파트너가 {WORD} 도면을 빼돌렸어요"
KEPT_IN = CASE | {EVENT}


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
    with keep_log() as stream:
        yield stream


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

    assert list_columns_with(house.app.engine, WORD) == KEPT_IN
    assert [case.sealed for case in house.app.store.list_cases()] == [True, True]
    for chat in (HANOI, DESK, 1001):
        assert not any(WORD in text for text in telegram.bot_texts(chat)), chat
        assert not any(WORD in name for name in telegram.topics(chat).values()), chat
    assert any("내용을 볼 수 있는 담당자가 없습니다" in one for one in telegram.bot_texts(DESK))
    assert not holds_word(log.getvalue(), WORD)
    assert list_files_with(tmp_path, WORD) == {"naru.db"}


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


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def modelled(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, model: OpenAIServer
) -> Iterator[RunningApp]:
    """Naru with a language model that words its answers, a room and an officer of Hanoi."""
    furniture.places.find_mentioned_place(SECRET)
    writer = ModelWriter("openai:gpt-x", base_url=model.base_url, api_key="sk-test")
    written = replace(furniture, chain=Chain(furniture.chain.library, writer))
    with run_app(tmp_path, written, telegram=telegram) as opened:
        for chat, mission in ((HANOI, "vn-hanoi"), (DESK, "domestic")):
            telegram.create_forum(chat)
            bind_room(opened, mission, TelegramRoom(telegram, chat, TELEGRAM_ADMIN))
        yield opened


@pytest.mark.usefixtures("hasty")
def test_an_officers_words_are_audited_and_stay_in_their_chat(
    modelled: RunningApp,
    telegram: TelegramServer,
    model: OpenAIServer,
    log: io.StringIO,
    tmp_path: Path,
) -> None:
    """With an officer and a model: what was told sealed, by its words and by the founder's choice,
    is in the database, in the backup of it, and on its way to the officer; nowhere else."""
    house, mina = modelled, TelegramPerson(telegram, 1001)
    officer = TelegramPerson(telegram, TELEGRAM_ADMIN)
    officer.sends_command("start")
    officer.hears("질문")
    mina.sends_command("where 하노이")
    mina.hears("기억하겠습니다")
    mina.sends_command("sealed")
    mina.hears("봉인된 건으로 다룹니다")
    mina.says(f"{WORD} 단가를 물류비 지원에 어떻게 적나요?")
    mina.hears("확실한 답을 찾지 못했습니다")
    mina.sends_command(f"human {SECRET}")
    officer.hears(WORD)
    mina.says(f"{WORD} 담당은 김 부장입니다")
    officer.hears("김 부장입니다")
    wait_until_idle(telegram, house)

    (case,) = house.app.store.list_cases()
    assert case.sealed
    assert list_columns_with(house.app.engine, WORD) == KEPT_IN | {MESSAGE}
    with house.app.engine.connect() as connection:
        to_officer = {
            row.lane
            for row in connection.execute(select(t.outbox))
            if WORD in json.dumps(row.body, ensure_ascii=False)
        }
        acts = [(row.who, row.act) for row in connection.execute(select(t.audit))]
    assert to_officer == {f"telegram:{TELEGRAM_ADMIN}"}
    given = (f"telegram:{TELEGRAM_ADMIN}", f"given to read: sealed case {case.number}")
    assert acts.count(given) == 2  # the case, and the message after it

    assert not any(WORD in json.dumps(one, ensure_ascii=False) for one in model.requests)
    for call in telegram.calls:
        if call.method.lower() in ("getupdates", "setwebhook"):
            continue  # what the founder sent comes in here
        said = json.dumps(call.params, ensure_ascii=False, default=str)
        assert WORD not in said or str(call.params.get("chat_id")) == str(TELEGRAM_ADMIN), call
        if WORD in said:
            assert call.params.get("protect_content"), call
    for chat in (HANOI, DESK):
        assert not any(WORD in text for text in telegram.bot_texts(chat)), chat
        assert not any(WORD in name for name in telegram.topics(chat).values()), chat
    assert not holds_word(log.getvalue(), WORD)
    assert list_files_with(tmp_path, WORD) == {"naru.db"}
    assert read_backup_columns(tmp_path, WORD) == KEPT_IN | {MESSAGE}
