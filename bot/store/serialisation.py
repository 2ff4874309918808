"""Between the nouns and the rows that keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row

from bot.types import (
    Address,
    AskedBack,
    Body,
    Button,
    Case,
    CaseMessage,
    Conversation,
    File,
    Pending,
    Place,
    StaffThread,
    Task,
    Upload,
)
from knowledge.types import Turn


def plain(noun: Any) -> dict[str, Any]:
    """A noun as JSON."""
    return asdict(noun)


def address_from(data: Mapping[str, Any]) -> Address:
    return Address(**data)


def body_from(data: Mapping[str, Any]) -> Body:
    return Body(
        text=data["text"],
        details=data["details"],
        buttons=tuple(tuple(Button(**button) for button in row) for row in data["buttons"]),
        files=files_from(data["files"]),
        protect=data["protect"],
        ask_location=data["ask_location"],
    )


def files_from(data: list[dict[str, Any]]) -> tuple[File, ...]:
    return tuple(File(**file) for file in data)


# What a conversation remembers beyond the columns that are searched by.
_MEMORY = (
    "fixed_language",
    "greeted",
    "place",
    "asking_place",
    "pending",
    "turns",
    "why",
    "upload",
    "asked_back",
)


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    data = plain(conversation)
    return {
        "key": data["key"],
        "channel": data["channel"],
        "chat": data["chat"],
        "thread": data["thread"],
        "user": data["user"],
        "language": data["language"],
        "case_number": data["case"],
        "memory": {name: data[name] for name in _MEMORY},
    }


def conversation_from(row: Row[Any]) -> Conversation:
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
        pending=Pending(**{**pending, "files": files_from(pending["files"])}) if pending else None,
        case=row.case_number,
        turns=tuple(
            Turn(turn["question"], turn["answer"], tuple(turn["documents"]))
            for turn in memory["turns"]
        ),
        why=memory["why"],
        upload=_upload_from(memory.get("upload")),  # older rows have none
        asked_back=tuple(map(_asked_back_from, memory.get("asked_back", ()))),
        version=row.version,
    )


def _upload_from(data: Mapping[str, Any] | None) -> Upload | None:
    return Upload(**{**data, "files": files_from(data["files"])}) if data else None


def _asked_back_from(data: Mapping[str, Any]) -> AskedBack:
    parts = {name: tuple(data[name]) for name in ("titles", "chosen")}
    return AskedBack(**{**data, **parts})


def task_from(payload: str) -> Task:
    """What a row of the library's asks for."""
    data = json.loads(payload)
    parts = {"to": address_from(data["to"]), "files": files_from(data["files"])}
    return Task(**{**data, **parts})


def case_row(case: Case) -> dict[str, Any]:
    data = plain(case)
    return {name: value for name, value in data.items() if name != "version"} | {
        "opened_at": case.opened_at,
        "taken_at": case.taken_at,
        "ended_at": case.ended_at,
    }


def case_from(row: Row[Any]) -> Case:
    values = {field.name: getattr(row, field.name) for field in fields(Case)}
    return Case(**{**values, "place": Place(**row.place) if row.place else None})


def line_row(number: int, line: CaseMessage) -> dict[str, Any]:
    return {**plain(line), "at": line.at, "case_number": number}


def line_from(row: Row[Any]) -> CaseMessage:
    return CaseMessage(row.author, row.text, row.at, row.role, files_from(row.files))


def thread_row(thread: StaffThread) -> dict[str, Any]:
    data = plain(thread)
    data["case_number"] = data.pop("case")
    return data


def thread_from(row: Row[Any]) -> StaffThread:
    return StaffThread(
        row.id, row.case_number, row.mission, row.channel, row.chat, row.thread, row.card,
        row.current,
    )  # fmt: skip
