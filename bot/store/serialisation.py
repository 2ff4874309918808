"""Records to rows and JSON, and back.

A field that an older row does not have gets the record's default, so adding a field with a
default needs no migration. A key or column that the record does not have is ignored: two
versions may run on one database for a while, and a founder's conversation must stay readable to
the older one. A change that an older version must not read needs a migration, which it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from bot.errors import UnreadableRecord
from bot.messages import LibraryTask
from bot.store import tables as t
from bot.types import Case, CaseMessage, Conversation, LogEntry, StaffThread
from knowledge.text.personal_data import mask_personal_data

Record = TypeVar("Record")

ERROR_LIMIT_CHARACTERS = 500  # of an error's text


def dump_record(record: Any) -> dict[str, Any]:
    """A record as values for columns or JSON; moments stay datetimes."""
    adapter = _adapter_for(cast(Hashable, type(record)))
    return dict(adapter.dump_python(record, warnings=False))  # much faster than `asdict`


def dump_values(record: Any) -> dict[str, Any]:
    """A record as plain JSON: days and times as text, the keys of mappings too."""
    return dict(_adapter_for(cast(Hashable, type(record))).dump_python(record, mode="json"))


def load_record(kind: type[Record], data: Mapping[str, Any]) -> Record:
    """The record of type `kind` that `data` (a row's mapping or decoded JSON) holds.

    Raises UnreadableRecord if a field without a default is missing or a value does not fit.
    """
    return _translate_errors(kind, lambda adapter: adapter.validate_python(dict(data)))


def dump_conversation(conversation: Conversation) -> dict[str, Any]:
    """A conversation as a row without `version` and `updated_at`; what is not searched by goes
    into `memory`, as JSON has it."""
    values = _rename(dump_record(conversation), "case", "case_number")
    del values["version"]
    columns = t.conversations.c.keys()
    as_json = _adapter_for(Conversation).dump_python(conversation, mode="json")  # moments as text
    memory = {name: as_json[name] for name in values if name in as_json and name not in columns}
    return {name: value for name, value in values.items() if name in columns} | {"memory": memory}


def load_conversation(row: Row[Any]) -> Conversation:
    """The conversation a row holds. Raises UnreadableRecord like `load_record`."""
    return load_record(Conversation, {**row.memory, **row._asdict(), "case": row.case_number})


def load_library_task(payload: str) -> LibraryTask:
    """The task an inbox payload (JSON) asks for. Raises UnreadableRecord like `load_record`."""
    return _translate_errors(LibraryTask, lambda adapter: adapter.validate_json(payload))


def dump_case(case: Case) -> dict[str, Any]:
    """A case as a row without `version`."""
    values = dump_record(case)
    del values["version"]
    return values


def load_case(row: Row[Any]) -> Case:
    """The case a row holds. Raises UnreadableRecord like `load_record`."""
    return load_record(Case, row._asdict())


def dump_line(number: int, line: CaseMessage) -> dict[str, Any]:
    """A line of case `number` as a row."""
    return {**dump_record(line), "case_number": number}


def load_line(row: Row[Any]) -> CaseMessage:
    """The line a row holds. Raises UnreadableRecord like `load_record`."""
    return load_record(CaseMessage, row._asdict())


def dump_entry(entry: LogEntry) -> dict[str, Any]:
    """An entry of a case's log as a row."""
    return _rename(dump_record(entry), "case", "case_number")


def load_entry(row: Row[Any]) -> LogEntry:
    """The entry of a case's log a row holds. Raises UnreadableRecord like `load_record`."""
    return load_record(LogEntry, {**row._asdict(), "case": row.case_number})


def dump_staff_thread(thread: StaffThread) -> dict[str, Any]:
    """A staff thread as a row."""
    return _rename(dump_record(thread), "case", "case_number")


def load_staff_thread(row: Row[Any]) -> StaffThread:
    """The staff thread a row holds. Raises UnreadableRecord like `load_record`."""
    return load_record(StaffThread, {**row._asdict(), "case": row.case_number})


def _rename(values: dict[str, Any], field: str, column: str) -> dict[str, Any]:
    return {column if name == field else name: value for name, value in values.items()}


def _translate_errors(kind: type[Record], load: Callable[[TypeAdapter[Record]], Record]) -> Record:
    """What `load` makes of a row; pydantic's error would quote people's words into the log."""
    try:
        return load(_adapter_for(cast(Hashable, kind)))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise UnreadableRecord(f"A stored {kind.__name__}: {field}: {first['msg']}") from None


@cache
def _adapter_for(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(type[Any], kind))


def describe_error(error: Exception) -> str:
    """An error as its event keeps it: without personal data, and not too long."""
    return mask_personal_data(f"{type(error).__name__}: {error}")[:ERROR_LIMIT_CHARACTERS]
