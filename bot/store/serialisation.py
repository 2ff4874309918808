"""Between the nouns and the rows that keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row

from bot.types import (
    Address,
    Button,
    Case,
    CaseMessage,
    Clarification,
    Content,
    Conversation,
    File,
    LibraryTask,
    PendingQuestion,
    Place,
    StaffThread,
    Upload,
)
from knowledge.types import Exchange


def dump_record(noun: Any) -> dict[str, Any]:
    """A noun as JSON."""
    return asdict(noun)


def load_address(data: Mapping[str, Any]) -> Address:
    return Address(**data)


def load_content(data: Mapping[str, Any]) -> Content:
    return Content(
        text=data["text"],
        details=data["details"],
        buttons=tuple(tuple(Button(**button) for button in row) for row in data["buttons"]),
        files=load_files(data["files"]),
        protect=data["protect"],
        ask_location=data["ask_location"],
    )


def load_files(data: list[dict[str, Any]]) -> tuple[File, ...]:
    return tuple(File(**file) for file in data)


# What a conversation remembers beyond the columns that are searched by.
_MEMORY_FIELDS = (
    "fixed_language",
    "greeted",
    "place",
    "asking_place",
    "pending",
    "turns",
    "why",
    "upload",
    "asked_back",
    "private",
)


def dump_conversation(conversation: Conversation) -> dict[str, Any]:
    data = dump_record(conversation)
    return {
        "key": data["key"],
        "channel": data["channel"],
        "chat": data["chat"],
        "thread": data["thread"],
        "user": data["user"],
        "language": data["language"],
        "case_number": data["case"],
        "memory": {name: data[name] for name in _MEMORY_FIELDS},
    }


def load_conversation(row: Row[Any]) -> Conversation:
    memory = row.memory
    pending = memory["pending"]
    return Conversation(
        key=row.key,
        channel=row.channel,
        chat=row.chat,
        thread=row.thread,
        user=row.user,
        language=row.language,
        fixed_language=memory["fixed_language"],
        greeted=memory["greeted"],
        place=Place(**memory["place"]) if memory["place"] else None,
        asking_place=memory["asking_place"],
        pending=PendingQuestion(**{**pending, "files": load_files(pending["files"])})
        if pending
        else None,
        case=row.case_number,
        turns=tuple(
            Exchange(turn["question"], turn["answer"], tuple(turn["documents"]))
            for turn in memory["turns"]
        ),
        why=memory["why"],
        upload=_load_upload(memory.get("upload")),  # older rows have none
        asked_back=tuple(map(_load_clarification, memory.get("asked_back", ()))),
        private=memory.get("private", False),
        version=row.version,
    )


def _load_upload(data: Mapping[str, Any] | None) -> Upload | None:
    return Upload(**{**data, "files": load_files(data["files"])}) if data else None


def _load_clarification(data: Mapping[str, Any]) -> Clarification:
    parts = {name: tuple(data[name]) for name in ("titles", "chosen")}
    return Clarification(**{**data, **parts})


def load_library_task(payload: str) -> LibraryTask:
    """What a row of the library's asks for."""
    data = json.loads(payload)
    parts = {"to": load_address(data["to"]), "files": load_files(data["files"])}
    return LibraryTask(**{**data, **parts})


def dump_case(case: Case) -> dict[str, Any]:
    data = dump_record(case)
    return {name: value for name, value in data.items() if name != "version"} | {
        "opened_at": case.opened_at,
        "taken_at": case.taken_at,
        "ended_at": case.ended_at,
    }


def load_case(row: Row[Any]) -> Case:
    values = {field.name: getattr(row, field.name) for field in fields(Case)}
    return Case(**{**values, "place": Place(**row.place) if row.place else None})


def dump_line(number: int, line: CaseMessage) -> dict[str, Any]:
    return {**dump_record(line), "at": line.at, "case_number": number}


def load_line(row: Row[Any]) -> CaseMessage:
    return CaseMessage(row.author, row.text, row.at, row.role, load_files(row.files))


def dump_staff_thread(thread: StaffThread) -> dict[str, Any]:
    data = dump_record(thread)
    data["case_number"] = data.pop("case")
    return data


def load_staff_thread(row: Row[Any]) -> StaffThread:
    return StaffThread(
        row.id, row.case_number, row.mission, row.channel, row.chat, row.thread, row.card,
        row.current,
    )  # fmt: skip
