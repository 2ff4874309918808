"""Insights of missions and the desk's answers to them, as rows."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, insert, select, update

from bot.context import Decision
from bot.errors import Conflict
from bot.store import tables as t
from bot.store.serialisation import dump_record, load_record
from bot.types import DeskAnswer, Insight
from knowledge.database.engine import insert_new


class InsightStore:
    """The tables of insights and of the desk's answers. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list_insights(self) -> list[Insight]:
        """Every insight, in the order of their numbers."""
        query = select(t.insights).order_by(t.insights.c.number)
        with self._engine.connect() as connection:
            return [load_record(Insight, row._asdict()) for row in connection.execute(query)]

    def list_answers(self) -> list[DeskAnswer]:
        """Every answer of the desk, the oldest first."""
        query = select(t.desk_answers).order_by(t.desk_answers.c.number)
        with self._engine.connect() as connection:
            return [load_record(DeskAnswer, row._asdict()) for row in connection.execute(query)]

    def find_next_number(self) -> int:
        """The number of the next insight; writing it fails with Conflict if it was taken since."""
        with self._engine.connect() as connection:
            last = connection.execute(select(func.max(t.insights.c.number))).scalar()
        return int(last or 0) + 1


def write_insights(connection: Connection, decision: Decision) -> None:
    """Write what a decision has of insights. Raises Conflict if the number of a new one was taken."""
    i = t.insights.c
    if new := decision.new_insight:
        row = insert_new(connection, t.insights).values(dump_record(new))
        if connection.execute(row.returning(i.number)).first() is None:
            raise Conflict(f"insight {new.number} was told by somebody else")
    if answer := decision.desk_answer:
        values = dump_record(answer)
        del values["number"]
        connection.execute(insert(t.desk_answers).values(values))
        unanswered = (i.number == answer.insight) & (i.state == "new")
        connection.execute(update(t.insights).where(unanswered).values(state="answered"))
    if decision.drafted_insight is not None:
        drafted = update(t.insights).where(i.number == decision.drafted_insight)
        connection.execute(drafted.values(state="drafted"))
