"""What Slack knows: people, channels, messages, files and views of one workspace."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.fakes.loopback_server import Json

TEAM = "T0NARU"
APP = "A0NARU"
BOT_USER = "U0NARUBOT"
BOT = "B0NARU"
VERIFICATION = "verification-token"
TRIGGER_LIFETIME_SECONDS = 3.0
TOMBSTONE = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}


class SlackError(Exception):
    """An answer with ok=false."""

    def __init__(self, error: str, messages: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []


@dataclass(slots=True)
class WorkspaceChannel:
    id: str
    name: str = ""
    user: str = ""
    member: bool = True
    private: bool = False
    archived: bool = False
    edit_refusal: str = ""
    messages: dict[str, Json] = field(default_factory=dict)
    pins: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """`channel_type` as events call it."""
        if self.id.startswith("D"):
            return "im"
        return "group" if self.private or self.id.startswith("G") else "channel"

    def to_json(self) -> Json:
        base = {"id": self.id, "created": 1_700_000_000, "is_archived": self.archived}
        if self.kind == "im":
            return {**base, "is_im": True, "user": self.user, "is_open": True}
        return {
            **base,
            "name": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "group",
            "is_member": self.member,
            "num_members": len(self.people) + self.member,
        }


@dataclass(slots=True)
class SlackFile:
    id: str
    name: str
    size: int
    user: str
    title: str = ""
    mime: str = "application/octet-stream"
    content: bytes | None = None
    stub: bool = False
    channels: list[str] = field(default_factory=list)

    def to_message_json(self, root: str) -> Json:
        """The file as a message has it: of another organisation's there is only a stub."""
        stub = {"id": self.id, "mode": "file_access", "file_access": "check_file_info", "user": ""}
        return stub if self.stub else self.to_json(root)

    def to_json(self, root: str) -> Json:
        private = f"{root}/files-pri/{TEAM}-{self.id}"
        return {
            "id": self.id,
            "created": 1_700_000_000,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mime,
            "filetype": self.name.rpartition(".")[2] or "binary",
            "size": self.size,
            "user": self.user,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "file_access": "visible",
            "url_private": f"{private}/{self.name}",
            "url_private_download": f"{private}/download/{self.name}",
            "permalink": f"{root}/files/{self.user}/{self.id}/{self.name}",
            "channels": list(self.channels),
        }


@dataclass(frozen=True, slots=True)
class Ack:
    """One envelope acked, or one HTTP request answered with 2xx. `after`: seconds since sent."""

    envelope_id: str
    type: str
    event_id: str
    time: float
    after: float
    attempt: int
    payload: Any = None


@dataclass(slots=True)
class Envelope:
    """Something the app is owed, and how far it got."""

    type: str
    payload: Json
    state: Literal["new", "on its way", "gone", "acked"] = "new"
    attempt: int = 0
    run: int = 0
    sent_at: float = 0.0
    ids: list[str] = field(default_factory=list)

    @property
    def event_id(self) -> str:
        return str(self.payload.get("event_id", ""))


