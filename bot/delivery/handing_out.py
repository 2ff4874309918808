"""Handing out what waits for a reader, in one reply to what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.delivery.void import drop_void, is_void
from bot.store import OutboxRow, Store
from bot.store.readers.waiting_rows import ReaderState
from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class Handout:
    """The messages of one channel that waits for its readers. `owner` names this process in leases.
    Every method raises the database's errors."""

    store: Store
    channel: str
    owner: str
    now: Callable[[], datetime]

    def begin(self) -> None:
        """Let the channel's messages wait for their readers from now on."""
        self.store.readers.keep_channel(self.channel, self.now())

    def take(self, chat: str) -> list[OutboxRow]:
        """Claim what waits for the reader of a private chat, the oldest first. What became void,
        because a person has taken the case, is dropped."""
        rows = self.store.readers.claim(self.owner, self.now(), self.channel, chat)
        kept = [row for row in rows if not is_void(self.store, row)]
        for row in rows:
            if row not in kept:
                drop_void(self.store, row, self.now())
        return kept

    def confirm(self, rows: Sequence[OutboxRow], message_id: str = "") -> None:
        """The rows were shown."""
        for row in rows:
            self.store.outbox.mark_sent(row, self.now(), message_id or None)

    def put_back(self, rows: Sequence[OutboxRow], *, maybe_seen: bool = False) -> None:
        """Let the rows wait again: there was no room for them, or they were not shown."""
        if rows:
            self.store.readers.put_back(rows, maybe_seen=maybe_seen)

    def find_states(self, chats: Collection[str]) -> dict[str, ReaderState]:
        """What each of the private `chats` waits for."""
        return self.store.readers.find_states(self.channel, chats, self.now())

    def has_heard_of_case(self, chat: str, case: int) -> bool:
        """Whether the reader was shown a message about a case before."""
        return self.store.readers.has_heard_of_case(self.channel, chat, case)

    def find_language(self, chat: str) -> Language | None:
        """The language of the reader's conversation; None before there is one."""
        talk = self.store.find_conversation(f"{self.channel}:{chat}")
        return talk.language if talk else None
