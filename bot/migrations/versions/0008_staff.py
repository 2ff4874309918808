"""Staff are members who were admitted to a body; the roles that members gave themselves go.

Revision ID: 0008
Revises: 0007
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0008"
down_revision = "0007"

BINDINGS = sa.table("bindings", sa.column("mission"), sa.column("channel"), sa.column("chat"))
SEATS = sa.table(
    "seats", sa.column("channel"), sa.column("chat"), sa.column("user"), sa.column("role")
)
CASES = sa.table("cases", sa.column("number"), sa.column("taken_by"), sa.column("taken_role"))
THREADS = sa.table(
    "staff_threads", sa.column("case_number"), sa.column("channel"), sa.column("chat")
)
AUDIT = sa.table("audit", sa.column("pk"), sa.column("who"), sa.column("act"))
MIGRATED_BY = "migration"

Member = tuple[str, str, str]  # mission, channel, user


def upgrade() -> None:
    """Create the tables, and admit everybody who had a role, took a case or bound a room."""
    staff = _create_tables()
    roles = _collect_roles()
    leads = _find_leads()
    now = datetime.now(UTC)
    rows = [
        {"mission": mission, "channel": channel, "user": user, "name": "",
         "role": roles.get((mission, channel, user), "staff"),
         "is_lead": (mission, channel, user) in leads, "reads_sealed": False,
         "admitted_by": MIGRATED_BY, "admitted_at": now}
        for mission, channel, user in sorted({*roles, *leads})
    ]  # fmt: skip
    if rows:
        op.bulk_insert(staff, rows)
    op.drop_table("seats")


def downgrade() -> None:
    """Give each member a seat with their role in every room of their body."""
    seats = op.create_table(
        "seats",
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("chat", sa.String(80), primary_key=True),
        sa.Column("user", sa.String(80), primary_key=True),
        sa.Column("role", sa.String(40), nullable=False),
    )
    staff = sa.table(
        "staff", sa.column("mission"), sa.column("channel"), sa.column("user"),
        sa.column("role"), sa.column("removed_at"),
    )  # fmt: skip
    members = sa.select(staff.c.mission, staff.c.channel, staff.c.user, staff.c.role).where(
        staff.c.removed_at.is_(None)
    )
    rooms = _list_rooms()
    found = {
        (channel, chat, user): role
        for mission, channel, user, role in _fetch_all(members)
        for bound, room_channel, chat in rooms
        if (bound, room_channel) == (mission, channel) and role != "staff"
    }
    rows = [
        {"channel": channel, "chat": chat, "user": user, "role": role}
        for (channel, chat, user), role in found.items()
    ]
    if rows:
        op.bulk_insert(seats, rows)
    op.drop_table("unadmitted")
    op.drop_table("staff")


def _create_tables() -> sa.Table:
    op.create_table(
        "unadmitted",
        sa.Column("thread", sa.String(40), primary_key=True),
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("user", sa.String(80), primary_key=True),
        sa.Column("chat", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
    )
    return op.create_table(
        "staff",
        sa.Column("mission", sa.String(40), primary_key=True),
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("user", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("admitted_by", sa.String(100), nullable=False),
        sa.Column("admitted_at", UtcDateTime(), nullable=False),
        sa.Column("reads_sealed", sa.Boolean(), nullable=False),
        sa.Column("removed_at", UtcDateTime()),
    )


def _collect_roles() -> dict[Member, str]:
    """The role of everybody who has one or took a case, by the bodies bound to the room they did
    it in. A role that somebody named counts before the one with which a case was taken."""
    missions: dict[tuple[str, str], list[str]] = {}
    for mission, channel, chat in _list_rooms():
        missions.setdefault((channel, chat), []).append(mission)
    taken = sa.select(
        THREADS.c.channel, THREADS.c.chat, CASES.c.taken_by, CASES.c.taken_role
    ).where(THREADS.c.case_number == CASES.c.number, CASES.c.taken_by.is_not(None))
    roles: dict[Member, str] = {}
    for channel, chat, account, role in _fetch_all(taken):
        their_channel, _, user = account.partition(":")
        if their_channel == channel:
            roles |= {
                (m, channel, user): role or "staff" for m in missions.get((channel, chat), ())
            }
    seats = sa.select(SEATS.c.channel, SEATS.c.chat, SEATS.c.user, SEATS.c.role)
    for channel, chat, user, role in _fetch_all(seats):
        roles |= {(m, channel, user): role for m in missions.get((channel, chat), ())}
    return roles


def _find_leads() -> set[Member]:
    """Who bound each room that is bound now, by the last entry of the audit about it."""
    rooms = {f"bind {mission} {channel}:{chat}": (mission, channel)
             for mission, channel, chat in _list_rooms()}  # fmt: skip
    entries = sa.select(AUDIT.c.act, AUDIT.c.who).where(AUDIT.c.act.like("bind %"))
    last = dict(map(tuple, _fetch_all(entries.order_by(AUDIT.c.pk))))
    return {
        (*rooms[act], who)
        for act, who in last.items()
        if act in rooms and who not in ("command line", "terminal", "demo", "test")
    }


def _list_rooms() -> list[Any]:
    return _fetch_all(sa.select(BINDINGS.c.mission, BINDINGS.c.channel, BINDINGS.c.chat))


def _fetch_all(query: sa.Select[Any]) -> list[Any]:
    return list(op.get_bind().execute(query))
