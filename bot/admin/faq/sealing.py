"""A sealed case has no FAQ: the store erases it with the seal, and here people are told."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.card import thread_address
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_room
from bot.context import Decision, Services
from bot.messages import Address, Content, LibraryTask, Outgoing
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Case, FaqDraft

_WHO = "naru"  # no admin asked for the edition without it


def withdraw_sealed_faqs(decision: Decision, services: Services) -> Decision:
    """The decision that also tells of each FAQ that ends with it, because its case, or the one that
    its case was merged into, is sealed from now on: the room of the case, and of a submitted or approved
    one also the desk's room, where admins decide. An approved one leaves with the next edition."""
    told: set[int] = set()  # a merged case is sealed in the same decision
    for case in _list_sealed(decision):
        for number in (case.number, *(one.number for one in services.list_merged(case.number))):
            if number not in told and (draft := services.find_faq(number)):
                decision = _withdraw(decision, services, case, draft)
                told.add(number)
    return decision


def _withdraw(decision: Decision, services: Services, case: Case, draft: FaqDraft) -> Decision:
    rooms = _list_rooms(services, case, draft)
    key = "sealed_approved" if draft.state == "approved" else "sealed"
    text = render_phrase(f"faq.{key}", STAFF_LANGUAGE, number=draft.case)
    told = tuple(Outgoing(room, Content(text), case=case.number) for room in rooms)
    decision = replace(decision, outgoing=(*decision.outgoing, *told))
    if draft.state != "approved" or not rooms:
        return decision
    home, desk = rooms[0], rooms[-1]
    task = LibraryTask(
        "faq", _WHO, desk, STAFF_LANGUAGE, token=f"faq{draft.case}",
        also_to=home if home != desk else None,
    )  # fmt: skip
    return replace(decision, task=decision.task or task)


def _list_rooms(services: Services, case: Case, draft: FaqDraft) -> list[Address]:
    """The thread of the case; the desk's room too for what went to the admins."""
    threads = services.list_threads(case.number)
    rooms = [thread_address(one) for one in threads if one.current] or [
        thread_address(one) for one in threads[-1:]
    ]
    desk = find_staff_room(DOMESTIC, services.bindings)
    if desk and draft.state in ("submitted", "approved"):
        rooms.append(Address(desk.channel, desk.chat))
    return rooms


def _list_sealed(decision: Decision) -> list[Case]:
    cases = (decision.case, *decision.more_cases)
    return [one for one in cases if one is not None and one.sealed]
