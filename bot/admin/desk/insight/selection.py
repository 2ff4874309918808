"""Which insights and which words of the desk belong on a body's agenda."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.types import DOMESTIC, DeskAnswer, Insight, Mission


def select_insights(
    insights: Iterable[Insight], mission: Mission, since: datetime
) -> tuple[Insight, ...]:
    """What was told since a moment of the mission's country or by it, and what waits for an answer; of
    all missions for the domestic body."""
    return tuple(
        one
        for one in insights
        if (one.at >= since or one.state == "new")
        and (mission.id in (DOMESTIC, one.mission) or mission.country in one.countries)
    )


def select_answers(
    answers: Iterable[DeskAnswer], mission: Mission, since: datetime
) -> tuple[DeskAnswer, ...]:
    """What the desk told a mission since a moment, also where it has no room; all for the domestic
    body."""
    return tuple(
        one
        for one in answers
        if one.at >= since and (mission.id == DOMESTIC or mission.id in (*one.told, *one.roomless))
    )
