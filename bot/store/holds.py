"""Places that take nothing for now: a chat that is limited, a room or a person that refuses.

A hold covers a whole channel, a chat or one lane of it. While it lasts, nothing that it covers is
claimed. What a refusal covers is `waiting`, is tried at growing distances, and is owed again as
soon as a sign comes that the place is open. A channel whose messages are only handed out to a
reader who comes for them has a hold without end: what is owed there waits in the same state, and
bot/store/readers hands it out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)

from bot.store import tables as t
from knowledge.database.engine import UtcDateTime, insert_new, open_reader, write_transaction

HoldKind = Literal["rate", "room", "person", "reader"]

EDIT_LANE_SUFFIX = ":card"  # of the lane in which a thread's card and state are edited
RETRY_DISTANCES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180, 360))
LIMITED_CHATS_OF_A_LIMITED_BOT = 3  # so many chats limited at once: the bot itself is
NO_REFUSALS = ("rate", "reader")  # kinds of hold under which no place refuses
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hold:
    """A place that takes nothing until `until`; `lane` is "" for all of a chat, `chat` "" for all of
    a channel. `since` is its first refusal, `tries` counts them; `told`: people have been told."""

    channel: str
    chat: str
    lane: str
    kind: HoldKind
    reason: str
    since: datetime
    until: datetime
    tries: int
    told: bool

    def covers(self, channel: str, chat: str, lane: str) -> bool:
        """Whether messages of a lane of a chat are held by it."""
        own = self.lane in ("", lane) or f"{self.lane}{EDIT_LANE_SUFFIX}" == lane
        return self.channel == channel and self.chat in ("", chat) and own


def is_held() -> ColumnElement[bool]:
    """Whether a row of the outbox is under a hold that lasts at the moment that is bound to `now`;
    for `where`."""
    return exists().where(_covers_row(), t.holds.c.until > bindparam("now", type_=UtcDateTime()))


def _covers_row() -> ColumnElement[bool]:
    h, o = t.holds.c, t.outbox.c
    own_lane = or_(h.lane == "", h.lane == o.lane, h.lane + EDIT_LANE_SUFFIX == o.lane)
    return and_(h.channel == o.channel, or_(h.chat == "", h.chat == o.chat), own_lane)


# What is asked at each message is built once: that costs more than to run it.
_REFUSALS = select(t.holds).where(
    t.holds.c.channel.in_(bindparam("channels", expanding=True)),
    t.holds.c.chat.in_(bindparam("chats", expanding=True)),
    t.holds.c.kind != "rate",
)
_ALL_REFUSALS = (
    select(t.holds)
    .where(t.holds.c.kind.not_in(NO_REFUSALS))
    .order_by(t.holds.c.since, t.holds.c.channel, t.holds.c.chat, t.holds.c.lane)
)
_READER_CHANNELS = select(t.holds).where(t.holds.c.kind == "reader")
_DUE_PLACE = (
    select(t.holds.c.kind)
    .join(t.outbox, _covers_row())
    .where(
        t.holds.c.kind != "rate",
        t.holds.c.until <= bindparam("now", type_=UtcDateTime()),
        t.outbox.c.state == "waiting",
    )
    .limit(1)
)


def find_refusals(connection: Connection, places: Collection[tuple[str, str]]) -> list[Hold]:
    """The rooms, persons and readers for which new messages to some places (channel and chat) have
    to wait; more than those, where a chat's name is one on another channel as well."""
    channels, chats = {channel for channel, _ in places}, {chat for _, chat in places}
    if not places:
        return []
    values = {"channels": sorted(channels), "chats": ["", *sorted(chats)]}
    return list(map(_load_hold, connection.execute(_REFUSALS, values)))


def list_refusals(connection: Connection) -> list[Hold]:
    """The rooms and persons that refuse, in the order of their first refusals."""
    return list(map(_load_hold, connection.execute(_ALL_REFUSALS)))


def list_reader_channels(connection: Connection) -> list[Hold]:
    """The holds of channels whose messages are handed out to readers who come for them."""
    return list(map(_load_hold, connection.execute(_READER_CHANNELS)))


def hold_for_readers(connection: Connection, channel: str, now: datetime) -> None:
    """Send nothing to a channel of its own accord from now on, and let what is owed there wait for
    those it is for. Nothing happens if that is so already."""
    _put(connection, channel, "", "", "reader", "shown when they write", now, FOREVER)
    o = t.outbox.c
    owed = update(t.outbox).where(o.channel == channel, o.state == "owed")
    connection.execute(owed.values(state="waiting", held_at=now))


def hold_limited_chat(connection: Connection, channel: str, chat: str, until: datetime,
                      now: datetime) -> None:  # fmt: skip
    """Hold a chat that its platform limits; the whole channel, once several chats are limited."""
    h = t.holds.c
    _put(connection, channel, chat, "", "rate", "limited", now, until)
    limited = select(h.chat).where(h.channel == channel, h.kind == "rate", h.chat != "",
                                   h.until > now)  # fmt: skip
    if len(connection.execute(limited).all()) >= LIMITED_CHATS_OF_A_LIMITED_BOT:
        _put(connection, channel, "", "", "rate", "limited", now, until)


def hold_refusing_place(
    connection: Connection, place: tuple[str, str, str], kind: HoldKind, reason: str, now: datetime
) -> Hold:
    """Hold a place (channel, chat, lane) that refuses, longer at each further refusal, and let
    what it covers wait. Refusals of the same try count once."""
    channel, chat, lane = place
    same = _is_hold(channel, chat, lane, kind)
    row = connection.execute(select(t.holds).where(same)).first()
    tries = row.tries if row is not None else 0
    if row is None or row.until <= now:
        distance = RETRY_DISTANCES[min(tries, len(RETRY_DISTANCES) - 1)]
        _put(connection, channel, chat, lane, kind, reason, now, now + distance, tries + 1)
    hold = _load_hold(connection.execute(select(t.holds).where(same)).one())
    waiting = {"state": "waiting", "error": reason, "held_at": hold.since}
    connection.execute(_update_covered(hold, "owed").values(waiting))
    return hold


