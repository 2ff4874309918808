"""A body's meeting through its room: the invitation, the minutes, and the agenda that has them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from adapters.serve.desk.meetings import plan_meeting, withdraw_meeting
from adapters.serve.desk.papers import collect_agenda
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.workspace import BOT_USER
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import SlackRoom, TelegramRoom, bind_room
from tests.harness.running_app import (
    SLACK_ADMIN,
    TELEGRAM_ADMIN,
    AppFixtures,
    run_app,
    wait_until,
)

pytestmark = pytest.mark.usefixtures("hasty")


@pytest.mark.parametrize("kind", ["telegram", "slack"])
def test_a_meeting_goes_through_the_room_of_its_body(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer, slack: SlackServer, kind: str
) -> None:
    room: Any = SlackRoom(slack, "C0HANOI", SLACK_ADMIN)
    if kind == "telegram":
        telegram.create_forum(-1001000000001)
        room = TelegramRoom(telegram, -1001000000001, TELEGRAM_ADMIN)
    else:
        slack.create_channel("C0HANOI", private=True)
    messenger: Any = {kind: telegram if kind == "telegram" else slack}
    with run_app(tmp_path, furniture, **messenger) as house:
        app, staff = house.app, room.staff_member()
        app.glossary = furniture.chain.library.glossary
        bind_room(house, "vn-hanoi", room)
        hanoi, soon = app.missions.get("vn-hanoi"), app.now() + timedelta(days=9)
        planned = plan_meeting(app, hanoi, None, soon, None, "3층")
        staff.hears("정기회의 일정을 정했습니다")
        withdraw_meeting(app, hanoi, planned)
        staff.hears("정기회의를 취소했습니다")
        wait_until(lambda: len(staff.files()) == 2)
        calendars: list[Any] = [Calendar.from_ical(data) for data in staff.files()]
        assert [one["METHOD"] for one in calendars] == ["REQUEST", "CANCEL"]
        assert len({str(one.walk("VEVENT")[0]["UID"]) for one in calendars}) == 1

        begin = "/" if kind == "telegram" else f"<@{BOT_USER}> "
        text = f"{begin}minutes 세무법인 연락처를 회람한다 | 코트라 | 2027-12-31"
        written = staff.says(text)
        assert "새 결정 1건" in staff.hears("회의 결정을 기록했습니다")
        (resolution,) = collect_agenda(app, "vn-hanoi").resolutions
        assert (resolution.text, resolution.owner) == ("세무법인 연락처를 회람한다", "코트라")

        staff.edits(written, text.replace("회람", "게시"))
        staff.hears("고친 글에 있는 명령은 실행하지 않습니다")
        assert list(collect_agenda(app, "vn-hanoi").resolutions) == [resolution]
