"""The library's first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the library's first tables."""
    op.create_table(
        "documents",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("published", sa.String(10)),
        sa.Column("effective_from", sa.String(10)),
        sa.Column("expires", sa.String(10)),
        sa.Column("supersedes", sa.JSON, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("translation_of", sa.String(200)),
        sa.Column("inferred", sa.JSON, nullable=False),
        sa.UniqueConstraint("id", "digest", "origin"),
    )
    op.create_table(
        "passages",
        sa.Column("pk", sa.Integer, primary_key=True),
        sa.Column(
            "document",
            sa.Integer,
            sa.ForeignKey("documents.pk", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("ord", sa.Integer, nullable=False),
        sa.Column("heading", sa.JSON, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, index=True),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("asked", sa.JSON, nullable=False),
    )
    op.create_table(
        "vectors",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("embedder", sa.String(200), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "passage_terms",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("analyser", sa.String(200), primary_key=True),
        sa.Column("terms", sa.JSON, nullable=False),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("embedder", sa.String(200), nullable=False),
        sa.Column("index_name", sa.String(80), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "edition_documents",
        sa.Column(
            "edition",
            sa.Integer,
            sa.ForeignKey("editions.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "document",
            sa.Integer,
            sa.ForeignKey("documents.pk", ondelete="CASCADE"),
            primary_key=True,
        ),
    )
    op.create_table(
        "active_edition",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("edition", sa.Integer, sa.ForeignKey("editions.id"), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables in the order of their references."""
    for table in (
        "active_edition",
        "edition_documents",
        "editions",
        "passage_terms",
        "vectors",
        "passages",
        "documents",
    ):
        op.drop_table(table)
