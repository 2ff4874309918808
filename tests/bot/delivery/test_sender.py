"""What becomes of a message when the sender's own code, the database or a row of it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from bot.context import Decision
from bot.delivery import sender as sending
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.delivery.notices import build_founder_notice
from bot.delivery.waiting import WaitingReporter, build_new_opening
from bot.errors import UnreadableRecord
from bot.messages import Address, ChannelLimits
from bot.store import OutboxRow
from bot.store import tables as t
from bot.store.holds import Hold
from tests.harness.channel_harness import ChannelHarness, make_outgoing, open_channel_harness
from tests.samples.records import (
    MISSIONS,
    NOW,
    make_case,
    make_conversation,
    make_file,
    make_line,
)

MINA, OTHER = Address("telegram", "1001"), Address("telegram", "1002")


class Platform:
    """A channel that takes everything, but for the text `poison`; `begun` tells of each send."""

    name = "telegram"
    limits: ChannelLimits | None = None

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        self.texts.append(parcel.content.text)
        self.begun.put_nowait(parcel.content.text)
        await self.may_answer.wait()
        if parcel.content.text == "poison":
            raise RuntimeError("a bug")
        return SentMessage(str(len(self.texts)))

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        return await self.send(parcel)

    async def open_thread(self, address: Address, name: str) -> str | None:
        return f"{address.chat}:{name}"

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        raise AssertionError(f"no thread is opened or closed here: {is_open}")

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:
        return None


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ChannelHarness]:
    with open_channel_harness(tmp_path) as opened:
        opened.bind_desk("telegram", "-9")
        yield opened


def fail_times(monkeypatch: pytest.MonkeyPatch, office: ChannelHarness, *errors: Exception) -> None:
    """Writing that a message went out raises `errors`, one after the other, before it works."""
    left, write = list(errors), office.store.outbox.mark_sent

    def mark_sent(*values: Any) -> Any:
        if left:
            raise left.pop(0)
        return write(*values)

    monkeypatch.setattr(office.store.outbox, "mark_sent", mark_sent)


def make_failure() -> Exception:
    return OperationalError("update", {}, Exception("the disk is full"))


def test_an_error_of_our_own_holds_up_no_lane_and_ends_with_the_desk(
    office: ChannelHarness, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Platform()
    office.enqueue(make_outgoing("poison", MINA))
    asyncio.run(office.send_due(platform, rounds=1))
    office.enqueue(make_outgoing("words", OTHER))
    asyncio.run(office.send_all(platform))
    assert platform.texts.count("poison") == sending.OUTBOX_MAX_TRIES
    assert platform.texts.count("words") == 1 and office.store.outbox.count_messages("dead") == 1
    assert "telegram:1001" in platform.texts[-1] and "a bug" in caplog.text


def test_what_went_out_is_written_down_when_the_database_works_again(
    office: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "OUTBOX_POLL_SECONDS", 0.0)
    fail_times(monkeypatch, office, make_failure(), make_failure())
    platform = Platform()
    office.enqueue(make_outgoing("words", MINA))
    asyncio.run(office.send_all(platform))
    assert platform.texts == ["words"]


@pytest.mark.parametrize("error", [UnreadableRecord("a row"), make_failure()])
def test_what_cannot_be_written_down_is_left_until_its_lease_ends(
    office: ChannelHarness, monkeypatch: pytest.MonkeyPatch, error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(sending, "SEND_TIMEOUT_SECONDS", -1.0)  # the database was waited for
    monkeypatch.setattr(sending.Sender, "_try_send", _send_at_once)
    fail_times(monkeypatch, office, error)
    platform = Platform()
    office.enqueue(make_outgoing("words", MINA))
    asyncio.run(office.send_due(platform, rounds=1))
    assert "is left for later" in caplog.text
    assert office.store.outbox.count_messages("sending") == 1


async def _send_at_once(self: Any, owed: OutboxRow) -> Callable[[], None]:
    return lambda: self._mark_sent(owed, SentMessage("1"))


def test_a_waiting_row_that_cannot_be_read_stops_nothing_else(
    office: ChannelHarness, caplog: pytest.LogCaptureFixture
) -> None:
    office.enqueue(make_outgoing("kept", MINA))
    (row,) = office.store.outbox.claim("x", office.clock(), ["telegram"])
    office.store.outbox.hold_place(row, "person", "blocked", office.clock())
    with office.store.outbox._engine.begin() as connection:
        connection.execute(update(t.outbox).where(t.outbox.c.seq == row.seq).values(body={}))
    platform = Platform()
    office.enqueue(make_outgoing("words", OTHER))
    asyncio.run(office.send_due(platform, rounds=1))
    assert platform.texts == ["words"] and "nobody was told of what waits" in caplog.text


def test_with_every_lane_on_its_way_no_further_message_is_claimed(
    office: ChannelHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MAX_LANES_IN_FLIGHT", 1)
    office.enqueue(make_outgoing("first", MINA), make_outgoing("second", OTHER))

    async def run() -> tuple[list[str], list[str]]:
        platform, wake = Platform(), asyncio.Event()
        platform.may_answer.clear()
        work = asyncio.create_task(office.make_sender(platform).run(wake))
        await platform.begun.get()
        for _ in range(3):  # it looks again, and finds no room
            wake.set()
            await asyncio.sleep(0)
        before = list(platform.texts)
        platform.may_answer.set()
        await platform.begun.get()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        return before, platform.texts

    assert asyncio.run(run()) == (["first"], ["first", "second"])


def make_row(office: ChannelHarness, to: Address, case: int | None = None) -> OutboxRow:
    office.enqueue(make_outgoing("words", to, case=case))
    (row,) = office.store.outbox.claim("x", office.clock(), ["telegram"])
    return row


def test_of_an_ended_case_no_founder_is_told_that_words_wait(office: ChannelHarness) -> None:
    row = make_row(office, MINA)
    hold = Hold("telegram", "-100", "", "room", "archived", NOW, NOW, 1, told=True)
    ended = make_case(state="closed", ended_at=NOW)
    assert build_founder_notice(row, hold, ended, make_conversation(), (), MISSIONS) is None


def test_what_waits_for_a_founder_whose_case_has_no_thread_is_told_to_nobody(
    office: ChannelHarness,
) -> None:
    """The room was unbound: there is no thread that could be told that the founder refuses."""
    thread = office.open_case("telegram", "-100")
    store = office.store
    retired = Decision(retired_threads=(str(thread.staff_thread),))
    store.commit_without_message("unbind", retired, office.clock())
    row = make_row(office, MINA, case=1)
    store.outbox.hold_place(row, "person", "blocked", office.clock())
    WaitingReporter(store, office.missions).report(office.clock())
    assert [one.content.text for one in store.outbox.list_waiting()] == ["words"]
    assert store.outbox.claim("y", office.clock(), ["telegram"]) == []


def test_a_thread_that_is_not_known_gets_no_new_opening(office: ChannelHarness) -> None:
    row = make_row(office, MINA)
    unknown = replace(row, address=Address("telegram", "-100", staff_thread="99.1"))
    assert build_new_opening(office.store, office.missions, unknown, {}) == ()


def test_a_new_opening_has_the_record_without_the_files_that_are_still_to_be_sent(
    office: ChannelHarness,
) -> None:
    thread, (sent, waiting) = office.open_case("telegram", "-100"), (make_file("a"), make_file("b"))
    for file in (sent, waiting):
        office.add_line(1, make_line("", files=(file,)))
    content = replace(make_outgoing("", thread).content, files=(waiting,))
    office.enqueue(replace(make_outgoing("", thread, case=1), content=content))
    (row,) = office.store.outbox.claim("x", office.clock(), ["telegram"])
    opening = build_new_opening(office.store, office.missions, row, {})
    assert {file.name for one in opening for file in one.content.files} == {"a"}
