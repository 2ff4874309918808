"""The open cases of somebody who is no longer staff: nothing waits for a person who cannot reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.cases.seats.offering import offer_to_all
from bot.context import Decision, Services
from bot.messages import Address, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Case, StaffMember


def release_cases(decision: Decision, services: Services, gone: Sequence[StaffMember]) -> Decision:
    """The decision that removes the memberships `gone` of one person, in which what was offered to them
    is offered to all, and their room is told which cases they had. Those keep their clocks."""
    account = f"{gone[0].channel}:{gone[0].user}"
    cases = _list_cases(services, {one.mission for one in gone})
    for case in cases:
        if case.offer and case.offer.account == account:
            lapsed = offer_to_all(services, case)
            assert lapsed.case is not None
            decision = replace(
                decision, more_cases=(*decision.more_cases, lapsed.case),
                log=(*decision.log, *lapsed.log), outgoing=(*decision.outgoing, *lapsed.outgoing),
            )  # fmt: skip
    held = [f"#{case.number}" for case in cases if case.taken_by == account]
    room = find_staff_room(gone[0].mission, services.bindings)
    if not held or room is None:
        return decision
    text = render_phrase(
        "staff.staff_left_cases",
        STAFF_LANGUAGE,
        who=gone[0].name or account,
        numbers=", ".join(held),
    )
    told = Outgoing(Address(room.channel, room.chat), Content(text))
    return replace(decision, outgoing=(*decision.outgoing, told))


def _list_cases(services: Services, missions: set[str]) -> list[Case]:
    """The open cases that the rooms of the missions work on."""
    return [
        case
        for case in services.list_open_cases()
        if (room := find_staff_room(case.mission, services.bindings)) and room.mission in missions
    ]
