"""Raw events of five people in every kind of place, on both messengers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from adapters.slack import inbound as slack
from adapters.telegram import inbound as telegram
from bot.messages import Outgoing
from bot.store import InboxEvent

BOT = telegram.BotAccount(7, "naru_bot")
SLACK_BOT = "U0NARU"
ROOM = "C0ROOM"

FORGED_KEYS = ("reopen:999", "reopen:²", "reopen:" + "9" * 40, "offer:x:٣", "lang:xx", "claim:1",
               "library:rollback:²:1", "continue-00000000", "human@", "@", "")  # fmt: skip
COMMANDS = ("cases", "why", "close", "forget", "privacy", "where", "human", "lang", "help", "start",
            "lang ko", "where 하노이", "claim", "nonsense")  # fmt: skip
WORDS = ("물류비는 얼마까지 지원하나요?", "하노이에서 소송을 당했습니다. 도와주세요", "여권을 빼앗기고 감금당했어요",
         "하노이", "네", "계약서 검토를 부탁드립니다")  # fmt: skip
TAG = re.compile(r"zq(\d)n(\d+)z")


@dataclass(frozen=True)
class WritingSpot:
    """Where somebody can write. `kind` says how the messenger shows it."""

    channel: str
    kind: str
    chat: str
    thread: str = ""

    @property
    def public(self) -> bool:
        return self.kind not in ("dm", "dm_thread")


def list_places(person: int) -> tuple[WritingSpot, ...]:
    """Every kind of place, as one person sees them."""
    return (
        WritingSpot("slack", "dm", f"D{person}"),
        WritingSpot("slack", "dm_thread", f"D{person}", "50.1"),
        WritingSpot("slack", "channel", "C0TALK"),
        WritingSpot("slack", "thread", "C0TALK", "60.1"),
        WritingSpot("slack", "slash", "C0TALK"),
        WritingSpot("slack", "room", ROOM),
        WritingSpot("telegram", "dm", str(1001 + person)),
        WritingSpot("telegram", "group", "-55"),
        WritingSpot("telegram", "topic", "-100777", "9"),
    )


def make_user_id(channel: str, person: int) -> str:
    return f"U{person}" if channel == "slack" else str(1001 + person)


def make_slack_event(inner: dict[str, Any], number: int) -> InboxEvent:
    return slack.build_event({"type": "event_callback", "event_id": f"E{number}", "event": inner,
                              "authorizations": [{"user_id": SLACK_BOT}]})  # fmt: skip


def write_on_slack(
    place: WritingSpot, user: str, number: str, words: str, addressed: bool, *, command: bool, file: str,
    edited: bool, anonymous: bool,
) -> InboxEvent:  # fmt: skip
    if place.kind == "slash":
        return slack.build_event({"command": "/naru", "channel_id": place.chat, "user_id": user,
                                  "text": words, "trigger_id": f"T{number}"})  # fmt: skip
    mention = f"<@{SLACK_BOT}> " if addressed and place.public else ""
    said: dict[str, Any] = {
        "type": "message",
        "user": user,
        "ts": f"{number}.0",
        "text": mention + words,
    }
    if place.thread:
        said["thread_ts"] = place.thread
    if file:
        said["files"] = [{"url_private": f"https://files.slack.com/{file}", "name": f"{file}.pdf"}]
    inner = {**said, "channel": place.chat}
    if edited:
        inner = {"type": "message", "subtype": "message_changed", "channel": place.chat,
                 "message": said, "previous_message": {**said, "text": "옛 글"}}  # fmt: skip
    return make_slack_event(inner, int(number))


def press_on_slack(place: WritingSpot, user: str, number: int, key: str) -> InboxEvent:
    where: dict[str, Any] = {"channel_id": place.chat, "message_ts": "70.1"}
    where |= {"thread_ts": place.thread} if place.thread else {}
    where |= {"is_ephemeral": True} if place.kind == "slash" else {}
    return slack.build_event({"type": "block_actions", "user": {"id": user}, "container": where,
                              "trigger_id": f"P{number}", "actions": [{"value": key}]})  # fmt: skip


def write_on_telegram(
    place: WritingSpot, user: str, number: str, words: str, addressed: bool, *, command: bool, file: str,
    edited: bool, anonymous: bool,
) -> InboxEvent:  # fmt: skip
    text = f"/{words}" if command else words
    if addressed and place.public and not command:
        text = f"@naru_bot {text}"
    raw: dict[str, Any] = {**describe_telegram_place(place), "message_id": int(number),
                           "from": {"id": int(user), "is_bot": False}}  # fmt: skip
    if anonymous:
        raw |= {"from": {"id": 1087968824, "is_bot": True}, "sender_chat": {"id": int(place.chat)}}
    raw |= (
        {"document": {"file_id": file, "file_name": f"{file}.pdf"}, "caption": text}
        if file
        else {"text": text}
    )
    kind = "edited_message" if edited else "message"
    return telegram.build_event({"update_id": int(number), kind: raw}, bot=BOT)


def press_on_telegram(place: WritingSpot, user: str, number: int, key: str) -> InboxEvent:
    message = {
        **describe_telegram_place(place),
        "message_id": 70,
        "from": {"id": BOT.id, "is_bot": True},
    }
    query = {"id": str(number), "from": {"id": int(user), "is_bot": False}, "message": message}
    return telegram.build_event(
        {"update_id": number, "callback_query": {**query, "data": key}}, bot=BOT
    )


def describe_telegram_place(place: WritingSpot) -> dict[str, Any]:
    kind = {"dm": "private", "group": "group", "topic": "supergroup"}[place.kind]
    chat = {"id": int(place.chat), "type": kind, "is_forum": place.kind == "topic"}
    topic = (
        {"is_topic_message": True, "message_thread_id": int(place.thread)} if place.thread else {}
    )
    return {"chat": chat, **topic}


def find_tags(text: str) -> Iterable[str]:
    return (match.group() for match in TAG.finditer(text))


def list_button_keys(one: Outgoing) -> list[str]:
    return [button.key for row in one.content.buttons for button in row]


@dataclass(frozen=True)
class Step:
    """One thing that one person does. `choice` picks among buttons, words or commands."""

    person: int
    place: int
    act: str  # says mentions commands presses forges edits sends_file staff timer exports anonymous
    choice: int
