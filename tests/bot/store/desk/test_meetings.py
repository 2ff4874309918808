"""Meetings, minutes, digests and own files in the database: owed once, kept once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, update

from bot.context import Decision
from bot.errors import Conflict, DeliveryRefused
from bot.messages import Address, Content, Outgoing
from bot.store import Store
from bot.store import tables as t
from bot.types import Meeting, Minutes, Resolution, RetentionPeriods
from knowledge.database.engine import write_transaction
from tests.bot.store.sample_records import NOW, make_outgoing

ROOM = Address("slack", "C0HANOI")
MEETING = Meeting("uid-1", "vn-hanoi", NOW + timedelta(days=3), 120, "3층")
NEW = Resolution(
    0, "vn-hanoi", "회람한다", "KOTRA", date(2026, 12, 31), date(2026, 11, 21), "slack:U1"
)


def notice(text: str = "x") -> Sequence[Outgoing]:
    return [make_outgoing(text, ROOM)]


def list_owed(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(t.outbox.c.dedup_key)).scalars())


def test_a_meeting_is_kept_with_its_invitation(store: Store, engine: Engine) -> None:
    store.meetings.add(MEETING, notice(), NOW)
    assert store.meetings.find_next("vn-hanoi", NOW) == MEETING
    assert store.meetings.find_next("vn-hcmc", NOW) is None
    assert list_owed(engine) == ["meeting:uid-1:0:1"]
    with pytest.raises(Conflict):
        store.meetings.add(replace(MEETING, uid="uid-2"), notice(), NOW)
    assert len(list_owed(engine)) == 1


def test_of_two_changes_at_once_one_wins(store: Store, engine: Engine) -> None:
    store.meetings.add(MEETING, [], NOW)
    moved = replace(MEETING, sequence=1, starts_at=NOW + timedelta(days=5))
    store.meetings.change(moved, notice(), NOW)
    with pytest.raises(Conflict):
        store.meetings.change(replace(MEETING, sequence=1, withdrawn_at=NOW), notice(), NOW)
    assert store.meetings.list_ahead(NOW) == [moved]
    assert list_owed(engine) == ["meeting:uid-1:1:1"]


def test_a_withdrawn_meeting_is_no_meeting(store: Store, engine: Engine) -> None:
    store.meetings.add(MEETING, [], NOW)
    store.meetings.change(replace(MEETING, sequence=1, withdrawn_at=NOW), notice(), NOW)
    later = NOW + timedelta(days=9)
    assert store.meetings.find_next("vn-hanoi", NOW) is None
    assert store.meetings.find_last("vn-hanoi", later) is None
    assert not store.meetings.send_agenda(MEETING, notice(), NOW)


def test_an_agenda_is_owed_once_however_many_processes_try(store: Store, engine: Engine) -> None:
    store.meetings.add(MEETING, [], NOW)
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(store.meetings.send_agenda, MEETING, notice(), NOW) for _ in range(8)]
    assert [one.result() for one in tries].count(True) == 1
    assert list_owed(engine) == ["agenda:uid-1:0:1"]


def test_a_digest_is_kept_and_owed_once(store: Store, engine: Engine) -> None:
    """Also once its message is swept: the row of the digest remembers."""
    assert store.digests.find("2026-Q3") is None
    assert store.digests.keep("2026-Q3", {"total": 9}, NOW) == {"total": 9}
    assert store.digests.keep("2026-Q3", {"total": 8}, NOW) == {"total": 9}
    assert not store.digests.is_sent("2026-Q3")
    assert store.digests.send("2026-Q3", notice(), NOW)
    assert not store.digests.send("2026-Q3", notice(), NOW)
    assert store.digests.is_sent("2026-Q3") and list_owed(engine) == ["digest:2026-Q3:1"]


def test_minutes_come_back_until_they_are_settled(store: Store) -> None:
    def enter(minutes: Minutes) -> None:
        store.commit_without_message("minutes", Decision(minutes=minutes), NOW)

    enter(Minutes("vn-hanoi", (NEW, replace(NEW, text="설명회"))))
    first, second = store.meetings.list_resolutions("vn-hanoi")
    assert replace(first, number=0) == NEW and store.meetings.list_resolutions("vn-hcmc") == []
    enter(Minutes("vn-hanoi", settled=((first.number, "done"),)))
    assert store.meetings.list_resolutions("vn-hanoi") == [second]
    shown = store.meetings.list_resolutions("vn-hanoi", settled_since=NOW)
    assert [(one.number, one.state) for one in shown] == [
        (first.number, "done"),
        (second.number, "open"),
    ]
    assert store.meetings.list_resolutions("vn-hanoi", NOW + timedelta(1)) == [second]


@pytest.mark.parametrize("mission", ["vn-hanoi", "vn-hcmc"])
def test_what_is_settled_or_anothers_is_not_settled_again(store: Store, mission: str) -> None:
    store.commit_without_message("m", Decision(minutes=Minutes("vn-hanoi", (NEW,))), NOW)
    (one,) = store.meetings.list_resolutions("vn-hanoi")
    settled = Decision(minutes=Minutes(mission, (NEW,), ((one.number, "done"),)))
    if mission == "vn-hanoi":
        store.commit_without_message(
            "m", Decision(minutes=Minutes(mission, (), ((one.number, "done"),))), NOW
        )
    with pytest.raises(Conflict):
        store.commit_without_message("m", settled, NOW)
    assert len(store.meetings.list_resolutions("vn-hcmc")) == 0


def test_a_file_is_kept_until_its_message_has_gone_out(store: Store, engine: Engine) -> None:
    """An agenda has words of cases: it goes with the next sweep, not with the swept message."""
    file = store.desk_files.add("a.ics", "text/calendar", b"BEGIN", NOW)
    assert (file.channel, file.size) == ("desk", 5)
    later, periods = NOW + timedelta(hours=2), RetentionPeriods()
    assert store.desk_files.add("a.ics", "text/calendar", b"BEGIN", later) == file
    assert store.sweep(periods, later)["files"] == 0  # a message may be about to carry it
    carried = Outgoing(ROOM, Content("x", files=(file,)))
    store.commit_without_message("m", Decision(outgoing=(carried,)), later)
    assert store.sweep(periods, NOW + timedelta(days=99))["files"] == 0
    assert store.desk_files.read(file) == b"BEGIN"
    with write_transaction(engine) as connection:
        connection.execute(update(t.outbox).values(state="sent", sent_at=later))
    assert store.sweep(periods, NOW + timedelta(hours=4))["files"] == 1
    with pytest.raises(DeliveryRefused):
        store.desk_files.read(file)
