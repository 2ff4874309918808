"""Files that no room could take: refused when they come, before anything relies on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.context import Decision, Turn
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase


def refuse_large_files(turn: Turn) -> tuple[Turn, tuple[Outgoing, ...]]:
    """The turn without those of its files that are too large for every room, and what its founder
    is told of them: () if there are none."""
    services, message = turn.services, turn.message
    rooms: set[str | None] = {room.channel for room in services.bindings}
    find = services.find_file_limit_megabytes
    limits = {
        file: [find((file,), message.channel, room) for room in rooms or {None}]
        for file in message.files
    }
    refused = {file: known for file, known in limits.items() if None not in known}
    if not refused:
        return turn, ()
    most = max(limit for known in refused.values() for limit in known if limit is not None)
    text = render_phrase("founder.file_too_large", turn.conversation.language, most=most)
    kept = tuple(file for file in message.files if file not in refused)
    return replace(turn, message=replace(message, files=kept)), (
        Outgoing(turn.address, Content(text)),
    )


def append_notices(decision: Decision, notices: Sequence[Outgoing]) -> Decision:
    """The decision with further messages at its end."""
    return replace(decision, outgoing=(*decision.outgoing, *notices))
