"""How staff see a case: its card, its record and its thread. Pure: nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import CaseAction, write_case_key
from bot.cases.receipt import list_labels
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.states import may_become_faq
from bot.context import quote_lines
from bot.messages import Address, Button, Content, Outgoing
from bot.missions.missions import Missions, mission_name
from bot.phrases import render_phrase
from bot.phrases.directions import isolate_lines
from bot.routing.route_text import render_reason
from bot.types import (
    Binding,
    Case,
    CaseMessage,
    CaseState,
    Mission,
    Place,
    StaffThread,
)
from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data
from knowledge.types import Language

RECORD_LIMIT_CHARACTERS = 16_000  # of earlier conversation, shown below a new thread's card

_HELD: tuple[CaseAction, ...] = ("resolve", "wait", "authority", "reassign")
CARD_ACTIONS: dict[CaseState, tuple[CaseAction, ...]] = {
    "new": ("claim", "resolve", "reassign"),
    "routed": ("claim", "resolve", "reassign"),
    "claimed": _HELD,
    "answered": _HELD,
    "waiting_founder": ("resume", "resolve", "reassign"),
    "waiting_authority": ("resume", "resolve", "reassign"),
    "resolved": ("reopen", "faq"),
    "closed": ("reopen",),
}
_NOT_OF_LINKED: tuple[CaseAction, ...] = (
    "reassign",
    "wait",
    "faq",
)  # the desk answers the mission there


def create_staff_thread(case: Case, room: Binding, earlier: int) -> StaffThread:
    """A staff thread for the case in `room`; `earlier` counts the threads it had before."""
    return StaffThread(
        f"{case.number}.{earlier + 1}", case.number, case.mission, room.channel, room.chat
    )


def thread_address(thread: StaffThread) -> Address:
    """Where messages to a staff thread go."""
    return Address(thread.channel, thread.chat, staff_thread=thread.id)


def render_card(case: Case, missions: Missions) -> Content:
    """The card at the head of a case's thread, in Korean, with a button for each action that its
    state allows; a sealed case's says nothing of what the case is about. Raises UnknownMission for
    a mission no longer listed."""
    if case.sealed:
        text, below = _render_sealed_card(case, missions), ""
    elif case.parent is not None:
        text, below = _render_linked_text(case, missions), ""
    else:
        text, below = _render_case_text(case, missions), _render_background(case, missions)
    return Content(
        text,
        below,
        buttons=(_build_card_buttons(case),),
        protect=case.sealed,
        headings=(*list_labels(text), render_phrase(_find_heading(case), STAFF_LANGUAGE)),
        relayed=True,
    )


def render_case(case: Case, missions: Missions) -> str:
    """All that staff must know of a case, in Korean. Raises UnknownMission for a mission no longer
    listed."""
    if case.parent is not None:
        return _render_linked_text(case, missions)
    return f"{_render_case_text(case, missions)}\n\n{_render_background(case, missions)}"


def _render_background(case: Case, missions: Missions) -> str:
    """What Naru found and why the case is here: the small print of a card."""
    found = case.found or render_phrase("staff.found_unsearched", STAFF_LANGUAGE)
    reason = render_reason(case, missions, STAFF_LANGUAGE)
    return render_phrase("staff.card_below", STAFF_LANGUAGE, found=found, reason=reason)


def _render_case_text(case: Case, missions: Missions) -> str:
    language = STAFF_LANGUAGE
    return render_phrase(
        "staff.card",
        language,
        seal=render_phrase("staff.sealed_mark", language) if case.sealed else "",
        number=case.number,
        urgency=render_phrase(f"staff.urgency_{case.urgency}", language),
        state=render_state(case, missions.get(case.mission)),
        mission=mission_name(missions.get(case.mission), language),
        language=render_phrase(f"founder.language_{case.language}", language),
        place=f"{render_place_name(case.place)}{_render_offer(case)}",
        heading=render_phrase("staff.card_question", language),
        question=quote_lines(mask_personal_data(case.question, NEVER_KEPT)),
    )


def _render_linked_text(case: Case, missions: Missions) -> str:
    """What the desk sees of a linked case: what the mission asks, and nothing of who the founder is."""
    return render_phrase(
        "staff.linked_card",
        STAFF_LANGUAGE,
        seal=render_phrase("staff.sealed_mark", STAFF_LANGUAGE) if case.sealed else "",
        number=case.number,
        parent=case.parent,
        urgency=render_phrase(f"staff.urgency_{case.urgency}", STAFF_LANGUAGE),
        state=render_state(case, missions.get(case.mission)),
        place=f"{render_place_name(case.place)}{_render_offer(case)}",
        topic=case.found,
        heading=render_phrase(_find_heading(case), STAFF_LANGUAGE),
        question=quote_lines(case.question),
    )


def _find_heading(case: Case) -> str:
    return "staff.card_question" if case.parent is None else "staff.linked_request"


def _render_offer(case: Case) -> str:
    """A line that says which seat is offered the case first and why; "" for all others."""
    if case.offer is None or case.state != "routed":
        return ""
    language = STAFF_LANGUAGE
    key = "card_stand_in" if case.offer.stands_in else "card_offer"
    line = render_phrase(
        f"seats.{key}", language,
        role=render_phrase(f"staff.role_{case.offer.role}", language),
        topic=case.offer.topic,
        language=render_phrase(f"founder.language_{case.language}", language),
        count=case.offer.open_cases,
    )  # fmt: skip
    return f"\n{line}"


def _render_sealed_card(case: Case, missions: Missions) -> str:
    return render_phrase(
        "staff.sealed_card",
        STAFF_LANGUAGE,
        number=case.number,
        urgency=render_phrase(f"staff.urgency_{case.urgency}", STAFF_LANGUAGE),
        state=render_state(case, missions.get(case.mission)),
        mission=mission_name(missions.get(case.mission), STAFF_LANGUAGE),
    )


def render_thread_title(case: Case) -> str:
    """The name of the case's thread in messengers that name threads; a sealed case's has no place."""
    place = "" if case.sealed else render_place_name(case.place)
    urgency = render_phrase(f"staff.urgency_{case.urgency}", STAFF_LANGUAGE)
    return render_phrase(
        "staff.title", STAFF_LANGUAGE, number=case.number, urgency=urgency, place=place
    ).strip()


def build_thread_opening(
    case: Case, thread: StaffThread, missions: Missions, record: Sequence[CaseMessage]
) -> list[Outgoing]:
    """The first messages of a new staff thread: the card, the case's record so far (at most
    RECORD_LIMIT_CHARACTERS) and its files. A sealed case's thread has the card only."""
    to = thread_address(thread)
    outgoing = [Outgoing(to, render_card(case, missions), "card", case.number)]
    if not case.sealed:
        outgoing += build_record(case, to, record)
    return outgoing


