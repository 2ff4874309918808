"""A database that stays unwritable is noticed, and one that recovers is not."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from adapters.serve.watchdog import watch_database


def refuse() -> bool:
    raise OperationalError("SELECT 1", {}, Exception("disk full"))


@pytest.mark.parametrize("is_writable", [refuse, lambda: False])
def test_it_gives_up_after_the_limit_with_a_sentence(is_writable: object) -> None:
    sentence = asyncio.run(watch_database(is_writable, 0.05, 0.01))  # type: ignore[arg-type]
    assert "nothing confirmed is lost" in sentence


def test_one_write_begins_the_time_again() -> None:
    answers = iter([False, False, True] * 2)

    def is_writable() -> bool:
        return next(answers, False)

    asyncio.run(watch_database(is_writable, 0.5, 0.02))
    assert next(answers, None) is None  # all were asked for: no two failures reached the limit
