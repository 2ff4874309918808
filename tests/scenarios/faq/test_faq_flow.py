"""A case becomes a FAQ, and the next founder who asks gets it with its issuer and date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.serve.desk.replay import render_replay, replay_cases
from tests.harness.admin_harness import AdminHarness, run_slack_admin, run_telegram_admin
from tests.harness.messenger_drivers import (
    Person,
    Room,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
    bind_room,
)
from tests.harness.running_app import SLACK_ADMIN, TELEGRAM_ADMIN, AppFixtures, wait_until

pytestmark = [pytest.mark.usefixtures("hasty"), pytest.mark.server]

HANOI = -1001000000001
QUESTION = "가마 도면을 (주)물결도예가 하노이 세관에 언제 내야 하나요?"
REPLY = "안녕하세요. 물결도예는 가마 도면을 도착 열흘 전에 하노이 세관에 냅니다. 문의는 010-1234-5678로 주세요."
NEXT_QUESTION = "가마 도면을 하노이 세관에 언제까지 내야 하나요?"
EDITED = (
    "FAQ 초안 #1\n질문: 가마 도면을 하노이 세관에 언제 내야 하나요?\n"
    "다른 말: 가마 도면은 세관에 며칠 전에 내나요?\n국가: VN\n답변:\n"
    "가마 도면은 물건이 도착하기 열흘 전까지 하노이 세관에 냅니다."
)


@dataclass(frozen=True)
class Stage:
    desk: AdminHarness
    room: Room
    next_founder: Person


@pytest.fixture(params=["telegram", "slack"])
def stage(request: Any, tmp_path: Path, furniture: AppFixtures) -> Iterator[Stage]:
    server = request.getfixturevalue(request.param)
    if request.param == "telegram":
        server.create_forum(HANOI)
        with run_telegram_admin(tmp_path, furniture, server) as desk:
            forum = TelegramRoom(server, HANOI, TELEGRAM_ADMIN)
            yield Stage(desk, forum, TelegramPerson(server, 1002))
        return
    server.create_channel("C0HANOI")
    with run_slack_admin(tmp_path, furniture, server) as desk:
        room = SlackRoom(server, "C0HANOI", SLACK_ADMIN)
        yield Stage(desk, room, SlackPerson(server, server.open_dm("U0NEXT99"), "U0NEXT99"))


def resolve_a_case(stage: Stage) -> Person:
    """The thread of a case that staff answered and resolved."""
    bind_room(stage.desk.running_app, "vn-hanoi", stage.room)
    founder = stage.desk.founder
    founder.says(QUESTION)
    founder.hears("담당자")
    founder.sends_command("human")
    founder.hears("#1")
    thread = stage.room.wait_for_case()
    thread.says(REPLY)
    founder.hears("열흘 전")
    thread.sends_command("resolve")
    founder.hears("종결")
    return thread


def wait_for_edition(stage: Stage, number: int) -> None:
    """An ingest takes longer than a message where several tests run at once."""
    wait_until(lambda: stage.desk.active_edition == number, within=60)


def test_a_resolved_case_answers_the_next_founder(stage: Stage) -> None:
    thread = resolve_a_case(stage)
    app, founder = stage.desk.app, stage.desk.founder
    before = stage.desk.active_edition or 0

    thread.presses("faq:1")
    shown = thread.hears("FAQ #1 · 초안")
    form = shown[shown.index("FAQ 초안 #1") :]
    assert "물결도예" not in form and "010-1234-5678" not in form and "안녕하세요" not in form
    assert "도착 열흘 전에" in form
    heard = len(founder.received_texts())
    thread.says(EDITED)
    thread.hears("도착하기 열흘 전까지")
    thread.presses("faq:submit:1")
    thread.hears("승인을 요청했습니다")
    thread.presses("faq:approve:1")
    wait_for_edition(stage, before + 1)
    thread.hears(f"이제 {before + 1}판으로 답합니다")
    assert len(founder.received_texts()) == heard  # nothing of it went to the founder

    stage.next_founder.says(NEXT_QUESTION)
    answer = stage.next_founder.hears("도착하기 열흘 전까지 하노이 세관에 냅니다")
    assert "중소벤처기업 지원협의체" in answer
    draft = app.store.faq.find(1)
    assert draft and draft.state == "approved" and draft.checked_on
    day = draft.checked_on
    assert f"{day.year}년 {day.month}월 {day.day}일" in answer

    found = replay_cases(app)
    (case,) = found["cases"]
    assert (case.case, case.why) == (1, "own") and case.how in ("said", "offered")
    assert "| 1 | " in render_replay(found)

    thread.presses("faq:1")
    thread.hears("FAQ #1 · 승인됨")
    thread.presses("faq:withdraw:1")
    thread.hears("철회했습니다")
    wait_for_edition(stage, before + 2)
    ids = [one.document.id for one in app.catalogue.load_versions(stage.desk.active_edition or 0)]
    assert ids and "naru-faq-1" not in ids
    assert "FAQ" not in render_replay(replay_cases(app)).partition("right because")[2]
