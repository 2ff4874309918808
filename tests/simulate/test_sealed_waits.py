"""A sealed case that no officer may read does not wait in silence: from the message to what is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.messages import Address
from bot.missions.missions import Missions
from bot.types import DOMESTIC, Binding, Conversation, Place
from tests.simulate.office import Delivery, Office
from tests.simulate.plan import DESK_ROOM, EMERGENCY_ROOM, REMINDER_MARK

pytestmark = pytest.mark.store
START = datetime(2026, 3, 3, 1, tzinfo=UTC)  # a Tuesday morning in Hanoi
UNREAD = "볼 수 있는 담당자가"


def play(office: Office, until: datetime) -> list[Delivery]:
    sent: list[Delivery] = []
    while (at := office.next_timer()) is not None and at <= until:
        office.now = max(at, office.now)
        sent += office.work()
    return sent


def test_founder_and_desk_are_told_again_with_every_step_of_the_ladder(tmp_path: Path) -> None:
    missions = Missions.load()
    office = Office(tmp_path, missions, Address("slack", EMERGENCY_ROOM), START)
    office.prepare("desk", room=Binding(DOMESTIC, "slack", DESK_ROOM))
    office.prepare("room", room=Binding("vn-hanoi", "slack", "C-hanoi"))
    hanoi = missions.get("vn-hanoi")
    place = Place(hanoi.city, hanoi.country, hanoi.lat, hanoi.lon, None, hanoi.city, hanoi.id)
    talk = Conversation("telegram:1001", "telegram", "1001", None, "1001", "ko",
                        fixed_language=True, greeted=True, private=True, place=place)  # fmt: skip
    office.prepare("talk", conversation=talk)
    office.receive({"channel": "telegram", "chat": "1001", "user": "1001", "thread": None, "id": "m",
                    "kind": "command", "command": "human", "text": "직원이 도면을 빼돌렸어요"}, "e")  # fmt: skip
    opening = list(office.work())
    assert any(one.chat == DESK_ROOM and UNREAD in one.text for one in opening)
    sent = play(office, START + timedelta(days=20))
    steps = [one.at for one in sent if REMINDER_MARK in one.text]
    assert len(set(steps)) == 3
    looks = {one.at for one in sent}
    assert looks > set(steps)  # after the ladder as well
    for at in looks:
        told = [(one.channel, one.chat) for one in sent if one.at == at and UNREAD in one.text]
        assert told == [("slack", DESK_ROOM), ("telegram", "1001")]
    assert not any("도면" in one.text for one in (*opening, *sent) if one.channel == "slack")
