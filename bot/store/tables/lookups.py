"""What nearly every message reads. Kept, because building a statement costs more than running it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, or_, select

from bot.store.tables.cases import OPEN_CASE_STATES, case_lines, case_log, cases, staff_threads
from bot.store.tables.founders import linked_accounts, ratings
from bot.store.tables.people import bindings, body_hours, conversations, seats, staff
from bot.store.tables.privacy import blocks
from bot.store.tables.queues import outbox

CONVERSATION = select(conversations).where(conversations.c.key == bindparam("key"))
CASE = select(cases).where(cases.c.number == bindparam("number"))
LOG = select(case_log).where(case_log.c.case_number == bindparam("number")).order_by(case_log.c.pk)
BINDINGS = select(bindings).order_by(bindings.c.mission)
_S = staff_threads.c
THREAD_AT = (
    select(staff_threads)
    .where(
        _S.channel == bindparam("channel"), _S.chat == bindparam("chat"),
        _S.thread == bindparam("thread"),
    )
    .order_by(func.length(_S.id).desc(), _S.id.desc())
)  # fmt: skip
THREADS_OF_CASE = (  # 17.10 comes after 17.9
    select(staff_threads)
    .where(_S.case_number == bindparam("case"))
    .order_by(func.length(_S.id), _S.id)
)

_K = cases.c
ALL_CASES = select(cases).order_by(_K.number)
OPEN_CASES = ALL_CASES.where(_K.state.in_(OPEN_CASE_STATES))
MERGED = ALL_CASES.where(_K.merged_into == bindparam("number"))
LINKED = ALL_CASES.where(_K.parent == bindparam("number"))
_SHOWN = select(_S.case_number).where(
    _S.current,
    or_(
        _S.card.is_not(None),
        literal("staff:")
        .concat(_S.id)
        .not_in(select(outbox.c.lane).where(outbox.c.act == "card", outbox.c.state == "dead")),
    ),
)
WITHOUT_ROOM = OPEN_CASES.where(_K.number.not_in(_SHOWN))
_C = conversations.c
IN_CASE = select(conversations).where(_C.case_number == bindparam("number")).order_by(_C.key)
FOUNDER_OF_CASE = (
    select(_C.channel, _C.user)
    .join(cases, _K.conversation == _C.key)
    .where(_K.number == bindparam("number"))
)
CARDS_IN_FLIGHT = select(outbox.c.address).where(
    outbox.c.channel == bindparam("channel"), outbox.c.act == "card", outbox.c.state == "sending"
)

HOURS = select(body_hours)
_P = staff.c
_THERE = select(staff).where(_P.removed_at.is_(None))
MEMBERS = _THERE.where(_P.mission == bindparam("mission")).order_by(
    _P.admitted_at, _P.channel, _P.user
)
MEMBERS_HERE = _THERE.where(
    _P.channel == bindparam("channel"), _P.user == bindparam("user"),
    _P.mission.in_(
        select(bindings.c.mission).where(
            bindings.c.channel == bindparam("channel"), bindings.c.chat == bindparam("chat")
        )
    ),
).order_by(_P.mission)  # fmt: skip
_R = seats.c
SEATS = (
    select(seats)
    .join(staff, and_(_R.mission == _P.mission, _R.channel == _P.channel, _R.user == _P.user))
    .where(_R.mission == bindparam("mission"))
)

BLOCK = select(blocks).where(blocks.c.account == bindparam("account"))
RATING = select(ratings.c.case_number, ratings.c.score, ratings.c.words).where(
    ratings.c.case_number == bindparam("number")
)
_A = linked_accounts.c
_FIRM = select(_A.firm).where(_A.account == bindparam("account")).scalar_subquery()
SAME_FIRM = select(_A.account).where(_A.firm == _FIRM).order_by(_A.account)


def is_in_record(number: int) -> ColumnElement[bool]:
    """Whether a line belongs to the record of a case: its own, and those of cases merged into it."""
    line, k = case_lines.c, cases.c
    merged = select(k.number).where(k.merged_into == number)
    return or_(line.case_number == number, line.case_number.in_(merged))
