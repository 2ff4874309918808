"""When a version was last in an edition that subscribers were told of, so that old ones can be cut; and
an index of the conversations of a room, whose questions are counted.

Revision ID: 0025
Revises: 0019
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from knowledge.database.engine import UtcDateTime

revision = "0025"
down_revision = "0019"


def upgrade() -> None:
    """Add the column, in which what is there counts as seen today, and the index."""
    op.add_column("announced_versions", sa.Column("seen_at", UtcDateTime))
    seen = sa.table("announced_versions", sa.column("seen_at", UtcDateTime))
    op.execute(seen.update().values(seen_at=datetime.now(UTC)))
    op.create_index("conversations_room", "conversations", ["channel", "chat"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("conversations_room", "conversations")
    op.drop_column("announced_versions", "seen_at")
