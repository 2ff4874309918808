"""The staff console: links, sessions, accounts, recovery codes, notices and presence.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "console_links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("spent_at", sa.String(32)),
    )
    op.create_index("ix_console_links_account", "console_links", ["account"])
    op.create_table(
        "console_sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.Column("confirmed_at", sa.String(32), nullable=False),
        sa.Column("revoked_at", sa.String(32)),
    )
    op.create_index("ix_console_sessions_account", "console_sessions", ["account"])
    op.create_table(
        "console_accounts",
        sa.Column("email", sa.String(200), primary_key=True),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("added_by", sa.String(200), nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.Column("last_step", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.String(32)),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("spent_at", sa.String(32)),
    )
    op.create_index("ix_recovery_codes_email", "recovery_codes", ["email"])
    op.create_table(
        "console_notices",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("event", sa.String(80), nullable=False, unique=True),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("case_number", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32)),
    )
    op.create_index("console_notices_account", "console_notices", ["account", "seen_at"])
    op.create_table(
        "console_presence",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("case_number", sa.Integer, primary_key=True),
        sa.Column("tab", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
    )
    op.create_index("console_presence_case", "console_presence", ["case_number", "seen_at"])


def downgrade() -> None:
    """Drop them."""
    for name in (
        "console_presence", "console_notices", "recovery_codes", "console_accounts",
        "console_sessions", "console_links",
    ):  # fmt: skip
        op.drop_table(name)
