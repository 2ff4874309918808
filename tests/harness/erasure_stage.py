"""A person's whole life with Naru on one messenger, and the search for what is left of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import MetaData, Table, select

from bot.admin.console.events import ConsoleAct, build_event
from bot.context import Decision
from bot.store import InboxEvent
from bot.store.console.answers import AnswerFilter
from bot.store.holds import hold_refusing_place
from bot.types import (
    AccountLink,
    Consent,
    ConsoleNotice,
    FaqDraft,
    LinkCode,
    LoggedAnswer,
    Rating,
    Subscription,
    UnadmittedWriter,
    WrongAnswer,
)
from knowledge.database.engine import write_transaction
from knowledge.database.scrubbing import scrub_files
from knowledge.phrases.phrase import SectionChoice
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import Person, Room
from tests.harness.running_app import RunningApp, wait_until, wait_until_idle
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

WORD, OTHER_WORD = "물결무늬", "구름무늬"  # in all that Mina, and that the other founder, writes


@dataclass(frozen=True)
class ErasureStage:
    """One messenger's founders and rooms. `traces` are what must be gone, `others` what must stay."""

    house: RunningApp
    server: TelegramServer | SlackServer
    mina: Person
    other: Person
    room: Room
    among_others: Callable[[str], object]
    account: str
    traces: tuple[str, ...]
    others: tuple[str, ...]


