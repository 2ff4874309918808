"""What people write in Slack: messages, files, forwarded messages, edits and deletions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.loopback_server import Json
from tests.fakes.slack.places import SlackPlaces
from tests.fakes.slack.screen import MINA
from tests.fakes.slack.workspace import BOT_USER, TEAM, WorkspaceChannel

_CODE = re.compile(r"(<[@#!][^>]+>|:[a-z_]+:)")


class SlackUserMessages(SlackPlaces):
    """Words and files of people. Deeds return the `ts` or the event they made."""

    def user_says(
        self,
        channel: str,
        text: str,
        user: str = MINA,
        thread_ts: str | None = None,
        mention: bool = False,
        files: list[str] | None = None,
    ) -> str:
        """A message and its events; `mention` puts the app's name before it. Returns its ts."""
        with self.change():
            place = self._place(channel, user)
            words = f"<@{BOT_USER}> {text}" if mention else text
            message = self._say(place, words, user, thread_ts, files or [])
            self.work.emit_message(place, message)
            if mention and place.kind != "im":
                self._mentioned(place, message)
            return str(message["ts"])

    def user_uploads(
        self,
        channel: str,
        name: str,
        content: bytes,
        mime: str = "application/octet-stream",
        *,
        text: str = "",
        user: str = MINA,
        thread_ts: str | None = None,
        size: int | None = None,
        stub: bool = False,
    ) -> str:
        """A message with a file; `size` pretends another size, `stub` is how the app sees a file of
        another organisation. Returns its ts."""
        with self.change():
            stored = self.work.store_file(name, content, user, size or len(content), mime)
            stored.channels.append(channel)
            stored.stub = stub
        return self.user_says(channel, text, user, thread_ts, files=[stored.id])

    def user_forwards(
        self, channel: str, text: str, author: str, comment: str = "", user: str = MINA
    ) -> str:
        """Somebody else's message, with a `comment` or without a word. Returns its ts."""
        with self.change():
            place = self._place(channel, user)
            name = self.work.find_or_create_person(author)["profile"]["display_name"]
            share = {"is_share": True, "is_msg_unfurl": True, "author_id": author}
            share |= {"author_name": name, "text": text, "fallback": f"[Feb 18th] {name}: {text}"}
            message = self._say(place, comment, user, None, [], attachments=[share])
            self.work.emit_message(place, message)
            return str(message["ts"])

    def user_edits(self, channel: str, ts: str, text: str) -> str:
        """Returns the event id of the `message_changed`."""
        with self.change():
            place = self.work.channels[channel]
            return self.work.edit_message(place, place.messages[ts], {"text": text})

    def user_deletes(self, channel: str, ts: str) -> str:
        """Returns the event id of the `message_deleted`."""
        with self.change():
            place = self.work.channels[channel]
            return self.work.edit_message(place, place.messages[ts], None)

    def _place(self, channel: str, user: str) -> WorkspaceChannel:
        self.work.find_or_create_person(user)
        if channel not in self.work.channels:
            self.work.add_channel(WorkspaceChannel(channel, channel.lower()))
        place = self.work.channels[channel]
        if place.kind == "im":
            place.user = place.user or user
        place.people.add(user)
        return place

    def _say(
        self,
        place: WorkspaceChannel,
        text: str,
        user: str,
        thread_ts: str | None,
        files: list[str],
        **content: Any,
    ) -> Json:
        author: Json = {"user": user, "client_msg_id": f"{next(self.work.numbers):08d}-naru"}
        home = self.work.people[user]["team_id"]
        if home != TEAM:  # Slack Connect
            author |= {"user_team": home, "source_team": home}
        extra: Json = {"thread_ts": thread_ts, **content}
        parent = place.messages.get(thread_ts or "")
        if parent is not None:
            parent.setdefault("thread_ts", thread_ts)
            extra["parent_user_id"] = parent.get("user")
        if files:
            shapes = [self.work.files[number].to_message_json(self.url) for number in files]
            extra |= {"files": shapes, "upload": False, "subtype": "file_share"}
        return self.work.post(place, author, text, blocks=_build_rich_text(text), **extra)

    def _mentioned(self, place: WorkspaceChannel, message: Json) -> None:
        kept = {key: value for key, value in message.items() if key != "subtype"}
        event = {**kept, "type": "app_mention", "channel": place.id, "event_ts": message["ts"]}
        self.work.emit(event)


def _build_rich_text(text: str) -> list[Json] | None:
    """The blocks that Slack's own clients send with a text."""
    if not text:
        return None
    section = {"type": "rich_text_section", "elements": list(_build_elements(text))}
    return [{"type": "rich_text", "elements": [section]}]


def _build_elements(text: str) -> Iterator[Json]:
    for part in filter(None, _CODE.split(text)):
        if part.startswith("<@"):
            yield {"type": "user", "user_id": part[2:-1].partition("|")[0]}
        elif part.startswith("<#"):
            yield {"type": "channel", "channel_id": part[2:-1].partition("|")[0]}
        elif part.startswith("<!"):
            yield {"type": "broadcast", "range": part[2:-1]}
        elif part.startswith(":"):
            yield {"type": "emoji", "name": part[1:-1]}
        else:
            yield {"type": "text", "text": part}
