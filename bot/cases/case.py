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
from bot.missions import Missions, mission_name
from bot.office_hours import format_local_time
from bot.phrases import render_phrase
from bot.types import (
    Address,
    Binding,
    Button,
    Case,
    CaseMessage,
    Content,
    Outgoing,
    PendingQuestion,
    Place,
    Route,
    StaffThread,
)
from knowledge.types import Exchange, Language

RECORD_LIMIT_CHARACTERS = 3_000  # characters of earlier conversation a card is followed by


def create_case(
    number: int, conversation: str, pending: PendingQuestion, route: Route, now: datetime
) -> Case:
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


def claimed(case: Case, who: str, role: str, now: datetime) -> Case:
    """The case taken by the account `who` in its `role`; a case that is taken stays as it is."""
    if case.state == "taken":
        return case
    return replace(case, state="taken", taken_by=who, taken_role=role, taken_at=now, ended_at=None)


def resolved(case: Case, now: datetime) -> Case:
    return replace(case, state="resolved", ended_at=now)


def reopened(case: Case) -> Case:
    return replace(case, state="taken" if case.taken_by else "open", ended_at=None)


def closed(case: Case, now: datetime) -> Case:
    return replace(case, state="closed", ended_at=now)


def reassigned(case: Case, route: Route) -> Case:
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
        taken_role=None,
        taken_at=None,
    )


def is_open(case: Case) -> bool:
    return case.state in ("open", "taken")


def create_staff_thread(case: Case, room: Binding, earlier: int) -> StaffThread:
    """A staff thread for the case in `room`; `earlier` is how many it had before."""
    return StaffThread(
        f"{case.number}.{earlier + 1}", case.number, case.mission, room.channel, room.chat
    )


def thread_address(thread: StaffThread) -> Address:
    return Address(thread.channel, thread.chat, staff_thread=thread.id)


def render_card(case: Case, missions: Missions) -> Content:
    """The card at the head of a case's thread, with what can be done in its state."""
    language = STAFF_LANGUAGE
    text = render_phrase(
        "staff.card",
        language,
        seal=render_phrase("staff.sealed_mark", language) if case.sealed else "",
        number=case.number,
        urgency=render_phrase(f"staff.urgency_{case.urgency}", language),
        state=render_state(case),
        mission=mission_name(missions.get(case.mission), language),
        language=render_phrase(f"founder.language_{case.language}", language),
        place=render_place_name(case.place),
        question=case.question,
        found=case.found or render_phrase("staff.found_nothing", language),
        reason=case.reason,
    )
    return Content(text, buttons=(_build_card_buttons(case),), protect=case.sealed)


def render_thread_title(case: Case) -> str:
    """The name of the case's thread, where threads have names; nothing of a sealed one."""
    place = "" if case.sealed else render_place_name(case.place)
    urgency = render_phrase(f"staff.urgency_{case.urgency}", STAFF_LANGUAGE)
    return render_phrase(
        "staff.title", STAFF_LANGUAGE, number=case.number, urgency=urgency, place=place
    ).strip()


def build_thread_opening(
    case: Case,
    thread: StaffThread,
    missions: Missions,
    turns: Sequence[Exchange],
    record: Sequence[CaseMessage],
    files: Content,
) -> list[Outgoing]:
    """What a new staff thread is told: the card, the conversation before it, the record so far."""
    to = thread_address(thread)
    out = [Outgoing(to, render_card(case, missions), "card", case.number)]
    earlier = [
        render_phrase("staff.turn", STAFF_LANGUAGE, question=turn.question, answer=turn.answer)
        for turn in turns
    ]
    lines = earlier + [render_line(line) for line in record]
    if lines:
        text = "\n\n".join(lines)[-RECORD_LIMIT_CHARACTERS:]
        head = render_phrase("staff.before", STAFF_LANGUAGE)
        out.append(
            Outgoing(to, Content(f"{head}\n\n{text}", protect=case.sealed), case=case.number)
        )
    if files.files:
        out.append(Outgoing(to, replace(files, protect=case.sealed), case=case.number))
    return out


def collect_files(record: Sequence[CaseMessage]) -> Content:
    """Every file of a case's record, for a thread that has not seen them."""
    return Content("", files=tuple(file for line in record for file in line.files))


def build_card_update(case: Case, thread: StaffThread, missions: Missions) -> Outgoing:
    """The card again, in the case's new state."""
    return Outgoing(thread_address(thread), render_card(case, missions), "recard", case.number)


def render_receipt(
    case: Case, missions: Missions, language: Language, opens_at: datetime, room: Binding | None
) -> str:
    """What the founder holds in the hand: number, who has it, why, and when to expect a reply."""
    mission = missions.get(case.mission)
    text = render_phrase(
        "founder.receipt",
        language,
        number=case.number,
        mission=mission_name(mission, language),
        reason=case.reason,
        opens=format_local_time(opens_at, mission, language),
    )
    if room is None:
        return f"{text}\n{render_phrase('founder.receipt_kept', language)}"
    if room.mission != case.mission:
        return f"{text}\n{render_phrase('founder.receipt_unbound', language)}"
    return text


def render_state(case: Case) -> str:
    """The case's state as staff read it."""
    return render_phrase(f"staff.state_{case.state}", STAFF_LANGUAGE, who=render_holder(case))


def render_place_name(place: Place | None) -> str:
    if place is None:
        return render_phrase("staff.no_place", STAFF_LANGUAGE)
    return place.name


def render_line(line: CaseMessage) -> str:
    """One line of a case's record as staff read it."""
    role = render_phrase(f"staff.role_{line.role or 'staff'}", STAFF_LANGUAGE)
    names = [f"[{file.name}]" for file in line.files]
    text = " ".join([line.text, *names]).strip()
    return render_phrase(f"staff.line_{line.author}", STAFF_LANGUAGE, text=text, role=role)


def _build_card_buttons(case: Case) -> tuple[Button, ...]:
    keys = {
        "open": ("claim", "resolve", "reassign"),
        "taken": ("resolve", "reassign"),
        "resolved": ("reopen",),
        "closed": ("reopen",),
    }[case.state]
    return tuple(
        Button(f"{key}:{case.number}", render_phrase(f"staff.button_{key}", STAFF_LANGUAGE))
        for key in keys
    )


def render_holder(case: Case) -> str:
    """Who has the case, as staff read it: the role they named, else "담당자"."""
    return render_phrase(f"staff.role_{case.taken_role or 'staff'}", STAFF_LANGUAGE)
