"""What was made of a case's words goes when the case is sealed."""

from __future__ import annotations

from sqlalchemy import Connection, delete, or_, select

from bot.store import tables as t
from bot.store.console.answers import erase_answers_to
from bot.types import Case
from knowledge.text.personal_data import mask_personal_data


def erase_what_was_made(connection: Connection, case: Case) -> None:
    """Erase what was made of a sealed case while it was open to its room: the FAQ of it and of the
    cases merged into it, also an approved one, and what its question taught the library."""
    f, k, o = t.faq_drafts.c, t.cases.c, t.offer_choices.c
    merged = select(k.number).where(k.merged_into == case.number)
    own = or_(f.case_number == case.number, f.case_number.in_(merged))
    connection.execute(delete(t.faq_drafts).where(own))
    asked = {" ".join(mask_personal_data(one).split()) for one in _split(case.question)}
    taught = (o.conversation == case.conversation) & o.question.in_(asked)
    connection.execute(delete(t.offer_choices).where(taught))
    erase_answers_to(connection, case)


def _split(question: str) -> tuple[str, ...]:
    """A question as it may have been kept: whole, and each of its lines."""
    return (question, *question.splitlines())