def release_place(connection: Connection, channel: str, chat: str, now: datetime) -> bool:
    """Owe again what waits for a chat, because there is a sign that it is open; whether
    something was held. The growing distance starts over."""
    h = t.holds.c
    refusing = and_(h.channel == channel, h.chat == chat, h.kind.not_in(NO_REFUSALS))
    released = connection.execute(update(t.holds).where(refusing).values(until=now, tries=0))
    o = t.outbox.c
    waiting = update(t.outbox).where(o.channel == channel, o.chat == chat, o.state == "waiting")
    connection.execute(waiting.values(state="owed", ready_at=now))
    return released.rowcount > 0


def forget_chat(connection: Connection, channel: str, chat: str, now: datetime) -> None:
    """Owe again what waits for a chat whose id is no longer used, and forget that it was held."""
    release_place(connection, channel, chat, now)
    h = t.holds.c
    connection.execute(delete(t.holds).where(h.channel == channel, h.chat == chat))


def release_due_places(connection: Connection, now: datetime) -> None:
    """Owe again what waits for places whose next try is due; forget limits that are over."""
    h = t.holds.c
    for row in connection.execute(select(t.holds).where(h.kind != "rate", h.until <= now)).all():
        covered = _update_covered(_load_hold(row), "waiting")
        connection.execute(covered.values(state="owed", ready_at=now))
    connection.execute(delete(t.holds).where(h.kind == "rate", h.until <= now))


def recall_holds(engine: Engine, now: datetime) -> None:
    """Shorten the holds that were made while the clock was ahead to what they may still last. Nothing is
    locked where there are none."""
    with open_reader(engine).connect() as connection:
        if not _list_overlong(connection, now):
            return
    with write_transaction(engine) as connection:
        for hold, until in _list_overlong(connection, now):
            same = _is_hold(hold.channel, hold.chat, hold.lane, hold.kind)
            shorter = update(t.holds).where(same)
            connection.execute(shorter.values(until=until, since=min(hold.since, now)))


def _list_overlong(connection: Connection, now: datetime) -> list[tuple[Hold, datetime]]:
    """The holds that last longer than any may, each with its right end."""
    lasting = select(t.holds).where(t.holds.c.kind != "reader", t.holds.c.until > now)
    found = []
    for hold in map(_load_hold, connection.execute(lasting).all()):
        distance = RETRY_DISTANCES[min(max(hold.tries, 1), len(RETRY_DISTANCES)) - 1]
        until = now + (hold.until - hold.since if hold.kind == "rate" else distance)
        if until < hold.until:
            found.append((hold, until))
    return found


def has_due_places(connection: Connection, now: datetime) -> bool:
    """Whether `release_due_places` has something to do; needs no write lock."""
    return connection.execute(_DUE_PLACE, {"now": now}).first() is not None


def end_refusals(
    connection: Connection, channel: str, chat: str, lane: str, now: datetime
) -> list[Hold]:
    """Forget the refusals that a message which went out in a lane disproves, and owe the rest of
    what waited for them; returns those that people had been told of."""
    ended = [hold for hold in list_refusals(connection) if hold.covers(channel, chat, lane)]
    for hold in ended:
        same = _is_hold(hold.channel, hold.chat, hold.lane, hold.kind)
        connection.execute(delete(t.holds).where(same))
        covered = _update_covered(hold, "waiting")
        connection.execute(covered.values(state="owed", ready_at=now))
    return [hold for hold in ended if hold.told]


def mark_holds_told(connection: Connection, holds: Sequence[Hold]) -> None:
    """Remember that people were told of the holds."""
    for hold in holds:
        same = _is_hold(hold.channel, hold.chat, hold.lane, hold.kind)
        connection.execute(update(t.holds).where(same).values(told=True))


def _is_hold(channel: str, chat: str, lane: str, kind: str) -> ColumnElement[bool]:
    h = t.holds.c
    return and_(h.channel == channel, h.chat == chat, h.lane == lane, h.kind == kind)


def _put(connection: Connection, channel: str, chat: str, lane: str, kind: HoldKind, reason: str,
         now: datetime, until: datetime, tries: int = 1) -> None:  # fmt: skip
    """Insert a hold, or prolong the one that is there."""
    key = {"channel": channel, "chat": chat, "lane": lane, "kind": kind}
    new = {**key, "reason": reason, "since": now, "until": until, "tries": tries, "told": False}
    connection.execute(insert_new(connection, t.holds).values(new))
    longer = update(t.holds).where(_is_hold(channel, chat, lane, kind), t.holds.c.until < until)
    values: dict[str, Any] = {"reason": reason, "until": until, "tries": tries}
    values |= {"since": now} if kind == "rate" else {}  # a limit is new each time
    connection.execute(longer.values(values))


def _update_covered(hold: Hold, state: str) -> Any:
    """An update of the rows in `state` that a hold of one chat covers."""
    o = t.outbox.c
    rows = update(t.outbox).where(o.channel == hold.channel, o.chat == hold.chat, o.state == state)
    if hold.lane:
        rows = rows.where(o.lane.in_((hold.lane, f"{hold.lane}{EDIT_LANE_SUFFIX}")))
    return rows


def _load_hold(row: Row[Any]) -> Hold:
    return Hold(
        row.channel, row.chat, row.lane, row.kind, row.reason, row.since, row.until, row.tries,
        row.told,
    )  # fmt: skip
