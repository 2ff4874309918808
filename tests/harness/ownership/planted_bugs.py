"""Bugs that the check of ownership must find: each distorts a parsed message."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Message


def share_keys(message: Message) -> Message:
    """The bug "key without user": everybody in a place has one conversation."""
    values = {name: getattr(message, name) for name in Message.__dataclass_fields__}
    return _SharedMessage(**values)


def take_group_for_founder(message: Message) -> Message:
    """The bug "group as founder": whoever writes in a group is taken for its founder."""
    return replace(message, private=True, addressed=True)


class _SharedMessage(Message):
    @property
    def conversation(self) -> str:
        return f"{self.channel}:{self.chat}" + (f":{self.thread}" if self.thread else "")
