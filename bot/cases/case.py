"""What a case is and how its state moves. Pure: the new case and what to say, nothing sent.

open ──claim, first reply──▶ taken ──resolve──▶ resolved ──reopen──▶ taken
  │                           │
  └────────── /close ─────────┴──────────────▶ closed

reassign: a new thread at another mission, state open again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.cases.rooms import STAFF_LANGUAGE
from bot.missions import Missions, called
from bot.office_hours import local_time
from bot.phrases import say
from bot.types import (
    Address,
    Binding,
    Body,
    Button,
    Case,
    CaseMessage,
    Outgoing,
    Pending,
    Place,
    Route,
    StaffThread,
)
from knowledge.types import Language, Turn

RECORD_LIMIT = 3_000  # characters of earlier conversation a card is followed by


def opened(number: int, conversation: str, pending: Pending, route: Route, now: datetime) -> Case:
    """A new case for what was asked, at whoever the route names."""
    return Case(
        number=number,
        conversation=conversation,
        language=pending.language,
        question=pending.question,
        competent=route.competent,
        mission=route.mission,
        via=route.via,
        body=route.body,
        reason=route.reason,
        urgency=pending.urgency,
        opened_at=now,
        sealed=pending.sealed,
        place=route.place,
        found=pending.found,
    )


def taken(case: Case, who: str, now: datetime) -> Case:
    """The case in the hands of `who`; whoever was first keeps it."""
    if case.state == "taken":
        return case
    return replace(case, state="taken", taken_by=who, taken_at=now, ended_at=None)


def resolved(case: Case, now: datetime) -> Case:
    return replace(case, state="resolved", ended_at=now)


def reopened(case: Case) -> Case:
    return replace(case, state="taken" if case.taken_by else "open", ended_at=None)


def closed(case: Case, now: datetime) -> Case:
    return replace(case, state="closed", ended_at=now)


def moved(case: Case, route: Route) -> Case:
    """The case at another mission, free to be taken there."""
    return replace(
        case,
        competent=route.competent,
        mission=route.mission,
        via=route.via,
        body=route.body,
        reason=route.reason,
        place=route.place or case.place,
        state="open",
        taken_by=None,
        taken_at=None,
    )


def is_open(case: Case) -> bool:
    return case.state in ("open", "taken")


def thread_for(case: Case, room: Binding, earlier: int) -> StaffThread:
    """A staff thread for the case in `room`; `earlier` is how many it had before."""
    return StaffThread(
        f"{case.number}.{earlier + 1}", case.number, case.mission, room.channel, room.chat
    )


def thread_address(thread: StaffThread) -> Address:
    return Address(thread.channel, thread.chat, staff_thread=thread.id)


def card(case: Case, missions: Missions) -> Body:
    """The card at the head of a case's thread, with what can be done in its state."""
    language = STAFF_LANGUAGE
    text = say(
        "staff.card",
        language,
        seal=say("staff.sealed_mark", language) if case.sealed else "",
        number=case.number,
        urgency=say(f"staff.urgency_{case.urgency}", language),
        state=state_called(case),
        mission=called(missions.get(case.mission), language),
        language=say(f"founder.language_{case.language}", language),
        place=place_called(case.place),
        question=case.question,
        found=case.found or say("staff.found_nothing", language),
        reason=case.reason,
    )
    return Body(text, buttons=(_card_buttons(case),), protect=case.sealed)


def title(case: Case) -> str:
    """The name of the case's thread, where threads have names; nothing of a sealed one."""
    place = "" if case.sealed else place_called(case.place)
    urgency = say(f"staff.urgency_{case.urgency}", STAFF_LANGUAGE)
    return say(
        "staff.title", STAFF_LANGUAGE, number=case.number, urgency=urgency, place=place
    ).strip()


def opening(
    case: Case,
    thread: StaffThread,
    missions: Missions,
    turns: Sequence[Turn],
    record: Sequence[CaseMessage],
    files: Body,
) -> list[Outgoing]:
    """What a new staff thread is told: the card, the conversation before it, the record so far."""
    to = thread_address(thread)
    out = [Outgoing(to, card(case, missions), "card", case.number)]
    earlier = [
        say("staff.turn", STAFF_LANGUAGE, question=turn.question, answer=turn.answer)
        for turn in turns
    ]
    lines = earlier + [line_called(line) for line in record]
    if lines:
        text = "\n\n".join(lines)[-RECORD_LIMIT:]
        head = say("staff.before", STAFF_LANGUAGE)
        out.append(Outgoing(to, Body(f"{head}\n\n{text}", protect=case.sealed), case=case.number))
    if files.files:
        out.append(Outgoing(to, replace(files, protect=case.sealed), case=case.number))
    return out


def papers(record: Sequence[CaseMessage]) -> Body:
    """Every file of a case's record, for a thread that has not seen them."""
    return Body("", files=tuple(file for line in record for file in line.files))


def recard(case: Case, thread: StaffThread, missions: Missions) -> Outgoing:
    """The card again, in the case's new state."""
    return Outgoing(thread_address(thread), card(case, missions), "recard", case.number)


def receipt(
    case: Case, missions: Missions, language: Language, opens_at: datetime, room: Binding | None
) -> str:
    """What the founder holds in the hand: number, who has it, why, and when to expect a reply."""
    mission = missions.get(case.mission)
    text = say(
        "founder.receipt",
        language,
        number=case.number,
        mission=called(mission, language),
        reason=case.reason,
        opens=local_time(opens_at, mission, language),
    )
    if room is None:
        return f"{text}\n{say('founder.receipt_kept', language)}"
    if room.mission != case.mission:
        return f"{text}\n{say('founder.receipt_unbound', language)}"
    return text


def state_called(case: Case) -> str:
    """The case's state as staff read it."""
    return say(f"staff.state_{case.state}", STAFF_LANGUAGE, who=holder(case))


def place_called(place: Place | None) -> str:
    if place is None:
        return say("staff.no_place", STAFF_LANGUAGE)
    return place.name


def line_called(line: CaseMessage) -> str:
    """One line of a case's record as staff read it."""
    role = say(f"staff.role_{line.role or 'staff'}", STAFF_LANGUAGE)
    names = [f"[{file.name}]" for file in line.files]
    text = " ".join([line.text, *names]).strip()
    return say(f"staff.line_{line.author}", STAFF_LANGUAGE, text=text, role=role)


def _card_buttons(case: Case) -> tuple[Button, ...]:
    keys = {
        "open": ("claim", "resolve", "reassign"),
        "taken": ("resolve", "reassign"),
        "resolved": ("reopen",),
        "closed": ("reopen",),
    }[case.state]
    return tuple(
        Button(f"{key}:{case.number}", say(f"staff.button_{key}", STAFF_LANGUAGE)) for key in keys
    )


def holder(case: Case) -> str:
    """Who has the case, as staff read it: the role they named, else "담당자"."""
    role = (case.taken_by or "").partition("|")[2] or "staff"
    return say(f"staff.role_{role}", STAFF_LANGUAGE)
