"""What a body's regular meeting has before it: cases, repeated matters, insights, resolutions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.admin.desk.topics import FindTopic
from bot.cases.states import is_open
from bot.context import shorten_text
from bot.types import (
    UNCLASSIFIED,
    URGENCIES,
    Case,
    DeskAnswer,
    FaqDraft,
    Insight,
    Meeting,
    Mission,
    Resolution,
)
from knowledge.text.personal_data import mask_personal_data

REPEATED_FROM = 2  # cases of one topic
QUESTION_CHARACTERS = 140  # of a question on an agenda
FIRST_PERIOD = timedelta(days=92)  # looked back before a body's first meeting: a quarter


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A case on the agenda: its question shortened and without personal data; `due` is by when
    its founder hears from a person, None while no clock runs, and `is_overdue` that this has passed."""

    case: Case
    topic: str
    question: str
    due: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class RepeatedMatter:
    """A topic that came up more than once since the last meeting, with the numbers of its cases."""

    topic: str
    cases: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of `meeting` (None where none is planned) as of `made_at`, about the time since
    `since`. `open_sealed` counts the open sealed cases, of which nothing else is told; `reviews` are
    the body's FAQs whose review date has passed."""

    mission: Mission
    meeting: Meeting | None
    made_at: datetime
    since: datetime
    cases: tuple[CaseItem, ...]
    repeated: tuple[RepeatedMatter, ...]
    insights: tuple[Insight, ...]
    resolutions: tuple[Resolution, ...]
    open_sealed: int
    answers: tuple[DeskAnswer, ...] = ()
    reviews: tuple[FaqDraft, ...] = ()

    @property
    def overdue(self) -> tuple[CaseItem, ...]:
        """The open cases that should have been taken by now."""
        return tuple(item for item in self.cases if item.is_overdue)

    def is_late(self, resolution: Resolution) -> bool:
        """Whether a resolution is open after its date."""
        return is_late(resolution, self.mission.find_day(self.made_at))


def is_late(resolution: Resolution, today: date) -> bool:
    """Whether a resolution is open after its date."""
    return resolution.state == "open" and resolution.due is not None and resolution.due < today


def build_agenda(
    mission: Mission,
    meeting: Meeting | None,
    last: Meeting | None,
    cases: Sequence[Case],
    resolutions: Sequence[Resolution],
    insights: Sequence[Insight],
    now: datetime,
    find_topic: FindTopic,
    find_due: Callable[[Case], datetime | None],
    answers: Sequence[DeskAnswer] = (),
) -> Agenda:
    """The agenda of a body, of all `cases` of its mission. `last` is its last meeting; `insights`,
    `answers` of the desk and settled `resolutions` are those since then. A sealed case is counted,
    and its topic is not even looked for."""
    since = find_period_start(last, now)
    plain = [case for case in cases if not case.sealed]
    topics = {case.number: find_topic(case) for case in plain if _matters(case, since)}
    items = []
    for case in plain:
        if is_open(case):
            due = find_due(case)
            question = mask_personal_data(shorten_text(case.question, QUESTION_CHARACTERS))
            overdue = due is not None and due < now
            items.append(CaseItem(case, topics[case.number], question, due, overdue))
    items.sort(key=_rank)
    new = [case for case in plain if case.opened_at >= since]
    return Agenda(
        mission, meeting, now, since, tuple(items), _find_repeated(new, topics), tuple(insights),
        tuple(resolutions), sum(is_open(case) for case in cases if case.sealed),
        tuple(answers),
    )  # fmt: skip


def find_period_start(last: Meeting | None, now: datetime) -> datetime:
    """Since when an agenda tells: the last meeting, else a quarter ago."""
    return last.starts_at if last else now - FIRST_PERIOD


def _matters(case: Case, since: datetime) -> bool:
    return is_open(case) or case.opened_at >= since


def _rank(item: CaseItem) -> tuple[bool, int, datetime]:
    """Overdue cases first, then the most urgent, then the oldest."""
    return (
        not item.is_overdue,
        -URGENCIES.index(item.case.urgency),
        item.case.opened_at,
    )


def _find_repeated(cases: Sequence[Case], topics: dict[int, str]) -> tuple[RepeatedMatter, ...]:
    """The topics of several cases, the most frequent first. What no topic was found for is not one
    matter."""
    by_topic: dict[str, list[int]] = {}
    for case in cases:
        by_topic.setdefault(topics[case.number], []).append(case.number)
    repeated = [
        RepeatedMatter(topic, tuple(numbers))
        for topic, numbers in by_topic.items()
        if len(numbers) >= REPEATED_FROM and topic != UNCLASSIFIED
    ]
    return tuple(sorted(repeated, key=lambda one: -len(one.cases)))
