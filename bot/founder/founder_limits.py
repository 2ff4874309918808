"""How much one founder may send: new cases, files, and words into a case.

All is counted from what is stored, so that nothing of it can drift. Nothing of a critical matter is
counted or refused. What is refused is said to be refused.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.context import Decision, Turn
from bot.founder.own_cases.ownership import list_own_cases
from bot.founder.talk.matter import find_gravest
from bot.messages import Content
from bot.phrases import render_phrase
from bot.types import Case

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def refuse_case(turn: Turn) -> Decision | None:
    """One sentence to a founder who has opened too many cases in a day, and whose matter stays as it
    is; None if the case may open."""
    limit, pending = turn.services.rules.limits.cases_per_day, turn.conversation.pending
    if not limit or (pending is not None and find_gravest(pending).urgency == "critical"):
        return None
    opened = sorted(case.opened_at for case in list_own_cases(turn) if case.urgency != "critical")
    wait = _find_wait(opened, limit, DAY, turn.services.now)
    if wait is None:
        return None
    hours = math.ceil(wait / HOUR)
    return _say(turn, "too_many_cases", count=limit, hours=hours)


def refuse_message(turn: Turn, case: Case) -> Decision | None:
    """One sentence to a founder whose words or files in a case are too many for an hour; nothing of
    the message is passed on. None if it may be passed on."""
    limits, now = turn.services.rules.limits, turn.services.now
    if case.urgency == "critical" or not (limits.case_messages_per_hour or limits.files_per_hour):
        return None
    lines = [one for one in turn.services.list_lines(case.number) if one.author == "founder"]
    said = [one.at for one in lines]
    wait = _find_wait(said, limits.case_messages_per_hour, HOUR, now)
    if wait is not None:
        return _say(turn, "too_many_messages", minutes=math.ceil(wait / MINUTE))
    if not turn.message.files:
        return None
    sent = [one.at for one in lines for _ in one.files]
    wait = _find_wait(sent, limits.files_per_hour, HOUR, now, more=len(turn.message.files))
    if wait is None:
        return None
    minutes = math.ceil(wait / MINUTE)
    return _say(turn, "too_many_files", count=limits.files_per_hour, minutes=minutes)


def _find_wait(
    moments: Sequence[datetime], limit: int, span: timedelta, now: datetime, more: int = 1
) -> timedelta | None:
    """How long until `more` may follow the `moments`, oldest first, at most `limit` of them in a
    `span`; None for now, or without a limit. More at once than the limit are let through alone."""
    recent = [moment for moment in moments if timedelta() <= now - moment < span]
    over = len(recent) + min(more, limit) - limit
    return recent[over - 1] + span - now if limit and over > 0 else None


def _say(turn: Turn, key: str, **values: object) -> Decision:
    text = render_phrase(f"privacy.{key}", turn.conversation.language, **values)
    return turn.reply_content(Content(text), awaited=turn.conversation.awaited)
