"""What was made of a case's words goes when the case is sealed."""

from __future__ import annotations

from sqlalchemy import Connection, delete, or_, select, update

from bot.store import tables as t
from bot.store.console.answers import erase_answers_to
from bot.store.serialisation import load_record
from bot.types import Case, Insight
from knowledge.text.personal_data import mask_personal_data


def erase_what_was_made(connection: Connection, case: Case) -> None:
    """Erase what was made of a sealed case while it was open to its room: the FAQ of it and of the
    cases merged into it, also an approved one, the insights that name it, and what its question taught
    the library. What the desk answered to such an insight stays as word of its own."""
    f, k, o = t.faq_drafts.c, t.cases.c, t.offer_choices.c
    merged = select(k.number).where(k.merged_into == case.number)
    own = or_(f.case_number == case.number, f.case_number.in_(merged))
    connection.execute(delete(t.faq_drafts).where(own))
    asked = {" ".join(mask_personal_data(one).split()) for one in _split(case.question)}
    taught = (o.conversation == case.conversation) & o.question.in_(asked)
    connection.execute(delete(t.offer_choices).where(taught))
    erase_answers_to(connection, case)
    _erase_insights(connection, case.number)


def _erase_insights(connection: Connection, case: int) -> None:
    i, d = t.insights.c, t.desk_answers.c
    rows = connection.execute(select(t.insights)).all()
    insights = [load_record(Insight, row._asdict()) for row in rows]
    own = [one.number for one in insights if one.is_of_case(case)]
    connection.execute(update(t.desk_answers).where(d.insight.in_(own)).values(insight=None))
    connection.execute(delete(t.insights).where(i.number.in_(own)))


def _split(question: str) -> tuple[str, ...]:
    """A question as it may have been kept: whole, and each of its lines."""
    return (question, *question.splitlines())
