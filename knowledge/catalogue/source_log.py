"""When each scheduled source was read, with what problem, and which documents are unchecked.

See docs/decisions/0029-source-check-dates-in-their-own-tables.md
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, and_, delete, insert, or_, select, update

from knowledge.catalogue import tables as t
from knowledge.database.engine import insert_new, write_transaction
from knowledge.types import find_korean_day

SOURCE_LEASE = timedelta(hours=1)  # longer than reading one source takes


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of a source: its file, its HTTP validators (ETag, Last-Modified) and when it was last
    read successfully."""

    url: str
    file: str
    etag: str = ""
    modified: str = ""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source: `tried_at` is the last try to read it, `read_at` the last that succeeded.

    `problem` is "" or a sentence; `failed_at` is when this problem first occurred.
    """

    name: str
    origin: str
    max_age: timedelta
    tried_at: datetime | None
    read_at: datetime | None
    next_at: datetime | None
    problem: str
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceReadResult:
    """The outcome of one read of a source. `read_at` is None if it failed, and the stored time of
    the last success stays."""

    name: str
    origin: str
    max_age: timedelta
    read_at: datetime | None
    next_at: datetime
    problem: str = ""
    pages: tuple[PageRow, ...] = ()


class SourceLog:
    """The tables of sources and their pages. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_sources(self) -> dict[str, SourceRow]:
        """Every source ever read and not dropped, by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.sources).order_by(t.sources.c.name))
            return {row.name: _source_from_row(row) for row in rows}

    def load_pages(self, name: str) -> dict[str, PageRow]:
        """The stored pages of a source, by URL."""
        p = t.source_pages.c
        query = select(p.url, p.file, p.etag, p.modified, p.read_at).where(p.source == name)
        with self._engine.connect() as connection:
            return {row.url: PageRow(*row) for row in connection.execute(query)}

    def claim_source(self, name: str, owner: str, now: datetime, *, due: bool) -> bool:
        """Lease a source to `owner`; returns whether it was free and, with `due`, its time had
        come."""
        s = t.sources.c
        new = {"name": name, "origin": "", "max_age": 0, "problem": "", "told": True}
        free = and_(s.name == name, or_(s.lease_until.is_(None), s.lease_until < now))
        if due:
            free = and_(free, or_(s.next_at.is_(None), s.next_at <= now))
        held = {"owner": owner, "lease_until": now + SOURCE_LEASE, "tried_at": now}
        with write_transaction(self._engine) as connection:
            connection.execute(insert_new(connection, t.sources).values(new))
            return connection.execute(update(t.sources).where(free).values(held)).rowcount == 1

    def recover_leases(self, is_gone: Callable[[str], bool]) -> int:
        """Release the sources leased to owners that are gone; returns how many."""
        s = t.sources.c
        with write_transaction(self._engine) as connection:
            held = select(s.owner).where(s.owner.is_not(None)).distinct()
            gone = [owner for owner in connection.execute(held).scalars() if is_gone(owner)]
            free = update(t.sources).where(s.owner.in_(gone))
            return connection.execute(free.values(owner=None, lease_until=None)).rowcount

    def finish_reading(self, read: SourceReadResult, now: datetime) -> None:
        """Store the outcome of a read and release the source. A new problem is marked as untold."""
        s, p = t.sources.c, t.source_pages.c
        values: dict[str, Any] = {
            "origin": read.origin, "max_age": int(read.max_age.total_seconds()),
            "next_at": read.next_at, "problem": read.problem, "owner": None, "lease_until": None,
        }  # fmt: skip
        if read.read_at is not None:
            values["read_at"] = read.read_at
        with write_transaction(self._engine) as connection:
            before = connection.execute(select(s.problem).where(s.name == read.name)).scalar_one()
            if before != read.problem:
                values |= {"failed_at": now if read.problem else None, "told": not read.problem}
            connection.execute(update(t.sources).where(s.name == read.name).values(values))
            connection.execute(delete(t.source_pages).where(p.source == read.name))
            pages = [asdict(page) | {"source": read.name} for page in read.pages]
            if pages:
                connection.execute(insert(t.source_pages), pages)

    def list_untold_problems(self) -> list[SourceRow]:
        """The sources with a problem that the admins were not told of."""
        query = select(t.sources).where(~t.sources.c.told).order_by(t.sources.c.name)
        with self._engine.connect() as connection:
            return [_source_from_row(row) for row in connection.execute(query)]

    def mark_told(self, source: SourceRow) -> None:
        """Record that the admins were told of this problem, unless another occurred since."""
        s = t.sources.c
        same = (s.name == source.name) & (s.failed_at == source.failed_at)
        with write_transaction(self._engine) as connection:
            connection.execute(update(t.sources).where(same).values(told=True))

    def drop_source(self, name: str) -> None:
        """Delete a source and its pages from the log."""
        with write_transaction(self._engine) as connection:
            connection.execute(delete(t.source_pages).where(t.source_pages.c.source == name))
            connection.execute(delete(t.sources).where(t.sources.c.name == name))

    def find_unchecked_documents(
        self, edition: int, as_of: datetime, ids: Collection[str] | None = None
    ) -> dict[str, date]:
        """The documents of an edition whose source was last read longer than its max_age before
        `as_of`, with the day of that read. `ids` restricts the search; None means all."""
        if ids is not None and not ids:
            return {}
        with self._engine.connect() as connection:
            rows = connection.execute(_select_last_reads(edition, ids)).all()
        reads = [(row.id, row.page_read or row.source_read, row.max_age) for row in rows]
        return {
            id: find_korean_day(read_at)
            for id, read_at, max_age in reads
            if read_at is not None and read_at + timedelta(seconds=max_age) < as_of
        }


def _select_last_reads(edition: int, ids: Collection[str] | None) -> Any:
    """Each document of a source with the last successful read of its page and of its source."""
    d, s, p = t.documents.c, t.sources.c, t.source_pages.c
    mine = or_(d.file == p.file, d.file.startswith(p.file + "/"))  # an archive's members
    query = (
        select(d.id, s.max_age, s.read_at.label("source_read"), p.read_at.label("page_read"))
        .join(t.edition_documents, t.edition_documents.c.document == d.pk)
        .join(t.sources, s.origin == d.origin)
        .outerjoin(t.source_pages, and_(p.source == s.name, mine))
        .where(t.edition_documents.c.edition == edition)
    )
    return query if ids is None else query.where(d.id.in_(sorted(ids)))


def _source_from_row(row: Row[Any]) -> SourceRow:
    return SourceRow(row.name, row.origin, timedelta(seconds=row.max_age), row.tried_at,
                     row.read_at, row.next_at, row.problem, row.failed_at)  # fmt: skip
