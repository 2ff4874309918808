"""Parking a case while its founder or an authority is waited for, with an optional day, and going on
with it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.cases.acts.turn import StaffTurn
from bot.cases.states import CaseStep
from bot.context import Decision
from bot.messages import Content
from bot.types import CaseAct

MORNING = time(
    9
)  # when, on its day, staff are reminded of a parked case, local time of the mission
LONGEST_WAIT = timedelta(days=180)  # a day further away is likelier a slip of the pen
_DAY = re.compile(r"(?:(\d{4})\s*[-./년]\s*)?(\d{1,2})\s*[-./월]\s*(\d{1,2})\s*[일.]?")


def wait_for_founder(turn: StaffTurn, argument: str) -> Decision:
    """`/wait [DAY]`: the founder is to write next. Raises ActNotAllowed for a case that no one has."""
    return _park_case(turn, "ask_founder", argument)


def wait_for_authority(turn: StaffTurn, argument: str) -> Decision:
    """`/authority [DAY]`: an authority is to answer next; the founder is told so. Raises
    ActNotAllowed for a case that no one has."""
    return _park_case(turn, "wait_authority", argument)


def resume_case(turn: StaffTurn) -> Decision:
    """`/resume`: the case is worked on again. Raises ActNotAllowed for one that is not parked."""
    step = CaseStep(turn.case).take("resume", turn.actor, turn.services.now)
    outgoing = (turn.tell_thread("resumed"), turn.refresh_card(step.case))
    return Decision(case=step.case, log=step.log, outgoing=outgoing)


def _park_case(turn: StaffTurn, act: CaseAct, argument: str) -> Decision:
    now, mission = turn.services.now, turn.services.missions.get(turn.case.mission)
    until = parse_day(argument, mission.find_day(now)) if argument else None
    if argument and until is None:
        return turn.reply_in_thread("wait_how")
    at = datetime.combine(until, MORNING, mission.zone) if until else None
    detail = until.isoformat() if until else ""
    step = CaseStep(turn.case).take(act, turn.actor, now, detail, wait_until=at)
    key = step.case.state
    note = f"{key}_until" if until else key
    outgoing = (
        *turn.tell_founder(Content(turn.render_founder_phrase(f"now_{key}"))),
        turn.tell_thread(f"now_{note}", day=detail),
        turn.refresh_card(step.case),
    )
    return Decision(case=step.case, log=step.log, outgoing=outgoing)


def parse_day(text: str, today: date) -> date | None:
    """The day that a text names (2026-12-10, 12-10, 12월 10일), the next one where it has no year;
    None for any other text and for a day that is past or more than LONGEST_WAIT away."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    for candidate in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if today < found <= today + LONGEST_WAIT:
            return found
    return None
