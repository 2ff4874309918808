"""The life of a case: which act of whose leads from which state to which. Pure: nothing is written.

The table is RULES; nothing else moves a case. The states and the steps between them (a test draws
this from the table; people are a body's staff, its lead and the domestic desk):

    new ──route──▶ routed (Naru)
    routed, claimed, answered, waiting_founder, waiting_authority ──unroute──▶ new (Naru)
    new, routed ──claim──▶ claimed (people, Naru)
    claimed, answered, waiting_founder ──answer──▶ answered (people)
    waiting_authority, resolved, closed ──answer──▶ as before (people)
    claimed, answered, waiting_founder, waiting_authority ──ask_founder──▶ waiting_founder (people)
    claimed, answered, waiting_founder, waiting_authority ──wait_authority──▶ waiting_authority (people)
    waiting_founder, waiting_authority ──resume──▶ claimed (people)
    answered, waiting_founder ──founder_writes──▶ claimed (founder)
    any open ──resolve──▶ resolved (people)
    any open ──close──▶ closed (founder)
    resolved ──close──▶ closed (founder)
    resolved, closed ──reopen──▶ new (people, founder)
    any open ──reassign──▶ new (people, founder)
    any open ──merge──▶ closed (people)
    any open ──receive──▶ as before (people)
    any open ──correct──▶ as before (founder)
    any open ──remind──▶ as before (founder, Naru)
    routed ──offer──▶ as before (Naru)
    new, routed ──hand──▶ claimed (people)
    claimed, answered, waiting_founder, waiting_authority ──hand──▶ as before (people)
    claimed, answered, waiting_founder, waiting_authority ──relay──▶ waiting_authority (people)
    answered ──add──▶ claimed (people)
    new, routed, claimed, waiting_founder, waiting_authority ──add──▶ as before (people)
    any open ──share──▶ as before (founder)
    any open ──withdraw──▶ closed (people, Naru)
    any open ──relink──▶ as before (people)

A case is `new` until a room sees it: opening, reopening and reassigning lead there, and Naru routes
it on at once where there is a room. It is new again when its room is unbound and no other has it.
The last five acts are those of a linked case and of the case that it was made for (docs/desk.md).
See docs/cases.md and
docs/decisions/0097-life-of-a-case-as-a-table-with-a-log.md
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.errors import ActNotAllowed
from bot.types import (
    HELD_STATES,
    OPEN_STATES,
    Actor,
    Case,
    CaseAct,
    CaseRole,
    CaseState,
    LogEntry,
    PendingQuestion,
    Route,
)

HOLDER_NAME_CHARACTERS = 80  # of a column; Telegram's names, with a handle, have up to 165

PEOPLE: tuple[CaseRole, ...] = ("staff", "lead", "desk")
ENDED_STATES: tuple[CaseState, ...] = ("resolved", "closed")
UNANSWERED_STATES: tuple[CaseState, ...] = tuple(one for one in OPEN_STATES if one != "answered")


@dataclass(frozen=True, slots=True)
class CaseRule:
    """`act` by one of `roles` in one of the states `before` leads to `after`; None: the state stays."""

    act: CaseAct
    roles: tuple[CaseRole, ...]
    before: tuple[CaseState, ...]
    after: CaseState | None


RULES = (
    CaseRule("route", ("naru",), ("new",), "routed"),
    CaseRule("unroute", ("naru",), ("routed", *HELD_STATES), "new"),
    CaseRule("claim", (*PEOPLE, "naru"), ("new", "routed"), "claimed"),
    CaseRule("answer", PEOPLE, ("claimed", "answered", "waiting_founder"), "answered"),
    CaseRule("answer", PEOPLE, ("waiting_authority", *ENDED_STATES), None),
    CaseRule("ask_founder", PEOPLE, HELD_STATES, "waiting_founder"),
    CaseRule("wait_authority", PEOPLE, HELD_STATES, "waiting_authority"),
    CaseRule("resume", PEOPLE, ("waiting_founder", "waiting_authority"), "claimed"),
    CaseRule("founder_writes", ("founder",), ("answered", "waiting_founder"), "claimed"),
    CaseRule("resolve", PEOPLE, OPEN_STATES, "resolved"),
    CaseRule("close", ("founder",), OPEN_STATES, "closed"),
    CaseRule("close", ("founder",), ("resolved",), "closed"),
    CaseRule("reopen", ("founder", *PEOPLE), ENDED_STATES, "new"),
    CaseRule("reassign", ("founder", *PEOPLE), OPEN_STATES, "new"),
    CaseRule("merge", PEOPLE, OPEN_STATES, "closed"),
    CaseRule("receive", PEOPLE, OPEN_STATES, None),
    CaseRule("correct", ("founder",), OPEN_STATES, None),
    CaseRule("remind", ("founder", "naru"), OPEN_STATES, None),
    CaseRule("offer", ("naru",), ("routed",), None),
    CaseRule("hand", PEOPLE, ("new", "routed"), "claimed"),
    CaseRule("hand", PEOPLE, HELD_STATES, None),
    CaseRule("relay", PEOPLE, HELD_STATES, "waiting_authority"),
    CaseRule("add", PEOPLE, ("answered",), "claimed"),
    CaseRule("add", PEOPLE, UNANSWERED_STATES, None),
    CaseRule("share", ("founder",), OPEN_STATES, None),
    CaseRule("withdraw", (*PEOPLE, "naru"), OPEN_STATES, "closed"),
    CaseRule("relink", PEOPLE, OPEN_STATES, None),
)
STEPS: dict[tuple[CaseState, CaseAct, CaseRole], CaseState] = {
    (before, rule.act, role): rule.after or before
    for rule in RULES
    for role in rule.roles
    for before in rule.before
}


NARU = Actor("naru", "naru")


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A case after some acts, and the entries of its log that they are."""

    case: Case
    log: tuple[LogEntry, ...] = ()

    def take(
        self, act: CaseAct, actor: Actor, now: datetime, detail: str = "", **values: Any
    ) -> CaseStep:
        """The step after one more act; `values` are fields of the case that change with it, and
        `detail` (a mission, a date, another case's number) has no word of what the case is about.
        A case that leaves a state no longer waits until a day, unless `values` has one.

        Raises ActNotAllowed if the state does not allow it to the actor's role.
        """
        before = self.case.state
        after = STEPS.get((before, act, actor.role))
        if after is None:
            raise ActNotAllowed(act, before, actor.role)
        entry = LogEntry(
            self.case.number, now, actor.account, actor.role, act, before, after, detail
        )
        if after != before:
            values.setdefault("wait_until", None)
        return CaseStep(replace(self.case, state=after, **values), (*self.log, entry))


