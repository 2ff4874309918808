"""Which rows of the desk, and of what subscribers were told, are past their time.

Never: what is open, a body's last meeting, the last insight (the next number counts on from it), and
what belongs to the last announced edition.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, func, select

from bot.store import tables as t

OldRows = tuple[Table, ColumnElement[Any], ColumnElement[bool]]  # table, key, which of its rows


def list_old_rows(before: datetime) -> Iterator[tuple[str, OldRows]]:
    """By the name of what is counted: the rows whose matter ended before a moment."""
    m, newer = t.meetings.c, t.meetings.alias().c
    is_last = ~exists().where(newer.mission == m.mission, newer.starts_at > m.starts_at)
    yield "meetings", (t.meetings, m.uid, and_(m.starts_at < before, ~is_last))
    r = t.resolutions.c
    settled = and_(r.state != "open", r.settled_at < before)
    yield "resolutions", (t.resolutions, r.number, settled)
    i = t.insights.c
    last = select(func.max(i.number)).scalar_subquery()
    yield "insights", (t.insights, i.number, and_(i.at < before, i.number < last))
    a = t.desk_answers.c
    yield "desk_answers", (t.desk_answers, a.number, a.at < before)
    e = t.announced_editions.c
    newest = select(func.max(e.announced_at)).scalar_subquery()
    old = and_(e.announced_at < before, e.announced_at < newest)
    yield "announced_editions", (t.announced_editions, e.edition, old)
    v = t.announced_versions.c
    unseen = and_(v.seen_at < before, v.seen_at < newest)
    yield "announced_versions", (t.announced_versions, v.document, unseen)
