"""What a founder reads of their own case: the receipt, how it stands, and what they may correct."""

from __future__ import annotations

from datetime import datetime

from bot.buttons import Correction, write_correction_key
from bot.cases.reminders.timers import find_case_due
from bot.cases.states import is_held
from bot.cases.targets import describe_due
from bot.messages import Button
from bot.missions.missions import Missions, mission_name
from bot.missions.office_hours import (
    ASSUMED_SLOTS,
    find_next_opening,
    format_local_time,
    format_slots,
    is_mission_open,
)
from bot.phrases import begin_sentence, render_phrase
from bot.routing.route_text import render_reason
from bot.types import URGENCIES, Binding, Case, Mission
from knowledge.types import Language

_ASSUMED_HOURS = format_slots(ASSUMED_SLOTS)


def render_receipt(
    case: Case, missions: Missions, language: Language, opens_at: datetime, room: Binding | None
) -> str:
    """What the founder is told when a case opens: its number, who has it, why, how it was
    understood, and when to expect a reply (`opens_at`). `room` is where staff see it, None while
    there is no room.

    Raises UnknownMission for a mission no longer listed.
    """
    mission = missions.get(case.mission)
    opens = format_local_time(opens_at, mission, language)
    due = find_case_due(case, (), missions)
    target = describe_due(due, mission, language).text if due else opens
    assumed = _say_assumed(mission, language)
    expected = render_phrase(
        "founder.receipt_expected", language, opens=opens, due=target, assumed=assumed
    )
    if room is None:
        expected = render_phrase("founder.receipt_kept", language)
    text = render_phrase(
        "founder.receipt",
        language,
        number=case.number,
        mission=mission_name(mission, language),
        reason=render_reason(case, missions, language),
        understood=render_understood(case, language),
        expected=expected,
    )
    if room is not None and room.mission != case.mission:
        return f"{text}\n{render_phrase('founder.receipt_unbound', language)}"
    return text


def _say_assumed(mission: Mission, language: Language) -> str:
    """That the hours are assumed; "" where the body has set them."""
    if mission.hours:
        return ""
    return render_phrase("founder.assumed_hours", language, hours=_ASSUMED_HOURS)


def list_labels(text: str) -> tuple[str, ...]:
    """What stands out in a receipt or a card: its first line, and the labels of the fields below it,
    up to an empty line."""
    first, *fields = text.partition("\n\n")[0].split("\n")
    labels = (field.partition(": ") for field in fields)
    return (first, *(f"{label}:" for label, colon, _ in labels if colon))


def render_status(case: Case, missions: Missions, language: Language, now: datetime) -> str:
    """How an open case stands, when its founder asks: who has it, or when somebody looks at it.

    Raises UnknownMission for a mission no longer listed.
    """
    mission = missions.get(case.mission)
    name = mission_name(mission, language)
    if is_held(case):
        role = render_phrase(f"staff.role_{case.taken_role or 'staff'}", language)
        text = begin_sentence(
            render_phrase(
                f"founder.status_{case.state}",
                language,
                number=case.number,
                mission=name,
                role=role,
            )
        )
    elif is_mission_open(mission, now):
        text = render_phrase("founder.status_open", language, number=case.number, mission=name)
    else:
        opens = format_local_time(find_next_opening(mission, now), mission, language)
        text = render_phrase(
            "founder.status_closed", language, number=case.number, mission=name, opens=opens,
            assumed=_say_assumed(mission, language),
        )  # fmt: skip
    if case.urgency != "critical":
        return text
    return f"{text}\n{render_phrase('founder.emergency_phones', language)}"


def render_understood(case: Case, language: Language) -> str:
    """The place, the urgency and the seal of a case in one line."""
    place = case.place.name if case.place else render_phrase("founder.no_place", language)
    urgency = render_phrase(f"founder.urgency_{case.urgency}", language)
    parts = [render_phrase("founder.understood", language, place=place, urgency=urgency)]
    if case.sealed:
        parts.append(render_phrase("founder.understood_sealed", language))
    return " · ".join(parts)


def build_correction_buttons(case: Case, language: Language) -> tuple[tuple[Button, ...], ...]:
    """The rows of buttons with which a founder corrects what was understood of their case."""
    level = URGENCIES.index(case.urgency)
    normal = URGENCIES.index("normal")
    changes: list[Correction] = ["place"]
    changes += ["raise"] if level < len(URGENCIES) - 1 else []
    changes += ["lower"] if level > normal else []
    changes += ["unseal"] if case.sealed else ["seal"]
    return (
        tuple(
            Button(
                write_correction_key(change, case.number),
                render_phrase(f"founder.button_{change}", language),
                style="danger" if change == "unseal" else "",
            )
            for change in changes
        ),
    )
