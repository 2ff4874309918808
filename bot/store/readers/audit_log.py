"""Reading the audit log, and what people agreed to in figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, case, func, literal, or_, select

from bot.store import tables as t
from knowledge.database.engine import open_reader

PAGE_ENTRIES = 50
# What is written of copies and erasures: see bot/founder/privacy/rights.py and `naru export`, `naru forget`.
_PRIVACY_ACTS = ("a copy of %", "%records were erased%", "forget a founder%")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry: `who` is "channel:user" or names what did it."""

    number: int
    at: datetime
    who: str
    act: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries: those that name a case, of accounts that contain `who`, from a moment until before
    another, before the entry of a number; `only` limits them to these accounts, None for all."""

    case: int | None = None
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    only: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class ConsentCount:
    """How many people last said yes, and how many no, to a version of an item."""

    item: str
    version: str
    given: int
    withdrawn: int


class AuditLog:
    """Reads the log; every method is one query."""

    def __init__(self, engine: Engine) -> None:
        self._reader = open_reader(engine)

    def list_entries(self, wanted: AuditFilter) -> list[AuditEntry]:
        """The latest entries that fit, the latest first; PAGE_ENTRIES at most."""
        a = t.audit.c
        conditions = []
        if wanted.case is not None:
            conditions.append(or_(*(a.act.like(one) for one in _name_case(wanted.case))))
        if wanted.who:
            conditions.append(a.who.contains(wanted.who, autoescape=True))
        if wanted.since is not None:
            conditions.append(a.at >= wanted.since)
        if wanted.until is not None:
            conditions.append(a.at < wanted.until)
        if wanted.before is not None:
            conditions.append(a.pk < wanted.before)
        if wanted.only is not None:
            conditions.append(a.who.in_(wanted.only))
        return self._list(and_(literal(True), *conditions))

    def list_acts(self, who: str, act: str) -> list[AuditEntry]:
        """The latest entries of an account whose act begins with `act`."""
        a = t.audit.c
        return self._list(and_(a.who == who, a.act.startswith(act, autoescape=True)))

    def list_privacy_entries(self) -> list[AuditEntry]:
        """The latest entries of copies that were given and of erasures."""
        a = t.audit.c
        return self._list(or_(*(a.act.like(one) for one in _PRIVACY_ACTS)))

    def count_consents(self) -> list[ConsentCount]:
        """What people said last, by item and version; who was erased counts for nothing."""
        c = t.consents.c
        last = (
            select(func.max(c.pk))
            .where(c.account.contains(":"))
            .group_by(c.account, c.item, c.scope)
        )
        given = func.sum(case((c.given, 1), else_=0))
        query = (
            select(c.item, c.version, given, func.count() - given)
            .where(c.pk.in_(last))
            .group_by(c.item, c.version)
            .order_by(c.item, c.version)
        )
        with self._reader.connect() as connection:
            return [ConsentCount(*row) for row in connection.execute(query)]

    def _list(self, condition: object) -> list[AuditEntry]:
        a = t.audit.c
        query = select(a.pk, a.at, a.who, a.act).where(condition)  # type: ignore[arg-type]
        with self._reader.connect() as connection:
            rows = connection.execute(query.order_by(a.pk.desc()).limit(PAGE_ENTRIES)).all()
        return [AuditEntry(*row) for row in rows]


def _name_case(number: int) -> list[str]:
    """How entries name a case: "sealed case 12", "faq 12: made", "#12"."""
    heads, ends = (f"%case {number}", f"faq {number}", f"%#{number}"), ("", " %", ":%", ",%")
    return [f"{head}{end}" for head in heads for end in ends]
