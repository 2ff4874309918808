"""The log of answers: what founders were answered, how it helped, and which answers staff call wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.context import Decision
from bot.store import tables as t
from bot.store.serialisation import dump_record, load_record
from bot.types import Case, LoggedAnswer, Rating, Thumb
from knowledge.database.engine import open_reader
from knowledge.text.personal_data import mask_personal_data

Outcome = Literal["answered", "offered", "handed_over", "nothing"]
OUTCOMES: tuple[Outcome, ...] = ("answered", "offered", "handed_over", "nothing")
ECHO_TIME = timedelta(days=1)  # in which a press or a case is told to be about an answer


@dataclass(frozen=True, slots=True)
class AnswerFilter:
    """Which answers: None and "" are all. `missions` are those that a person may see; an answer is
    `since` <= at < `until`. `wrong_only`: those that staff call wrong."""

    missions: tuple[str, ...] | None = None
    outcome: Outcome | None = None
    thumb: Thumb = ""
    topic: str = ""
    country: str = ""
    since: datetime | None = None
    until: datetime | None = None
    wrong_only: bool = False


class AnswerLog:
    """Reads the table of answers. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._reader = open_reader(engine)

    def find(self, number: int) -> LoggedAnswer | None:
        """One answer; None if there is none with that number."""
        found = self._load(select(t.answers).where(t.answers.c.number == number))
        return found[0] if found else None

    def list_answers(
        self, wanted: AnswerFilter, *, limit: int | None = None, offset: int = 0
    ) -> list[LoggedAnswer]:
        """The answers that are wanted, the newest first."""
        query = select(t.answers).where(_select(wanted)).order_by(t.answers.c.number.desc())
        return self._load(query.limit(limit).offset(offset))

    def count(self, wanted: AnswerFilter) -> int:
        """How many answers are wanted."""
        query = select(func.count()).select_from(t.answers).where(_select(wanted))
        with self._reader.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _load(self, query: Select[tuple[object, ...]]) -> list[LoggedAnswer]:
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return [load_record(LoggedAnswer, row._asdict() | {"conversation": ""}) for row in rows]


def write_answers(connection: Connection, decision: Decision, now: datetime) -> None:
    """Write what a decision has for the log: an answer, what its founder showed of one, and what
    staff say of one."""
    a = t.answers.c
    if logged := decision.logged:
        values = dump_record(logged) | {"asker": name_asker(logged.conversation)}
        del values["number"], values["conversation"]
        connection.execute(insert(t.answers).values(values))
    if (choice := decision.choice) and choice.source in ("confirmed", "chosen"):
        _note(connection, choice.conversation, choice.question, now, thumb=choice.source)
    for case in filter(None, (decision.new_case, *decision.new_asides)):
        for line in case.question.splitlines():
            _note(connection, case.conversation, line, now, handed_over=True)
    for record in decision.founder_records:
        if isinstance(record, Rating) and record.score:
            _note_rating(connection, record)
    if wrong := decision.wrong_answer:
        said = {"wrong_by": wrong.said_by, "wrong_at": now}
        said["right"] = mask_personal_data(wrong.right)
        connection.execute(update(t.answers).where(a.number == wrong.number).values(said))


def erase_answers(connection: Connection, conversations: Iterable[str]) -> None:
    """Erase what was answered in conversations, also where staff called it wrong."""
    connection.execute(delete(t.answers).where(is_of(conversations)))


def erase_answers_to(connection: Connection, case: Case) -> None:
    """Erase what was answered to the question of a case that is sealed."""
    asked = {_fold(line) for line in (case.question, *case.question.splitlines())}
    own = is_of([case.conversation])
    connection.execute(delete(t.answers).where(own, t.answers.c.question.in_(asked)))


def is_of(conversations: Iterable[str]) -> ColumnElement[bool]:
    """Whether an answer was given in one of the conversations."""
    return t.answers.c.asker.in_([name_asker(one) for one in conversations])


def name_asker(conversation: str) -> str:
    """What stands for a conversation in the log."""
    return hashlib.sha256(f"answers:{conversation}".encode()).hexdigest()


def _note(
    connection: Connection, conversation: str, question: str, now: datetime, **values: object
) -> None:
    a = t.answers.c
    own = and_(is_of([conversation]), a.at > now - ECHO_TIME, a.question == _fold(question))
    connection.execute(update(t.answers).where(own).values(values))


def _note_rating(connection: Connection, rating: Rating) -> None:
    k, a = t.cases.c, t.answers.c
    query = select(k.conversation, k.question).where(k.number == rating.case)
    case = connection.execute(query).first()
    if case is None:
        return
    asked = [_fold(line) for line in case.question.splitlines()]
    own = and_(is_of([case.conversation]), a.handed_over, a.question.in_(asked))
    connection.execute(update(t.answers).where(own).values(thumb=rating.score))


def _fold(question: str) -> str:
    """A question as it is kept: on one line and without personal data."""
    return " ".join(mask_personal_data(question).split())


def _select(wanted: AnswerFilter) -> ColumnElement[bool]:
    a = t.answers.c
    parts: list[ColumnElement[bool]] = [a.number > 0]
    if wanted.missions is not None:
        parts.append(a.mission.in_(wanted.missions))
    if wanted.outcome == "handed_over":
        parts.append(a.handed_over)
    elif wanted.outcome == "nothing":
        parts += [a.verdict.not_in(("answered", "offered")), ~a.handed_over]
    elif wanted.outcome:
        parts += [a.verdict == wanted.outcome, ~a.handed_over]
    for column, value in ((a.thumb, wanted.thumb), (a.topic, wanted.topic)):
        parts += [column == value] if value else []
    parts += [a.country == wanted.country] if wanted.country else []
    parts += [a.at >= wanted.since] if wanted.since else []
    parts += [a.at < wanted.until] if wanted.until else []
    parts += [a.wrong_at.is_not(None)] if wanted.wrong_only else []
    return and_(*parts)
