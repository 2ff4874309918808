"""On Slack: what is told sealed is in its case alone; no paper, model, copy or other reader has it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import delete, insert

from adapters import bootstrap
from adapters.bootstrap import App
from adapters.cli import main
from adapters.serve.desk.edition_alerts import announce_edition
from adapters.serve.desk.papers import collect_agenda, fetch_digest, render_paper
from adapters.serve.desk.replay import render_replay, replay_cases
from adapters.serve.sweeping import send_papers
from bot.admin.desk.papers.agenda_paper import build_agenda_paper
from bot.admin.desk.papers.digest_paper import build_digest_paper
from bot.admin.desk.quarters import find_ended_quarter
from bot.admin.desk.topics import TopicFinder
from bot.store import tables as t
from bot.types import Meeting
from knowledge.database.engine import write_transaction
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.slack.server import SlackServer
from tests.harness.messenger_drivers import SlackPerson, SlackRoom, bind_room
from tests.harness.running_app import SLACK_ADMIN, AppFixtures, RunningApp, run_app, wait_until_idle
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

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("hasty")]

WORD, PLAIN_WORD = "크르륵부품", "뽀드득상자"  # told sealed; in an ordinary question
SECRET = f"파트너가 {WORD} 도면을 빼돌렸어요"
SECRET_EN = f"The partner also sold the {WORD} drawings to a competitor last week."
QUESTION = f"{PLAIN_WORD} 통관 서류를 대신 내 줄 분이 있나요?"


@dataclass(frozen=True)
class SealedStage:
    """Naru on Slack with a language model: two founders, Hanoi's room and the desk's, an officer."""

    house: RunningApp
    slack: SlackServer
    model: OpenAIServer
    mina: SlackPerson
    other: SlackPerson
    hanoi: SlackRoom
    officer: SlackPerson
    folder: Path


@pytest.fixture
def stage(tmp_path: Path, furniture: AppFixtures, slack: SlackServer) -> Iterator[SealedStage]:
    import_module("langchain_openai")  # takes longer than a message waits for its translation
    for words in (SECRET, QUESTION):
        furniture.places.find_mentioned_place(words)
        TopicFinder(furniture.chain.library.glossary).find_in(words, "ko")
    for channel in ("C0HANOI", "C0DESK"):
        slack.create_channel(channel, private=True)
    hanoi, desk = (SlackRoom(slack, one, SLACK_ADMIN) for one in ("C0HANOI", "C0DESK"))
    folder = tmp_path / "data"
    shutil.copytree(furniture.data, folder)  # with an index and a document to be told of
    with OpenAIServer() as model, run_app(
        folder, furniture, slack=slack, llm="openai:test-model", llm_base_url=model.base_url,
        llm_api_key="key", agenda_days=14,  # an agenda is due even if Hanoi is closed now
    ) as house:  # fmt: skip
        bind_room(house, "vn-hanoi", hanoi)
        bind_room(house, "domestic", desk)
        officer = SlackPerson(slack, slack.open_dm(SLACK_ADMIN), SLACK_ADMIN)
        officer.says("도움말")
        officer.hears("질문")
        mina = SlackPerson(slack, slack.open_dm())
        other = SlackPerson(slack, slack.open_dm("U0OTHER"), "U0OTHER")
        yield SealedStage(house, slack, model, mina, other, hanoi, officer, folder)


def ask_openly(stage: SealedStage) -> None:
    """Another founder's ordinary case, which papers, models and copies do show."""
    other = stage.other
    other.says(QUESTION)
    other.hears("담당자")
    other.says("담당자")
    other.hears("어느 나라")
    other.says("하노이")
    other.hears("접수번호 #1")
    stage.model.set_answer("세금 환급이 안 되었습니다.")
    other.says("We have not received our tax refund yet, please help us.")
    stage.hanoi.wait_for_case().hears("[기계 번역]")


def tell_sealed(stage: SealedStage) -> SlackPerson:
    """Mina's sealed case, its words with the officer; the thread of the room."""
    mina = stage.mina
    mina.says(SECRET)
    mina.hears("봉인된 건")
    mina.says("담당자")
    mina.hears("어느 나라")
    mina.says("하노이")
    stage.officer.hears(SECRET)
    thread = stage.hanoi.wait_for_case(2)
    mina.says(SECRET_EN)
    stage.officer.hears(SECRET_EN)
    thread.hears("봉인된 건에 새 글이 왔습니다")
    return thread


def use_in_every_way(stage: SealedStage, thread: SlackPerson) -> None:
    """All that a case may lead to, tried with the sealed one."""
    mina = stage.mina
    for word in ("내 건", "근거", "알림 물류비"):
        mina.says(word)
    mina.hears("동의")
    thread.sends_command("insight")
    thread.hears("봉인")
    thread.sends_command("resolve")
    mina.hears("종결했습니다")
    thread.sends_command("faq")
    thread.hears("FAQ")
    for founder in (mina, stage.other):
        founder.says("내 기록 받기")
        founder.hears("JSON")
    stage.slack.wait_for(lambda _: mina.files() and stage.other.files())
    wait_until_idle(stage.slack, stage.house)


def tell_of_an_edition(stage: SealedStage) -> int:
    """Have what is in the library told as new; how many alerts are owed."""
    app = stage.house.app
    with write_transaction(app.engine) as connection:
        for table in (t.announced_editions, t.announced_versions):
            connection.execute(delete(table))
        old = {"edition": 0, "announced_at": app.now()}
        connection.execute(insert(t.announced_editions).values(old))
    return announce_edition(app)


