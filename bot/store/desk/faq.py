"""Drafts of questions with answers, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from bot.errors import Conflict
from bot.messages import Outgoing
from bot.store import outbox_rows
from bot.store import tables as t
from bot.store.serialisation import dump_record, load_record
from bot.types import FaqDraft, FaqState
from knowledge.database.engine import insert_new, write_transaction


class FaqStore:
    """The table of drafts. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, case: int) -> FaqDraft | None:
        """The draft of a case; None if there is none."""
        found = self._load(select(t.faq_drafts).where(t.faq_drafts.c.case_number == case))
        return found[0] if found else None

    def list_all(self, *states: FaqState) -> list[FaqDraft]:
        """The drafts in one of the states (none given: in any), by number."""
        query = select(t.faq_drafts).order_by(t.faq_drafts.c.case_number)
        return self._load(query.where(t.faq_drafts.c.state.in_(states)) if states else query)

    def list_expired(self, day: date) -> list[FaqDraft]:
        """The approved ones whose review was due before a day, the oldest date first."""
        f = t.faq_drafts.c
        due = select(t.faq_drafts).where(f.state == "approved", f.review_by < day)
        return self._load(due.order_by(f.review_by, f.case_number))

    def remind(self, draft: FaqDraft, messages: Sequence[Outgoing], now: datetime) -> bool:
        """Owe the messages that remind of the review of a draft, once for each date; whether this
        call did it."""
        if draft.reminded_of == draft.review_by:
            return False
        with write_transaction(self._engine) as connection:
            try:
                write_faq(connection, replace(draft, reminded_of=draft.review_by))
            except Conflict:
                return False
            key = f"faq:{draft.case}:{draft.review_by}"
            outbox_rows.add_decided(connection, key, messages, now)
        return True

    def _load(self, query: Any) -> list[FaqDraft]:
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return [
                load_record(FaqDraft, {**row._asdict(), "case": row.case_number}) for row in rows
            ]


def write_faq(connection: Connection, draft: FaqDraft) -> None:
    """Write a new draft (its version is 0) or a changed one. Raises Conflict if somebody else was
    first, or sealed its case."""
    sealed = select(t.cases.c.sealed).where(t.cases.c.number == draft.case)
    if connection.execute(sealed.with_for_update(read=True)).scalar():
        raise Conflict(f"case {draft.case} was sealed by somebody else")
    values = dump_record(draft) | {"version": draft.version + 1}
    values["case_number"] = values.pop("case")
    f = t.faq_drafts.c
    if draft.version == 0:
        new = insert_new(connection, t.faq_drafts).values(values)
        if connection.execute(new.returning(f.case_number)).first() is None:
            raise Conflict(f"the FAQ of case {draft.case} was begun by somebody else")
        return
    same = (f.case_number == draft.case) & (f.version == draft.version)
    if connection.execute(update(t.faq_drafts).where(same).values(values)).rowcount != 1:
        raise Conflict(f"the FAQ of case {draft.case} was changed by somebody else")
