"""Which cases are a founder's own: of any of their conversations, on each messenger they linked."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Decision, Turn
from bot.errors import UnknownCase
from bot.types import Case


def list_own_cases(turn: Turn) -> list[Case]:
    """The cases of this conversation and of the person's other ones, oldest first."""
    cases = (case for key in _list_own_keys(turn) for case in turn.services.list_cases(key))
    return sorted(cases, key=lambda case: case.number)


def find_own_case(turn: Turn, number: int) -> Case | None:
    """The founder's case of that number; None for another person's, and for a number without a case,
    as a forged button may have."""
    try:
        case = turn.services.get_case(number)
    except UnknownCase:
        return None
    return case if case.conversation in _list_own_keys(turn) else None


def move_case_here(turn: Turn, decision: Decision, case: Case) -> Decision:
    """The decision on `case`, whose replies go from now on to where its founder wrote last. That of
    another founder, whose case this one's was merged into, stays where it is."""
    here = turn.conversation.key
    if case.conversation == here or case.conversation not in _list_own_keys(turn):
        return decision
    return replace(decision, case=replace(decision.case or case, conversation=here))


def _list_own_keys(turn: Turn) -> dict[str, None]:
    others = turn.services.list_firm_conversations(turn.message)
    return dict.fromkeys([turn.conversation.key, *(one.key for one in others)])
