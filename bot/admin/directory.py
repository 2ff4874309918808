"""What a messenger is asked about its people and rooms when staff are admitted or a room is bound."""

from __future__ import annotations

from typing import Protocol

from bot.messages import Account


class Directory(Protocol):
    """Looks up accounts and rooms at their messenger. Both methods raise what is below NotDelivered
    if the messenger cannot be asked."""

    def find_person(self, channel: str, user: str) -> Account:
        """The account `user`; its name is "" where the messenger does not tell it."""

    def is_public_room(self, channel: str, chat: str) -> bool:
        """Whether anybody may join or read a chat without being invited."""
