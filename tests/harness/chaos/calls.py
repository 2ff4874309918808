"""What the calls to a messenger show: what arrived, was limited, went unanswered. Times are the messengers' own."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from sqlalchemy import Connection, select

from bot.store import tables as t
from tests.fakes.loopback_server import Call
from tests.fakes.slack.workspace import BOT_USER
from tests.fakes.telegram.state import BOT
from tests.harness.chaos.ledger import Arrival, Ledger, Limited, Sent, find_reordered
from tests.harness.chaos.line_faults import RETRY_AFTER_SECONDS
from tests.harness.chaos.messengers import ChaosMessenger
from tests.harness.messenger_drivers import Person, SlackPerson, TelegramPerson

NUMBERED = re.compile(r"([말답]\d+) (\d+)$", re.MULTILINE)


def list_arrivals(messenger: ChaosMessenger, arrived_in: Mapping[str, str]) -> list[Arrival]:
    """The numbered messages that the messenger took from Naru, in order; `arrived_in` has the chat
    that each lane is read in."""
    found = []
    for call in messenger.server.calls_of(messenger.send_method):
        if not _was_taken(call):
            continue
        for lane, number in NUMBERED.findall(str(call.params.get("text", ""))):
            if arrived_in.get(lane) == read_chat(call):
                found.append(Arrival(lane, int(number), call.arrived_at))
    return found


def list_sent(messenger: ChaosMessenger) -> list[Sent]:
    """Every try to send."""
    calls = messenger.server.calls_of(messenger.send_method)
    return [Sent(read_chat(call), call.arrived_at) for call in calls]


def list_limits(messenger: ChaosMessenger) -> list[Limited]:
    """Every 429 to a send."""
    calls = messenger.server.calls_of(messenger.send_method)
    return [
        Limited(read_chat(call), call.arrived_at, call.arrived_at + RETRY_AFTER_SECONDS)
        for call in calls
        if call.status == 429
    ]


def count_lost_answers(messenger: ChaosMessenger) -> int:
    """How many sends were done and not answered."""
    calls = messenger.server.calls_of(messenger.send_method)
    return sum(call.is_answer_lost and _was_taken(call) for call in calls)


def read_chat(call: Call) -> str:
    """The chat or channel of a call that sends."""
    return str(call.params.get("chat_id") or call.params.get("channel") or "")


def _was_taken(call: Call) -> bool:
    refused = isinstance(call.result, dict) and call.result.get("ok") is False
    return call.status == 200 and not refused


def read_natural_key(key: str) -> str:
    """ "chat:message" of a natural key in the inbox: the bot stands before it."""
    parts = key.split(":")
    own = parts[1:] if parts[0] in (str(BOT["id"]), BOT_USER) else parts
    return ":".join(own[:2])


def tell_stories(
    ledger: Ledger, confirmed: Mapping[str, float], connection: Connection
) -> dict[str, str]:
    """Of each message out of order, and of the one that overtook it: when it was written, confirmed,
    stored and worked on, and when it arrived, in seconds since; by "lane number after number"."""
    rows = {
        read_natural_key(row.natural_key): row
        for row in connection.execute(select(t.inbox))
        if row.natural_key
    }
    ids = {(one.lane, one.number): one for one in ledger.written}
    arrived = {(one.lane, one.number): one.at for one in reversed(ledger.arrivals)}
    stories = {}
    for lane, before, number in find_reordered(ledger.arrivals):
        told = []
        for one in (ids[lane, number], ids[lane, before]):
            moments = {"written": one.at, "confirmed": confirmed.get(one.id, 0.0)}
            if row := rows.get(one.id):
                done = row.done_at.timestamp() if row.done_at else 0.0
                moments |= {f"stored as {row.seq}": row.received_at.timestamp(), "done": done}
            moments["arrived"] = arrived[lane, one.number]
            times = ", ".join(f"{name} {at - one.at:+.2f}" for name, at in moments.items())
            told.append(f"{one.number} at {one.at:.2f}: {times}")
        stories[f"{lane} {number} after {before}"] = " | ".join(told)
    return stories


def read_clock() -> float:
    """The clock of a trial: the messengers' own."""
    return time.time()


def read_place(person: Person) -> str:
    """Where a person is, as calls of the messenger name it."""
    assert isinstance(person, TelegramPerson | SlackPerson)
    return str(person.chat if isinstance(person, TelegramPerson) else person.channel)