def is_allowed(case: Case, act: CaseAct, role: CaseRole) -> bool:
    """Whether the state of the case allows the act to the role."""
    return (case.state, act, role) in STEPS


def is_open(case: Case) -> bool:
    """Whether the case is not ended."""
    return case.state in OPEN_STATES


def may_become_faq(case: Case) -> bool:
    """Whether a case may become a question that all may read: it is resolved, neither sealed nor
    critical, has its words still, and is a founder's, not a mission's request to the desk."""
    is_kept_back = case.sealed or case.urgency == "critical"
    is_plain = not is_kept_back and not case.is_erased and case.parent is None
    return case.state == "resolved" and is_plain


def is_held(case: Case) -> bool:
    """Whether somebody has the case and it is not ended."""
    return case.state in HELD_STATES


def create_case(
    number: int, conversation: str, pending: PendingQuestion, route: Route, now: datetime
) -> Case:
    """A new case for the question, at the mission that the route names. Its founder waits since the
    question was handed over."""
    return Case(
        number=number,
        conversation=conversation,
        language=pending.language,
        question=pending.question,
        competent=route.competent,
        mission=route.mission,
        via=route.via,
        body=route.body,
        basis=route.basis,
        reason="",
        urgency=pending.urgency,
        opened_at=now,
        asked_at=pending.at or now,
        sealed=pending.sealed,
        place=route.place,
        found=pending.found,
    )


def open_case(case: Case, founder: Actor, *, has_room: bool) -> CaseStep:
    """The first steps of a new case of `founder`."""
    opened = LogEntry(
        case.number, case.opened_at, founder.account, founder.role, "open", None, "new",
        case.mission,
    )  # fmt: skip
    return _route(CaseStep(case, (opened,)), case.opened_at, has_room)


def name_holder(name: str) -> str | None:
    """A person's name as their case keeps it; None without one."""
    return name[:HOLDER_NAME_CHARACTERS] or None


def claim_case(case: Case, actor: Actor, role: str, now: datetime, name: str = "") -> CaseStep:
    """The case claimed by the actor, called `name`, who is a `role` (lawyer, …) to the founder."""
    return CaseStep(case).take(
        "claim", actor, now, taken_by=actor.account, taken_role=role, taken_name=name_holder(name),
        taken_at=now, offer=None,
    )  # fmt: skip


def answer_case(case: Case, actor: Actor, role: str, now: datetime, name: str = "") -> CaseStep:
    """The case after a person's reply; the first one to reply takes the case."""
    untaken = is_open(case) and not is_held(case)
    step = claim_case(case, actor, role, now, name) if untaken else CaseStep(case)
    return step.take("answer", actor, now)


def reopen_case(case: Case, actor: Actor, now: datetime, *, has_room: bool) -> CaseStep:
    """The case open again, with those who had it before."""
    step = CaseStep(case).take("reopen", actor, now, ended_at=None)
    step = _route(step, now, has_room)
    return step.take("claim", NARU, now, case.taken_by or "") if case.taken_by else step


def reassign_case(
    case: Case, route: Route, actor: Actor, now: datetime, *, has_room: bool
) -> CaseStep:
    """The case at the route's mission, to be taken there."""
    moved = CaseStep(case).take(
        "reassign", actor, now, route.mission, competent=route.competent, mission=route.mission,
        via=route.via, body=route.body, basis=route.basis, reason="",
        place=route.place or case.place, taken_by=None, taken_role=None, taken_name=None,
        taken_at=None, ended_at=None, offer=None,
    )  # fmt: skip
    return _route(moved, now, has_room)


def route_case(case: Case, now: datetime) -> CaseStep:
    """A new case that a room sees from now on; one that is not new stays as it is."""
    return _route(CaseStep(case), now, case.state == "new")


def unroute_case(case: Case, now: datetime) -> CaseStep:
    """An open case whose room is gone and that no other room sees: to be taken by those who get it
    next. One that is new stays as it is."""
    step = CaseStep(case)
    if case.state == "new":
        return step
    return step.take(
        "unroute", NARU, now, case.mission, taken_by=None, taken_role=None, taken_name=None,
        taken_at=None,
    )  # fmt: skip


def _route(step: CaseStep, now: datetime, has_room: bool) -> CaseStep:
    return step.take("route", NARU, now, step.case.mission) if has_room else step
