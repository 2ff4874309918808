"""The states of a case's life, and the log of every step, which can only be added to.

`open` becomes `routed` where a thread shows the case, else `new`; `taken` becomes `answered` where
staff have written to the founder, else `claimed`. The log of a case that is there begins with what
its rows tell: when it was opened, claimed, answered and ended. Going back, a case that somebody has
is `taken` again, and the log is lost.

Revision ID: 0016
Revises: 0013
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0016"
down_revision = "0013"

BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")
AT = UtcDateTime()
CASES = sa.table(
    "cases",
    *map(sa.column, ("number", "state", "conversation", "mission", "taken_by")),
    *(sa.column(name, AT) for name in ("opened_at", "asked_at", "taken_at", "ended_at")),
)
THREADS = sa.table("staff_threads", sa.column("case_number"), sa.column("current", sa.Boolean))
LINES = sa.table(
    "case_lines",
    sa.column("pk"),
    sa.column("case_number"),
    sa.column("at", AT),
    sa.column("author"),
)
INBOX = sa.table(
    "inbox",
    *map(sa.column, ("channel", "event_key", "lane", "payload", "state", "attempts", "person",
                     "sender")),
    *(sa.column(name, AT) for name in ("ready_at", "received_at")),
)  # fmt: skip
HELD = ("claimed", "answered", "waiting_founder", "waiting_authority")
COLUMNS = ("case_number", "at", "who", "role", "act", "before", "after", "detail")
LOG = sa.table(
    "case_log", *(sa.column(name, AT) if name == "at" else sa.column(name) for name in COLUMNS)
)
ERASED = "erased"
FIXED = ("pk", *(name for name in COLUMNS if name != "who"))
REFUSED = "case_log can only be added to"


def upgrade() -> None:
    """Add columns and the log with its triggers, and carry the states over."""
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("state", type_=sa.String(20), existing_type=sa.String(10),
                           existing_nullable=False)  # fmt: skip
        batch.add_column(sa.Column("asked_at", UtcDateTime))
        batch.add_column(sa.Column("wait_until", UtcDateTime))
        batch.add_column(sa.Column("merged_into", sa.Integer))
    op.create_table(
        "case_log",
        sa.Column("pk", BigKey, primary_key=True),
        sa.Column("case_number", sa.Integer, nullable=False, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("who", sa.String(100), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("before", sa.String(20)),
        sa.Column("after", sa.String(20), nullable=False),
        sa.Column("detail", sa.String(100), nullable=False),
    )
    _begin_lives()
    for statement in _write_triggers():
        op.execute(statement)


def downgrade() -> None:
    """Go back to the four states, without the log."""
    for statement in _drop_triggers():
        op.execute(statement)
    op.drop_table("case_log")
    op.execute(sa.delete(INBOX).where(INBOX.c.channel == "clock", INBOX.c.payload.like("case:%")))
    c = CASES.c
    states = sa.case((c.state.in_(HELD), "taken"), (c.state.in_(("new", "routed")), "open"),
                     else_=c.state)  # fmt: skip
    op.execute(sa.update(CASES).values(state=states))
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("merged_into")
        batch.drop_column("wait_until")
        batch.drop_column("asked_at")
        batch.alter_column("state", type_=sa.String(10), existing_type=sa.String(20),
                           existing_nullable=False)  # fmt: skip


def _begin_lives() -> None:
    """Give each case its state, the log that its rows tell of and, while it is open, a timer that
    looks at it at once."""
    connection, now = op.get_bind(), datetime.now(UTC)
    shown = set(
        connection.execute(sa.select(THREADS.c.case_number).where(THREADS.c.current)).scalars()
    )
    replies = sa.select(LINES.c.case_number, LINES.c.at).where(LINES.c.author == "staff")
    answered: dict[int, list[datetime]] = {}
    for number, at in connection.execute(replies.order_by(LINES.c.at, LINES.c.pk)):
        answered.setdefault(number, []).append(at)
    for case in connection.execute(sa.select(CASES).order_by(CASES.c.number)).all():
        log = _tell_life(case, case.number in shown, answered.get(case.number, []))
        connection.execute(
            sa.insert(LOG), [dict(zip(COLUMNS, entry, strict=True)) for entry in log]
        )
        is_open = case.state in ("open", "taken")
        # No target was promised to founders of cases from before: they wait from now on.
        values = {"state": log[-1][6], "asked_at": now if is_open else case.opened_at}
        connection.execute(sa.update(CASES).where(CASES.c.number == case.number).values(values))
        if is_open:
            _set_timer(case.number, now)


def _tell_life(case: Any, is_shown: bool, replies: list[datetime]) -> list[tuple[Any, ...]]:
    """The entries of one case's log, as COLUMNS, oldest first."""
    founder = ERASED if case.conversation == ERASED else ""
    steps = [(case.opened_at, founder, "founder", "open", "new", case.mission)]
    if is_shown:
        steps.append((case.opened_at, "naru", "naru", "route", "routed", case.mission))
    if case.taken_by and case.taken_at:
        steps.append((case.taken_at, case.taken_by, "staff", "claim", "claimed", ""))
        steps += [(at, "", "staff", "answer", "answered", "") for at in replies]
    if case.state == "closed":
        steps.append((case.ended_at or case.opened_at, founder, "founder", "close", "closed", ""))
    if case.state == "resolved":
        steps.append((case.ended_at or case.opened_at, "", "staff", "resolve", "resolved", ""))
    entries: list[tuple[Any, ...]] = []
    before: str | None = None
    for at, who, role, act, after, detail in steps:
        entries.append((case.number, at, who, role, act, before, after, detail))
        before = after
    return entries


def _set_timer(number: int, now: datetime) -> None:
    key = f"case:{number}:look"
    row = {"channel": "clock", "event_key": key, "lane": f"clock:{key}", "payload": key,
           "state": "waiting", "attempts": 0, "ready_at": now, "received_at": now,
           "person": "clock:case", "sender": ""}  # fmt: skip
    op.get_bind().execute(sa.insert(INBOX).values(row))


def _write_triggers() -> tuple[str, ...]:
    """Refuse every deletion, and every change but that of `who` to ERASED."""
    if op.get_bind().dialect.name == "sqlite":
        same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in FIXED)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        return (
            f"CREATE TRIGGER case_log_kept BEFORE DELETE ON case_log {refuse}",
            "CREATE TRIGGER case_log_fixed BEFORE UPDATE ON case_log "
            f"WHEN NOT (NEW.who = '{ERASED}' AND {same}) {refuse}",
        )
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in FIXED)
    return (
        "CREATE FUNCTION refuse_case_log_change() RETURNS trigger AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSED}'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER case_log_kept BEFORE DELETE ON case_log "
        "FOR EACH ROW EXECUTE FUNCTION refuse_case_log_change()",
        "CREATE TRIGGER case_log_fixed BEFORE UPDATE ON case_log FOR EACH ROW "
        f"WHEN (NOT (NEW.who = '{ERASED}' AND {same})) EXECUTE FUNCTION refuse_case_log_change()",
    )


def _drop_triggers() -> tuple[str, ...]:
    if op.get_bind().dialect.name == "sqlite":
        return ()  # they go with the table
    return (
        "DROP TRIGGER case_log_kept ON case_log",
        "DROP TRIGGER case_log_fixed ON case_log",
        "DROP FUNCTION refuse_case_log_change()",
    )
