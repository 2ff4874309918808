"""Every stored record comes back from JSON as it was; older and newer rows are read as well."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

import pytest

from bot.errors import UnreadableRecord
from bot.messages import Address, Button, Content, LibraryTask
from bot.store import tables as t
from bot.store.serialisation import (
    dump_case,
    dump_conversation,
    dump_line,
    dump_record,
    dump_staff_thread,
    load_library_task,
    load_record,
)
from bot.types import (
    Binding,
    Conversation,
    OfferedSections,
    PendingQuestion,
    Place,
    StaffThread,
    Upload,
)
from knowledge.types import Exchange
from tests.bot.store.sample_records import (
    FOUNDER,
    NOW,
    PHOTO,
    make_case,
    make_conversation,
    make_line,
    make_rich_content,
)
from tests.samples.answers import make_offer

RECORDS = [
    FOUNDER,
    Address("slack", "C1", "17.5", "17.2"),
    Binding("vn-hanoi", "slack", "C1"),
    Button("done", "해결됐어요"),
    OfferedSections("4e", PendingQuestion("얼마?", "vi"), (make_offer(),), (0,)),
    Content("…"),
    make_rich_content(),
    Exchange("수바?", "수출바우처는 …", ("export-voucher-mss",)),
    PHOTO,
    LibraryTask("plan", "telegram:1001", FOUNDER, "ko", "0a1b2c3d", (PHOTO,), wait=1.5),
    PendingQuestion("얼마?", "vi", "…", "critical", True, (PHOTO,)),
    Place("Da Nang", "VN", 16.07, 108.22, "VN-DN", "Da Nang", "vn-da-nang"),
    Place("Vietnam", "VN"),
    StaffThread("17.2", 17, "vn-hanoi", "slack", "C1", "17.5", "17.6", False),
    Upload("0a1b2c3d", (PHOTO,), "77"),
    make_conversation(case=3, why="점수 …"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_from_json_as_it_was(record: Any) -> None:
    stored = json.loads(json.dumps(dump_record(record)))
    assert load_record(type(record), stored) == record


@pytest.mark.parametrize("record", [make_case(17), make_line()])
def test_a_record_with_moments_comes_back_from_its_columns(record: Any) -> None:
    assert load_record(type(record), dump_record(record)) == record


def test_every_field_of_a_conversation_and_a_case_is_stored() -> None:
    stored = dump_conversation(make_conversation())
    assert set(stored) == set(t.conversations.c.keys()) - {"version", "updated_at"}
    kept = {*stored, *stored["memory"], "case", "version"} - {"case_number", "memory"}
    assert kept == {field.name for field in fields(Conversation)}
    assert set(dump_case(make_case(17))) <= set(t.cases.c.keys()) - {"version"}
    assert set(dump_staff_thread(StaffThread("1.1", 1, "m", "slack", "C"))) == set(
        t.staff_threads.c.keys()
    )
    assert set(dump_line(1, make_line())) == set(t.case_lines.c.keys()) - {"pk"}


def test_what_an_older_row_does_not_have_gets_its_default() -> None:
    assert load_record(Content, {"text": "…"}) == Content("…")
    old = {"act": "apply", "who": "telegram:1001", "to": asdict(FOUNDER), "language": "ko"}
    assert load_library_task(json.dumps(old)) == LibraryTask(
        "apply", "telegram:1001", FOUNDER, "ko"
    )


def test_what_a_newer_row_has_as_well_is_ignored_at_every_depth() -> None:
    newer = dump_record(make_rich_content()) | {"reactions": ["👍"]}
    newer["files"] = [asdict(PHOTO) | {"pages": 3}]
    assert load_record(Content, newer) == make_rich_content()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"details": "비밀"}, "A stored Content: text: Field required"),
        ({"text": 17}, "A stored Content: text: Input should be a valid string"),
        (
            {"text": "비밀", "files": [asdict(PHOTO) | {"size": "비밀"}]},
            "A stored Content: files.0.size: Input should be a valid integer",
        ),
    ],
)
def test_a_broken_row_names_its_field_and_quotes_nobody(
    data: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UnreadableRecord) as raised:
        load_record(Content, data)
    assert str(raised.value).startswith(sentence)
    assert "비밀" not in str(raised.value) and raised.value.__cause__ is None


def test_a_task_that_is_no_json_is_unreadable() -> None:
    with pytest.raises(UnreadableRecord, match="LibraryTask"):
        load_library_task("{비밀")


def test_moments_stay_moments() -> None:
    assert dump_case(make_case(17))["opened_at"] == NOW