def talk_through_a_case(stage: ErasureStage) -> None:
    """Everything that leaves traces: questions, a case with files, edits, staff who quote, an ended
    case, a question among others, and another founder's open case."""
    mina = stage.mina
    mina.says(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    stage.among_others(f"{WORD} 도자기 물류비 지원되나요?")
    mina.says(f"{WORD} 가마를 대신 지어 줄 수 있나요?")
    mina.hears("담당자")
    mina.sends_command("human")
    mina.hears("어느 나라")
    mina.says("하노이")
    mina.hears("#1")
    thread = stage.room.wait_for_case()
    edited = mina.says(f"{WORD} 가마는 두 기입니다")
    thread.hears("두 기")
    mina.edits(edited, f"{WORD} 가마는 세 기입니다")
    thread.hears("세 기")
    mina.uploads(f"{WORD}.pdf", b"%PDF-1.4", "application/pdf", f"{WORD} 도면")
    thread.hears("도면")
    thread.says(f"{WORD} 가마라고 하신 건을 확인했습니다")
    mina.hears("확인했습니다")
    thread.says(f"// {WORD} 내부 메모")
    mina.sends_command("close")
    mina.hears("끝")
    mina.sends_command("export")
    mina.hears("JSON")
    other = stage.other
    other.says(f"{OTHER_WORD} 오로라 관측 여행을 예약해 줄 수 있나요?")
    other.hears("담당자")
    other.sends_command("human")
    other.hears("어느 나라")
    other.says("하노이")
    other.hears("#2")
    other.says(f"{OTHER_WORD} 오로라입니다")
    stage.room.wait_for_case(2).hears("오로라입니다")
    wait_until_idle(stage.server, stage.house)


def plant_what_talk_cannot(stage: ErasureStage) -> None:
    """A dead letter with its notice, a refusal, an audited act, words in a room of staff, chosen
    sections, and a timer that is still to come."""
    app, channel = stage.house.app, stage.account.partition(":")[0]
    lane = next(one.key for one in app.store.list_conversations(stage.account) if one.private)
    broken = InboxEvent(channel, "broken", lane, f"{WORD} {stage.traces[1]}", f"{lane}:1")
    app.store.inbox.receive([broken], app.now())
    wait_until(lambda: app.store.inbox.count_events("dead") == 1)
    act = (stage.account, f"asked for {lane}")
    user = stage.account.partition(":")[2]
    writer = UnadmittedWriter("1", channel, "C9", user, WORD, app.now())
    app.store.commit_without_message("plant", Decision(audit=act, new_unadmitted=writer), app.now())
    for key, word in ((lane, WORD), (stage.others[1], OTHER_WORD)):
        choice = SectionChoice(key, "ko", f"{word} 얼마까지?", "d", ("가",))
        app.store.commit_without_message(f"choice {key}", Decision(choice=choice), app.now())
        logged = LoggedAnswer(key, "answered", "ko", f"{word} 얼마까지?", f"{word} 3천만 원", "tax", "VN",
                              "vn-hanoi", app.now())  # fmt: skip
        app.store.commit_without_message(f"answer {key}", Decision(logged=logged), app.now())
        number = app.store.console.answers.list_answers(AnswerFilter())[0].number
        wrong = WrongAnswer(number, "telegram:9", f"{word} 5천만 원")
        app.store.commit_without_message(f"wrong {key}", Decision(wrong_answer=wrong), app.now())
    said = Consent(stage.account, "alerts", "0a1b2c3d", True, app.now())
    app.store.commit_without_message("consent", Decision(consents=(said,)), app.now())
    case = next(one.number for one in app.store.list_cases(conversation=lane))
    topic = Subscription(stage.account, "programme", WORD, (WORD,), app.now(), "alerts-1")
    records = (Rating(case), Rating(case, "bad", WORD), topic,
               LinkCode("c" * 64, stage.account, app.now()),
               LinkCode("d" * 64, "kakaotalk:k7", app.now()),
               AccountLink("d" * 64, stage.account, "kakaotalk:k7"))  # fmt: skip
    app.store.commit_without_message("own", Decision(founder_records=records), app.now())
    for number, word in ((1, WORD), (2, OTHER_WORD)):
        draft = FaqDraft(number, "vn-hanoi", "ko", f"{word} 가마", (f"{word} 도자기",), f"{word} 답", "tax",
                         ("VN",), "telegram:9", app.now(), app.now().date())  # fmt: skip
        app.store.commit_without_message(f"faq {number}", Decision(faq=draft), app.now())
    console, now = app.store.console, app.now()
    console.sessions.make_link(stage.account, now)
    console.sessions.begin(stage.account, WORD, "ko", now)
    console.notices.stay(stage.account, "staff", 1, "tab", now)
    told = ConsoleNotice("act", stage.account, "refused", WORD, case)
    app.store.commit_without_message("notice", Decision(notice=told), now)
    written = ConsoleAct("act2", "telegram:9", "staff", case, "note", f"{WORD} 라고 하셨습니다")
    event = build_event(written)
    app.store.inbox.receive([event], now)
    wait_until(lambda: console.notices.find(event.key))
    timer = InboxEvent("clock", f"place:{lane}:9", f"clock:{lane}", lane,
                       settle_delay=timedelta(hours=1))  # fmt: skip
    app.store.inbox.receive([timer], app.now())
    chat = lane.split(":")[1]
    with write_transaction(app.engine) as connection:
        hold_refusing_place(connection, (channel, chat, lane), "person", "blocked", app.now())


def forget(stage: ErasureStage) -> str:
    stage.mina.sends_command("forget")
    stage.mina.presses("forget")
    said = stage.mina.hears("기록을 지웠습니다")
    done = stage.house.app.store
    wait_until(lambda: done.outbox.count_messages("sending") == 0)
    wait_until(lambda: done.inbox.count_events("working") == 0)
    assert scrub_files(stage.house.app.engine)
    return said


def find_columns(house: RunningApp, strings: tuple[str, ...]) -> dict[str, str]:
    """The "table.column" of each value that has one of the strings, with such a value."""
    metadata, found = MetaData(), dict[str, str]()
    with house.app.engine.connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for name, value in row._asdict().items():
                    text = value if isinstance(value, str) else json.dumps(value, default=str)
                    if any(one in text or _escape(one) in text for one in strings):
                        found[f"{table.name}.{name}"] = text
    return found


def find_files(folder: Path, strings: tuple[str, ...]) -> set[str]:
    """The files below a folder with one of the strings in their bytes, plain or escaped as JSON."""
    wanted = [form.encode() for one in strings for form in (one, _escape(one))]
    return {
        path.name for path in folder.rglob("*")
        if path.is_file() and any(one in path.read_bytes() for one in wanted)
    }  # fmt: skip


def _escape(text: str) -> str:
    return json.dumps(text)[1:-1]


def count_rows(house: RunningApp, table: Table) -> int:
    with house.app.engine.connect() as connection:
        return len(connection.execute(select(table)).all())
