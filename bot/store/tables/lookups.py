"""What nearly every message reads. Kept, because building a statement costs more than running it."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from bot.store.tables import bindings, case_log, cases, conversations, staff_threads

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