@dataclass(slots=True)
class Workspace:
    root: str = ""
    channels: dict[str, WorkspaceChannel] = field(default_factory=dict)
    people: dict[str, Json] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)
    views: dict[str, Json] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    ephemerals: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    statuses: list[Json] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))
    envelopes: list[Envelope] = field(default_factory=list)
    outage_until: float = 0.0
    last_ts: int = 0

    def emit(self, event: Json) -> str:
        """Owe the app an event; in an outage it is lost, and the answer empty."""
        if time.monotonic() < self.outage_until:
            return ""
        event_id = self.next_id("Ev")
        seen_by = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
        payload: Json = {
            "token": VERIFICATION,
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(time.time()),
            "authorizations": [{**seen_by, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event_id}",
        }
        self.envelopes.append(Envelope("events_api", payload))
        return event_id

    def emit_message(self, channel: WorkspaceChannel, message: Json) -> str:
        """The `message` event of a message just posted."""
        where = {"channel": channel.id, "channel_type": channel.kind}
        return self.emit({**message, **where, "event_ts": message["ts"]})

    def edit_message(self, channel: WorkspaceChannel, message: Json, new: Json | None) -> str:
        """Edit a message, or delete it where `new` is None, and tell the app. One that others
        replied to leaves a notice behind."""
        before = dict(message)
        stamp = self.next_ts()
        event: Json = {"type": "message", "previous_message": before, "hidden": True}
        event |= {"channel": channel.id, "channel_type": channel.kind}
        event |= {"ts": stamp, "event_ts": stamp}
        if new is None and self.list_replies(channel, message["ts"]):
            notice = TOMBSTONE | {"ts": message["ts"], "thread_ts": message["ts"]}
            channel.messages[message["ts"]] = notice
            return self.emit(event | {"subtype": "message_changed", "message": dict(notice)})
        if new is None:
            del channel.messages[message["ts"]]
            return self.emit(event | {"subtype": "message_deleted", "deleted_ts": message["ts"]})
        author = message.get("user", BOT_USER)
        message |= {**new, "edited": {"user": author, "ts": stamp}}
        return self.emit(event | {"subtype": "message_changed", "message": dict(message)})

    def next_id(self, letter: str) -> str:
        return f"{letter}0{next(self.numbers):08d}"

    def next_ts(self) -> str:
        """A `ts` later than all before it."""
        self.last_ts = max(self.last_ts + 1, time.time_ns() // 1000)
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def find_or_create_person(self, user: str, name: str = "mina", **profile: Any) -> Json:
        """Someone of the workspace, made when first met."""
        if user not in self.people:
            self.people[user] = {
                "id": user,
                "team_id": TEAM,
                "name": name,
                "real_name": name.title(),
                "deleted": False,
                "is_bot": user == BOT_USER,
                "is_app_user": False,
                "tz": "Asia/Seoul",
                "tz_offset": 32400,
                "locale": profile.pop("locale", "ko-KR"),
                "profile": {"real_name": name.title(), "display_name": name, **profile},
            }
        return self.people[user]

    def find_or_create_dm(self, user: str) -> WorkspaceChannel:
        """The direct channel of a person and the bot."""
        self.find_or_create_person(user)
        found = (c for c in self.channels.values() if c.kind == "im" and c.user == user)
        return next(found, None) or self.add_channel(WorkspaceChannel(self.next_id("D"), user=user))

    def add_channel(self, channel: WorkspaceChannel) -> WorkspaceChannel:
        self.channels[channel.id] = channel
        return channel

    def find_channel(self, channel_id: object, writing: bool = False) -> WorkspaceChannel:
        """The channel the app asks for, or the error it earns."""
        channel = self.channels.get(str(channel_id or ""))
        if channel is None or (channel.kind == "group" and not channel.member):
            raise SlackError("channel_not_found")
        if not channel.member:
            raise SlackError("not_in_channel")
        if writing and channel.archived:
            raise SlackError("is_archived")
        return channel

    def find_message(self, channel: WorkspaceChannel, ts: object) -> Json:
        found = channel.messages.get(str(ts or ""))
        if found is None:
            raise SlackError("message_not_found")
        return found

    def post(self, channel: WorkspaceChannel, author: Json, text: str, **content: Any) -> Json:
        """A new message as Slack keeps it; None counts as absent."""
        kept = {key: value for key, value in content.items() if value is not None}
        message: Json = {
            "type": "message",
            **author,
            "text": text,
            "ts": self.next_ts(),
            "team": TEAM,
        }
        message |= kept
        for number, block in enumerate(message.get("blocks", [])):
            block.setdefault("block_id", f"b{message['ts'][-4:]}{number}")
        channel.messages[message["ts"]] = message
        return message

    def list_replies(self, channel: WorkspaceChannel, thread_ts: str) -> list[Json]:
        found = channel.messages.values()
        return [m for m in found if m.get("thread_ts") == thread_ts and m["ts"] != thread_ts]

    def create_trigger(self) -> str:
        name = f"{next(self.numbers)}.{TEAM}.{int(time.time())}"
        self.triggers[name] = time.monotonic()
        return name

    def use_trigger(self, name: object) -> None:
        """A trigger opens one view, within three seconds."""
        if not isinstance(name, str) or name not in self.triggers:
            raise SlackError("invalid_trigger_id")
        if self.triggers[name] == 0.0:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - self.triggers[name] > TRIGGER_LIFETIME_SECONDS:
            raise SlackError("expired_trigger_id")
        self.triggers[name] = 0.0

    def store_file(
        self, name: str, content: bytes | None, user: str, size: int, mime: str = ""
    ) -> SlackFile:
        stored = SlackFile(self.next_id("F"), name, size, user, content=content)
        stored.mime = mime or stored.mime
        self.files[stored.id] = stored
        return stored


def app_author() -> Json:
    """How a message of the app is signed."""
    profile = {"id": BOT, "name": "naru", "app_id": APP, "team_id": TEAM, "deleted": False}
    return {"user": BOT_USER, "bot_id": BOT, "app_id": APP, "bot_profile": profile}
