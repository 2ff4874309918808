"""What can be seen in the chats, and what the bot has taken from its queue."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.loopback_server import Json, LoopbackServer
from tests.fakes.telegram.message_methods import MEDIA_KINDS
from tests.fakes.telegram.state import BOT, TelegramState

SERVICE_MESSAGE_KEYS = {
    "forum_topic_created",
    "forum_topic_closed",
    "forum_topic_reopened",
    "forum_topic_edited",
    "pinned_message",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
}


@dataclass(frozen=True, slots=True)
class ConfirmedOffset:
    """The highest offset the bot has confirmed, and when."""

    offset: int
    time: float


class TelegramScreen(LoopbackServer):
    """Looking without touching."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.world = TelegramState()

    def bot_texts(self, chat_id: int, thread: int | None = None) -> list[str]:
        """What the bot has written there and is still to be seen, as a person reads it."""
        return [_render_message(message) for message in self.bot_messages(chat_id, thread)]

    def bot_messages(self, chat_id: int, thread: int | None = None) -> list[Json]:
        """The bot's messages there, as Telegram holds them now (keyboards of any kind kept)."""
        with self.changed:
            chat = self.world.chats.get(chat_id)
            found = list(chat.messages.values()) if chat else []
        mine = [
            m for m in found if m["from"]["id"] == BOT["id"] and not SERVICE_MESSAGE_KEYS & set(m)
        ]
        return [m for m in mine if thread in (None, m.get("message_thread_id"))]

    def find_message_id(self, update_id: int) -> int:
        """The id of the message an update brought."""
        update = self.world.updates.all_updates[update_id]
        message = update.get("message") or update["callback_query"]["message"]
        number: int = message["message_id"]
        return number

    def topics(self, chat_id: int) -> dict[int, str]:
        """Thread id → name of the topics that exist."""
        with self.changed:
            return {key: topic.name for key, topic in self.world.chats[chat_id].topics.items()}

    def closed_topics(self, chat_id: int) -> set[int]:
        with self.changed:
            return {
                key for key, topic in self.world.chats[chat_id].topics.items() if topic.is_closed
            }

    def pinned(self, chat_id: int) -> list[int]:
        with self.changed:
            return list(self.world.chats[chat_id].pinned)

    def reactions(self, chat_id: int, message_id: int) -> list[str]:
        """The bot's reaction on a message, as emoji."""
        with self.changed:
            found = self.world.reactions.get((chat_id, message_id), [])
            return [str(each.get("emoji")) for each in found]

    @property
    def pending(self) -> list[Json]:
        """The updates not yet confirmed, oldest first."""
        with self.changed:
            return self.world.updates.oldest(len(self.world.updates.waiting))

    @property
    def confirmed_at(self) -> dict[int, float]:
        """When each update was confirmed."""
        with self.changed:
            return dict(self.world.updates.confirmed_at)

    @property
    def confirmed(self) -> ConfirmedOffset | None:
        times = self.confirmed_at
        return ConfirmedOffset(max(times) + 1, times[max(times)]) if times else None


def _render_message(message: Json) -> str:
    kind = next((kind for kind in MEDIA_KINDS if kind in message), None)
    if kind is None:
        return str(message.get("text", "[location]" if "location" in message else ""))
    file = message[kind]
    name = f" {file['file_name']}" if isinstance(file, dict) and "file_name" in file else ""
    return f"[{kind}{name}] {message.get('caption', '')}".strip()
