"""A sealed case has no insight: the store erases it with the seal, and here people are told."""

from __future__ import annotations

from dataclasses import replace

from bot.admin.desk.notices import find_own_room
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision, Services
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Insight


def erase_sealed_insights(decision: Decision, services: Services) -> Decision:
    """The decision that also tells of each insight that ends with it, because it names a case that is
    sealed from now on: the room of the mission that told it, and the desk's."""
    cases = [one for one in (decision.case, *decision.more_cases) if one and one.sealed]
    if not cases:
        return decision
    own = [
        insight
        for insight in services.list_insights()
        if any(insight.is_of_case(case.number) for case in cases)
    ]
    told = tuple(message for insight in own for message in _tell(services, insight))
    return replace(decision, outgoing=(*decision.outgoing, *told))


def _tell(services: Services, insight: Insight) -> list[Outgoing]:
    text = render_phrase("desk.insight_erased", STAFF_LANGUAGE, number=insight.number)
    found = (find_own_room(one, services.bindings) for one in (insight.mission, DOMESTIC))
    return [Outgoing(room, Content(text)) for room in dict.fromkeys(found) if room]
