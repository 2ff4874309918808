"""A case before it is opened: from the matter that waits to the case, its record and its readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cases.rooms import find_staff_room
from bot.cases.sealed import SealedDelivery, tell_readers
from bot.cases.states import create_case, open_case
from bot.context import Turn
from bot.founder.doors.reply import list_door_lines
from bot.founder.reading.triage import Triage
from bot.founder.talk.matter import list_matter, render_question
from bot.types import Case, CaseMessage, LogEntry, PendingQuestion, Place, Route
from knowledge.types import Exchange


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A new case with its first steps, the lines it begins with, and what goes to those who may read
    it if it is sealed."""

    case: Case
    log: tuple[LogEntry, ...]
    record: tuple[CaseMessage, ...]
    sealed: SealedDelivery

    @property
    def lines(self) -> tuple[tuple[int, CaseMessage], ...]:
        """The record as a decision writes it."""
        return tuple((self.case.number, line) for line in self.record)


def draft_case(
    turn: Turn, pending: PendingQuestion, gravest: Triage, route: Route, place: Place | None,
    earlier: Sequence[Exchange] = (),
) -> CaseDraft:  # fmt: skip
    """The case of a matter at `place`, as urgent and as sealed as `gravest`, which its texts were read as.
    `earlier` are the exchanges before it. Raises UnknownMission for a mission no longer listed."""
    services = turn.services
    pending = replace(
        pending,
        question=render_question(pending),
        earlier=(),
        urgency=gravest.urgency,
        sealed=pending.sealed or gravest.suspect,
    )
    number = services.reserve_case_number()
    new = create_case(number, turn.conversation.key, pending, route, services.now)
    has_room = find_staff_room(route.mission, services.bindings) is not None
    step = open_case(new, turn.actor, has_room=has_room)
    record = (
        *list_matter(pending, earlier, services.now),
        *list_door_lines(pending, place, services.now),
    )
    return CaseDraft(step.case, step.log, record, tell_readers(services, step.case, record))
