"""What hangs on a case that an older Naru sealed alone is sealed at the upgrade."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, insert

from bot.store import Store
from bot.store import tables as t
from bot.store.serialisation import dump_case
from knowledge.database.engine import write_transaction
from tests.bot.store.upgrades.test_every_upgrade import HISTORIES
from tests.samples.records import make_case

CASES = [
    make_case(1, sealed=True),
    make_case(2),
    make_case(3, parent=1),
    make_case(4, parent=1, state="resolved"),
    make_case(5, merged_into=1, state="closed"),
    make_case(6, parent=2),
    make_case(7, merged_into=2, state="closed"),
    make_case(8, parent=1, sealed=True),
]
COVERED = {3, 4, 5}


def test_requests_and_merged_cases_of_a_sealed_case_are_sealed(engine: Engine) -> None:
    HISTORIES["bot"].upgrade(engine, "0030")
    with write_transaction(engine) as connection:
        connection.execute(insert(t.cases), [dump_case(one) | {"version": 1} for one in CASES])
    expected = [
        replace(one, sealed=True, version=2) if one.number in COVERED else replace(one, version=1)
        for one in CASES
    ]
    assert Store(engine).list_cases() == expected