def shift_past_quarter(house: RunningApp) -> None:
    """Set the clock on to ten days after the end of this quarter, when its digest is due."""
    now = house.app.now()
    days = next(days for days in range(93) if find_ended_quarter(now + timedelta(days)).has(now))
    house.clock.shift += timedelta(days + 10)


def make_papers(app: App) -> dict[str, str]:
    """The agendas and the digest of the quarter in every text form, and the replay of past questions."""
    quarter = find_ended_quarter(app.now())
    papers = {
        "agenda": build_agenda_paper(collect_agenda(app, "vn-hanoi"), "ko"),
        "agenda domestic": build_agenda_paper(collect_agenda(app, "domestic"), "ko"),
        "digest": build_digest_paper(fetch_digest(app, quarter), None, "ko"),
    }
    texts = {
        f"{name}.{form}": render_paper(paper, form).decode()
        for name, paper in papers.items()
        for form in ("md", "html")
    }
    return texts | {"replay": render_replay(replay_cases(app))}


def read_pdf(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range() for page in document)


def run_commands(stage: SealedStage, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What commands print that people look at every day."""
    commands = (
        "cases", "cases --json", "case 2", "case 2 --json", "faq", "insight", "incident 2",
        "doctor", "agenda vn-hanoi --json", "digest --json", "export slack:U0OTHER",
    )  # fmt: skip
    printed = {}
    for command in commands:
        capsys.readouterr()
        with pytest.raises(SystemExit):
            main(command.split())
        shown = capsys.readouterr()
        printed[command] = shown.out + shown.err
    return printed


def test_sealed_words_are_in_their_case_alone(
    stage: SealedStage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house, slack, app = stage.house, stage.slack, stage.house.app
    with keep_log() as log:
        ask_openly(stage)
        use_in_every_way(stage, tell_sealed(stage))
        assert tell_of_an_edition(stage) == 1
        stage.mina.hears("물류전용 수출바우처")
        health = house.fetch_health()
        staff, desk = stage.hanoi.staff_member(), SlackPerson(slack, "C0DESK")
        wait_until_idle(slack, house)
        digests = len(desk.files())  # the one of the quarter before may have been due
        shift_past_quarter(house)
        meeting = Meeting("uid", "vn-hanoi", app.now() + timedelta(days=1))
        app.store.meetings.add(meeting, [], app.now())
        send_papers(app)  # what the running Naru has not sent by itself meanwhile
        slack.wait_for(lambda _: staff.files() and len(desk.files()) > digests)
        wait_until_idle(slack, house)
        texts = make_papers(app)
    printed = print_commands(stage, monkeypatch, capsys)
    papers = {
        "agenda.pdf": read_pdf(staff.files()[-1]), "digest.pdf": read_pdf(desk.files()[-1]),
        "copy of the other": stage.other.files()[-1].decode(),
    }  # fmt: skip
    mine = stage.mina.files()[-1].decode()

    # What is told openly is there; what is told sealed is not.
    shown = texts | papers | printed | {"health": json.dumps(health), "log": log.getvalue()}
    for name in ("agenda.md", "agenda.html", "agenda.pdf", "copy of the other", "cases"):
        assert holds_word(shown[name], PLAIN_WORD), name
    assert [name for name, text in shown.items() if holds_word(text, WORD)] == []
    assert not holds_word(mine, WORD) and "(sealed)" in mine
    asked = [json.dumps(one, ensure_ascii=False) for one in stage.model.requests]
    assert any("tax refund" in one for one in asked) and not any(WORD in one for one in asked)
    for call in slack.calls:
        if holds_word(json.dumps(call.params, ensure_ascii=False, default=str), WORD):
            assert call.params.get("channel") == stage.officer.channel, call
    for channel in ("C0HANOI", "C0DESK", stage.other.channel):
        assert not any(WORD in text for text in slack.app_texts(channel)), channel

    # It is in the database alone, and there in the case, what brought it and what took it on.
    kept = CASE | {EVENT, MESSAGE}
    assert list_columns_with(app.engine, WORD) == kept
    assert read_backup_columns(stage.folder, WORD) == kept
    assert list_files_with(stage.folder, WORD) == {"naru.db"}

    # A week later in one place, the case; when that is past its time, in none.
    ended = app.store.get_case(2).ended_at
    assert ended is not None
    app.store.sweep(app.settings.retention, ended + timedelta(days=8))
    assert list_columns_with(app.engine, WORD) == CASE
    app.store.sweep(app.settings.retention, ended + timedelta(days=91))
    assert list_columns_with(app.engine, WORD) == set()
    assert list_files_with(stage.folder, WORD) == set()


def print_commands(
    stage: SealedStage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """`run_commands` over the data of the running Naru, with its library and clock."""
    app = stage.house.app

    def build(settings: Any, **_: Any) -> App:
        made = App(app.settings, now=app.now)
        made.missions, made.places, made.chain = app.missions, app.places, app.chain
        made.glossary = app.glossary
        return made

    monkeypatch.setattr(bootstrap, "App", build)
    monkeypatch.setenv("NARU_DATA", str(app.settings.data))
    return run_commands(stage, capsys)
