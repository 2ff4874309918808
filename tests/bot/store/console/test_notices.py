"""What tells the pages of the console that something changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, insert

from bot.store import Store
from bot.store import tables as t
from tests.bot.store.sample_records import NOW


def test_a_line_that_is_committed_late_with_a_lower_number_is_a_change(
    store: Store, engine: Engine
) -> None:
    seen = [store.console.notices.describe_changes()]
    for pk in (7, 6):
        with engine.begin() as connection:
            row: dict[str, Any] = {
                "pk": pk, "case_number": 1, "at": NOW, "author": "founder", "role": "", "text": "글",
                "files": [],
            }  # fmt: skip
            connection.execute(insert(t.case_lines).values(row))
        seen.append(store.console.notices.describe_changes())
    assert len(set(seen)) == 3
