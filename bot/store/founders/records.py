"""Ratings, linked accounts and subscriptions: read by decisions, written with them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, exists, insert, select, update

from bot.errors import Conflict
from bot.store import tables as t
from bot.store.serialisation import dump_record, load_conversation, load_record
from bot.store.tables import lookups
from bot.types import (
    AccountLink,
    FounderRecord,
    LinkCode,
    Rating,
    Subscription,
    Unlinking,
    Unsubscribing,
)
from knowledge.database.engine import insert_new, open_reader

CODE_KEPT = timedelta(days=1)  # long after it is good for anything


class FounderRecords:
    """What the decisions on a founder's turn look up; accounts are "channel:user"."""

    def __init__(self, engine: Engine) -> None:
        self._reader = open_reader(engine)

    def find_rating(self, case: int) -> Rating | None:
        """The rating of a case; None if its founder was never asked."""
        with self._reader.connect() as connection:
            row = connection.execute(lookups.RATING, {"number": case}).first()
        return Rating(row.case_number, row.score, row.words) if row else None

    def list_scores(self) -> dict[int, str]:
        """The scores that were given, by the number of the case."""
        r = t.ratings.c
        query = select(r.case_number, r.score).where(r.score.is_not(None))
        with self._reader.connect() as connection:
            return {row.case_number: row.score for row in connection.execute(query)}

    def list_accounts(self, account: str) -> list[str]:
        """The accounts of one founder: this one, and those linked to it."""
        with self._reader.connect() as connection:
            return list_linked(connection, account)

    def find_firm(self, account: str) -> str:
        """What stands for the firm of an account: the same for all that are linked."""
        a = t.linked_accounts.c
        with self._reader.connect() as connection:
            firm = connection.execute(select(a.firm).where(a.account == account)).scalar()
        return str(firm) if firm else account

    def find_code(self, digest: str) -> LinkCode | None:
        """The code of a digest; None for one that no one was shown."""
        query = select(t.link_codes).where(t.link_codes.c.digest == digest)
        with self._reader.connect() as connection:
            row = connection.execute(query).first()
        return load_record(LinkCode, row._asdict()) if row else None

    def list_asked_in_room(self, channel: str, chat: str, since: datetime) -> list[datetime]:
        """When questions were looked up in a chat since a moment, by any person, the oldest first."""
        c = t.conversations.c
        recent = select(t.conversations).where(
            c.channel == channel, c.chat == chat, c.updated_at >= since
        )
        with self._reader.connect() as connection:
            talks = [load_conversation(row) for row in connection.execute(recent)]
        return sorted(moment for talk in talks for moment in talk.asked_at if moment >= since)

    def list_subscriptions(self, accounts: Iterable[str] | None = None) -> list[Subscription]:
        """The subscriptions of some accounts (None: of all), the oldest first."""
        s = t.subscriptions.c
        query = select(t.subscriptions).order_by(s.since, s.account, s.kind, s.value)
        if accounts is not None:
            query = query.where(s.account.in_(list(accounts)))
        with self._reader.connect() as connection:
            return [load_record(Subscription, row._asdict()) for row in connection.execute(query)]


def list_linked(connection: Connection, account: str) -> list[str]:
    """The account and those linked to it."""
    others = connection.execute(lookups.SAME_FIRM, {"account": account})
    return list(dict.fromkeys([account, *others.scalars()]))


def write_founder_record(connection: Connection, record: FounderRecord, now: datetime) -> None:
    """Write one record. Raises Conflict for a code that somebody else has used since it was read."""
    match record:
        case Rating():
            _write_rating(connection, record, now)
        case LinkCode():
            own = t.link_codes.c.account == record.account
            connection.execute(delete(t.link_codes).where(own))
            connection.execute(insert(t.link_codes).values(dump_record(record)))
        case AccountLink():
            _link_accounts(connection, record, now)
        case Unlinking():
            _unlink(connection, record.account)
        case Subscription():
            connection.execute(insert_new(connection, t.subscriptions).values(dump_record(record)))
        case Unsubscribing():
            s = t.subscriptions.c
            gone = delete(t.subscriptions).where(
                s.account.in_(list_linked(connection, record.account))
            )
            if record.value is not None:
                gone = gone.where(s.value == record.value)
            connection.execute(gone)


def erase_account_records(connection: Connection, account: str, cases: Iterable[int]) -> None:
    """Erase what is kept of an account here, and what was added to the ratings of its `cases`; that
    a case was rated, and how, stays for statistics."""
    connection.execute(delete(t.link_codes).where(t.link_codes.c.account == account))
    connection.execute(delete(t.subscriptions).where(t.subscriptions.c.account == account))
    _unlink(connection, account)
    own = t.ratings.c.case_number.in_(list(cases))
    connection.execute(update(t.ratings).where(own).values(words=""))


def sweep_accounts(connection: Connection, now: datetime) -> int:
    """Delete codes that are past their time, and the links and subscriptions of accounts of which no
    conversation is left; returns how many."""
    c, count = t.conversations.c, 0
    account = c.channel + ":" + c.user
    old = delete(t.link_codes).where(t.link_codes.c.made_at < now - CODE_KEPT)
    count += connection.execute(old).rowcount
    for table in (t.linked_accounts, t.subscriptions):
        gone = ~exists().where(account == table.c.account)
        count += connection.execute(delete(table).where(gone)).rowcount
    return count


def _write_rating(connection: Connection, rating: Rating, now: datetime) -> None:
    if rating.score is None:
        new = {"case_number": rating.case, "asked_at": now, "score": None, "words": ""}
        connection.execute(insert_new(connection, t.ratings).values(new))
        return
    own = t.ratings.c.case_number == rating.case
    values = {"score": rating.score, "words": rating.words}
    connection.execute(update(t.ratings).where(own).values(values))


def _link_accounts(connection: Connection, link: AccountLink, now: datetime) -> None:
    """Make one firm of both accounts' firms, and use up the code."""
    used = delete(t.link_codes).where(t.link_codes.c.digest == link.digest)
    if connection.execute(used).rowcount != 1:
        raise Conflict("the code was used by somebody else")
    accounts = {one for side in (link.account, link.other) for one in list_linked(connection, side)}
    a = t.linked_accounts.c
    connection.execute(delete(t.linked_accounts).where(a.account.in_(accounts)))
    firm = uuid.uuid4().hex
    rows = [{"account": one, "firm": firm, "linked_at": now} for one in sorted(accounts)]
    connection.execute(insert(t.linked_accounts), rows)


def _unlink(connection: Connection, account: str) -> None:
    """Take an account out of its firm; one that is left alone there is no firm of linked accounts."""
    a = t.linked_accounts.c
    rest = [one for one in list_linked(connection, account) if one != account]
    gone = [account, *rest] if len(rest) == 1 else [account]
    connection.execute(delete(t.linked_accounts).where(a.account.in_(gone)))
