"""Writing down what people agreed to, and who is blocked."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert

from bot.store import tables as t
from bot.store.serialisation import dump_record
from bot.types import Block, Consent
from knowledge.text.personal_data import mask_personal_data


def write_consents(connection: Connection, consents: Iterable[Consent]) -> None:
    """Add what a person said."""
    for consent in consents:
        connection.execute(insert(t.consents).values(dump_record(consent)))


def write_block(connection: Connection, block: Block) -> None:
    """Block a person, or give the block that is there another reason."""
    end_block(connection, block.account)
    values = dump_record(block) | {"reason": mask_personal_data(block.reason)}
    connection.execute(insert(t.blocks).values(values))


def end_block(connection: Connection, account: str) -> None:
    """Read a person's messages again."""
    connection.execute(delete(t.blocks).where(t.blocks.c.account == account))