def build_record(case: Case, to: Address, record: Sequence[CaseMessage]) -> list[Outgoing]:
    """The messages to `to` that follow a card: the record but for the question, which the card has,
    then all files of the record; [] where there is nothing. Lines that would be too much are left
    out, the oldest first, and counted."""
    outgoing: list[Outgoing] = []
    lines = [render_line(line) for line in _drop_question(case, record) if line.text or line.files]
    kept = _keep_newest(lines, RECORD_LIMIT_CHARACTERS)
    if kept:
        head = render_phrase("staff.before", STAFF_LANGUAGE)
        parts = [head]
        if left_out := len(lines) - len(kept):
            parts.append(render_phrase("staff.record_cut", STAFF_LANGUAGE, count=left_out))
        text = "\n\n".join([*parts, *kept])
        content = Content(text, protect=case.sealed, headings=(head,), relayed=True)
        outgoing.append(Outgoing(to, content, case=case.number))
    if files := tuple(file for line in record for file in line.files):
        content = Content("", files=files, protect=case.sealed)
        outgoing.append(Outgoing(to, content, case=case.number))
    return outgoing


def _drop_question(case: Case, record: Sequence[CaseMessage]) -> list[CaseMessage]:
    """The record without the line of the case's question."""
    lines = list(record)
    for line in lines:
        if line.author == "founder" and line.text == case.question:
            lines.remove(line)
            break
    return lines


def _keep_newest(lines: list[str], limit: int) -> list[str]:
    """The last lines that have at most `limit` characters together, the last one in any case."""
    kept: list[str] = []
    for line in reversed(lines):
        if kept and sum(map(len, kept)) + len(line) > limit:
            break
        kept.insert(0, line)
    return kept


def build_card_update(case: Case, thread: StaffThread, missions: Missions) -> Outgoing:
    """The edit of the thread's card after the case's state changed."""
    return Outgoing(thread_address(thread), render_card(case, missions), "recard", case.number)


def render_state(case: Case, mission: Mission, language: Language = STAFF_LANGUAGE) -> str:
    """The case's state, with who has it and until when it waits."""
    if case.merged_into is not None:
        return render_phrase("staff.state_merged", language, number=case.merged_into)
    if case.parent is not None and case.state == "closed":
        return render_phrase("staff.state_withdrawn", language)
    is_unknown = case.state == "claimed" and is_holder_unknown(case)
    key = "state_claimed_unnamed" if is_unknown else f"state_{case.state}"
    text = render_phrase(f"staff.{key}", language, who=render_holder(case, language))
    if case.wait_until is None:
        return text
    day = mission.find_day(case.wait_until).isoformat()
    return render_phrase("staff.state_until", language, state=text, day=day)


def render_place_name(place: Place | None) -> str:
    """The place as the founder named it; for None, a phrase that it is unknown."""
    if place is None:
        return render_phrase("staff.no_place", STAFF_LANGUAGE)
    return place.name


def render_line(line: CaseMessage) -> str:
    """One line of a case's record as staff read it: its author, text and [file names]."""
    role = render_phrase(f"staff.role_{line.role or 'staff'}", STAFF_LANGUAGE)
    names = [f"[{isolate_lines(' '.join(file.name.split()))}]" for file in line.files]
    said = " ".join([isolate_lines(line.text), *names]).strip()
    text = quote_lines(mask_personal_data(said, NEVER_KEPT))
    return render_phrase(f"staff.line_{line.author}", STAFF_LANGUAGE, text=text, role=role)


def _build_card_buttons(case: Case) -> tuple[Button, ...]:
    return tuple(
        Button(
            write_case_key(action, case.number),
            render_phrase(f"staff.button_{action}", STAFF_LANGUAGE),
            style="primary" if action == "claim" else "",
        )
        for action in CARD_ACTIONS[case.state]
        if case.parent is None or action not in _NOT_OF_LINKED
        if action != "faq" or may_become_faq(case)
    )


def is_holder_unknown(case: Case) -> bool:
    """Whether neither the name nor the office of who has the case is known."""
    return not case.taken_name and case.taken_role in (None, "", "staff")


def render_holder(case: Case, language: Language = STAFF_LANGUAGE) -> str:
    """Who has the case, by name and role, or by what is known of both."""
    role = render_phrase(f"staff.role_{case.taken_role or 'staff'}", language)
    if not case.taken_name:
        return role
    return render_phrase("staff.who", language, name=case.taken_name, role=role)
