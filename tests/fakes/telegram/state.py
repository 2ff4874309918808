"""What Telegram knows: chats, people, topics, messages, files and the updates not yet confirmed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.markup import find_automatic_entities

BOT: Json = {
    "id": 7000000001,
    "is_bot": True,
    "first_name": "Naru",
    "username": "naru_test_bot",
}
FIRST_UPDATE = 500_000_001
DEFAULT_UPDATES_OFF = {"chat_member", "message_reaction", "message_reaction_count"}


class ApiError(Exception):
    """An answer with ok=false."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


@dataclass(slots=True)
class ForumTopic:
    name: str
    is_closed: bool = False


@dataclass(slots=True)
class Chat:
    id: int
    type: str
    title: str = ""
    forum: bool = False
    username: str = ""
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, ForumTopic] = field(default_factory=dict)
    members: dict[int, Json] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    pinned: list[int] = field(default_factory=list)
    refusal: ApiError | None = None
    can_manage_topics: bool = True
    last_id: int = 0

    def to_json(self) -> Json:
        if self.type == "private":
            person = self.members[self.id]
            return {"id": self.id, "type": "private", "first_name": person["first_name"]}
        extra: Json = {"is_forum": True} if self.forum else {}
        extra |= {"username": self.username} if self.username else {}
        return {"id": self.id, "type": self.type, "title": self.title, **extra}


@dataclass(frozen=True, slots=True)
class TelegramFile:
    id: str
    name: str
    content: bytes
    mime: str
    size: int

    @property
    def path(self) -> str:
        return f"documents/{self.id}_{self.name}"


@dataclass(slots=True)
class UpdateQueue:
    """The queue of one bot: what waits, and when each update was confirmed."""

    waiting: dict[int, Json] = field(default_factory=dict)
    all_updates: dict[int, Json] = field(default_factory=dict)
    confirmed_at: dict[int, float] = field(default_factory=dict)
    allowed_kinds: set[str] | None = None
    last_id: int = FIRST_UPDATE - 1

    def add(self, kind: str, payload: Json) -> int:
        """Queue an update unless the bot did not want its kind; 0 if not."""
        unwanted = (
            kind in DEFAULT_UPDATES_OFF
            if not self.allowed_kinds
            else kind not in self.allowed_kinds
        )
        return 0 if unwanted else self.add_raw({kind: payload})

    def add_raw(self, update: Json) -> int:
        number = int(update.get("update_id") or self.last_id + 1)
        self.last_id = max(self.last_id, number)
        self.all_updates[number] = self.waiting[number] = {"update_id": number, **update}
        return number

    def confirm(self, number: int) -> None:
        if self.waiting.pop(number, None) is not None:
            self.confirmed_at[number] = time.time()

    def forget_below(self, offset: int) -> None:
        """`getUpdates(offset=N)`: all below N are gone. A negative N keeps the last -N."""
        numbers = sorted(self.waiting)
        gone = numbers[:offset] if offset < 0 else [n for n in numbers if n < offset]
        for number in gone:
            self.confirm(number)

    def oldest(self, limit: int) -> list[Json]:
        return [self.waiting[number] for number in sorted(self.waiting)[:limit]]


@dataclass(slots=True)
class TelegramState:
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, TelegramFile] = field(default_factory=dict)
    updates: UpdateQueue = field(default_factory=UpdateQueue)
    queries: dict[str, Json | None] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    reactions: dict[tuple[int, int], list[Json]] = field(default_factory=dict)
    drafts: list[Json] = field(default_factory=list)
    profile: Json = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def add_chat(self, chat: Chat) -> Chat:
        if chat.type != "private":
            chat.members.setdefault(BOT["id"], BOT)
            chat.admins.add(BOT["id"])
        self.chats[chat.id] = chat
        return chat

    def find_chat(self, chat_id: object) -> Chat:
        """The chat the bot asks for, or the refusal it earns."""
        try:
            chat = self.chats.get(int(str(chat_id)))
        except ValueError:
            chat = None
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.refusal is not None:
            raise chat.refusal
        return chat

    def add_message(
        self, chat: Chat, author: Json, thread: int | None = None, **content: Any
    ) -> Json:
        """A new message as Telegram would describe it."""
        chat.last_id += 1
        message: Json = {
            "message_id": chat.last_id,
            "from": author,
            "chat": chat.to_json(),
            "date": int(time.time()),
            **content,
        }
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
            if "reply_to_message" not in message and thread in chat.messages:
                message["reply_to_message"] = strip_reply(chat.messages[thread])
        if "text" in message and "entities" not in message:
            message["entities"] = find_automatic_entities(message["text"])
        if not message.get("entities", True):
            del message["entities"]
        chat.messages[chat.last_id] = message
        return message

    def store_file(
        self, name: str, content: bytes, mime: str, size: int | None = None
    ) -> TelegramFile:
        number = f"BQACAgUAAxkB{next(self.numbers):06d}"
        stored = TelegramFile(number, name, content, mime, size or len(content))
        self.files[stored.id] = stored
        return stored

    def open_topic(self, chat: Chat, name: str) -> int:
        service = {"name": name, "icon_color": 7322096}
        message = self.add_message(chat, BOT, forum_topic_created=service)
        number: int = message["message_id"]
        message |= {"message_thread_id": number, "is_topic_message": True}
        chat.topics[number] = ForumTopic(name)
        return number


def strip_reply(message: Json) -> Json:
    """A message as it appears inside another: without what it replied to itself."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def build_media(stored: TelegramFile, kind: str) -> Json:
    """The part of a message that carries a file."""
    base = {"file_id": stored.id, "file_unique_id": f"u{stored.id}", "file_size": stored.size}
    named = {**base, "file_name": stored.name, "mime_type": stored.mime}
    shapes: dict[str, object] = {
        "document": named,
        "photo": [{**base, "width": 640, "height": 480}],
        "voice": {**base, "duration": 3, "mime_type": stored.mime},
        "audio": {**named, "duration": 3},
        "video": {**named, "duration": 3, "width": 640, "height": 480},
        "animation": {**named, "duration": 3, "width": 640, "height": 480},
        "video_note": {**base, "duration": 3, "length": 240},
        "sticker": {
            **base,
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
        },
    }
    if kind == "animation":
        return {"animation": shapes[kind], "document": named}
    return {kind: shapes[kind]}
