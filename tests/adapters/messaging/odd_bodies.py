"""Requests of each messenger, and the same with one of their values replaced by another kind."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import islice
from typing import Any

Json = dict[str, Any]

ODD_VALUES: list[Any] = [
    None, 0, -1, True, 1e999, "", "x", "\ud800", "\x00", [], [1], ["x"], [[]], [None], {}, {"x": 1},
    10**30, [{"a": 1}], {"id": [1]}, "x" * 999,
]  # fmt: skip

_PERSON = {"id": 1, "is_bot": False, "first_name": "M", "username": "m", "language_code": "vi"}
_CHAT = {"id": 1, "type": "private", "is_forum": True}
_SPOT = {"latitude": 1.0, "longitude": 2.0}
_MESSAGE = {"message_id": 5, "date": 1, "from": _PERSON, "chat": _CHAT}
TELEGRAM_UPDATES: list[Json] = [
    {"update_id": 1, "message": {
        **_MESSAGE, "text": "물류비", "quote": {"text": "x"}, "media_group_id": "77",
        "message_thread_id": 7, "is_topic_message": True,
        "entities": [
            {"type": "text_link", "offset": 0, "length": 3, "url": "https://x.kr"},
            {"type": "text_mention", "user": _PERSON, "offset": 0, "length": 2},
        ],
        "reply_to_message": {"message_id": 3, "from": _PERSON, "text": "t", "chat": _CHAT},
        "forward_origin": {"type": "user", "sender_user": _PERSON},
    }},
    {"update_id": 1, "message": {
        **_MESSAGE, "photo": [{"file_id": "s", "file_size": 10}], "caption": "c", "location": _SPOT,
        "document": {"file_id": "d", "file_name": "a", "file_size": 5, "mime_type": "a/b"},
        "venue": {"title": "t", "address": "a", "location": _SPOT}, "sticker": {"emoji": "x"},
        "contact": {"first_name": "a", "phone_number": "1"},
        "poll": {"question": "q", "options": [{"text": "a"}]},
        "sender_chat": {"id": 3, "title": "x"}, "author_signature": "x",
    }},
    {"update_id": 1, "edited_message": {**_MESSAGE, "edit_date": 4, "text": "@naru_bot claim"}},
    {"update_id": 1, "callback_query": {
        "id": "1", "from": _PERSON, "data": "claim:17", "message": {**_MESSAGE, "text": "x"},
    }},
    {"update_id": 1, "my_chat_member": {
        "chat": _CHAT, "from": _PERSON, "new_chat_member": {"status": "member", "user": _PERSON},
    }},
]  # fmt: skip

_TO_NARU: Json = {
    "type": "event_callback", "event_id": "E1", "team_id": "T", "api_app_id": "A",
    "authorizations": [{"team_id": "T", "user_id": "U0NARU", "is_bot": True}],
}  # fmt: skip
_SAID = {"type": "message", "user": "U1", "ts": "1.1", "text": "<@U0NARU> claim"}
_PRESS: Json = {
    "type": "block_actions", "trigger_id": "1.1", "user": {"id": "U1"}, "team": {"id": "T"},
    "channel": {"id": "C1"}, "container": {"channel_id": "C1", "message_ts": "1.1"},
    "message": {"ts": "1.1", "thread_ts": "1.0"},
}  # fmt: skip
SLACK_PAYLOADS: list[Json] = [
    {**_TO_NARU, "event": {
        **_SAID, "channel": "C1", "channel_type": "channel", "user_team": "T", "thread_ts": "1.0",
        "event_ts": "1.1", "subtype": "file_share",
        "files": [{"id": "F1", "name": "a", "mimetype": "a/b", "size": 4,
                   "url_private": "https://files.slack.com/a"}],
        "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "text", "text": "x", "style": {"bold": True}},
            {"type": "link", "url": "https://x.kr"},
        ]}]}],
        "attachments": [{"is_share": True, "author_name": "x", "text": "t", "files": [{"id": "F2"}]}],
    }},
    {**_TO_NARU, "event": {
        "type": "message", "subtype": "message_changed", "channel": "D1", "ts": "3.0",
        "message": {**_SAID, "edited": {"ts": "2.0"}}, "previous_message": {**_SAID, "text": "x"},
    }},
    {**_TO_NARU, "event": {
        "type": "message", "subtype": "message_deleted", "channel": "D1", "deleted_ts": "1.1",
        "previous_message": _SAID,
    }},
    {**_TO_NARU, "event": {"type": "member_joined_channel", "user": "U0NARU", "channel": "C1"}},
    {**_PRESS, "actions": [{"action_id": "claim:1", "value": "claim:1", "action_ts": "1.2"}]},
    {**_PRESS, "actions": [{"action_id": "reassign:1", "type": "button", "block_id": "b"}]},
    {"type": "view_submission", "user": {"id": "U1"}, "team": {"id": "T"}, "view": {
        "id": "V1", "hash": "h", "callback_id": "reassign",
        "private_metadata": '{"channel": "C1", "thread": "1.0"}',
        "state": {"values": {"b": {"a": {"value": "vn-hanoi"}}}},
    }},
    {"command": "/naru", "text": "help", "channel_id": "C1", "user_id": "U1", "trigger_id": "1"},
    {"type": "url_verification", "challenge": "x", "token": "t"},
]  # fmt: skip

KAKAO_REQUESTS: list[Json] = [
    {"userRequest": {
        "timezone": "Asia/Seoul", "params": {"media": {"type": "image", "url": "https://x.kr"}},
        "utterance": "물류비", "lang": "kr", "callbackUrl": "https://x.kr",
        "user": {"id": "u", "type": "botUserKey", "properties": {"botUserKey": "u"}},
    }, "action": {"clientExtra": {"key": "x"}, "params": {"k": "v"}}, "bot": {"id": "b"}},
]  # fmt: skip


def vary(whole: Json, step: int = 1) -> Iterator[Json]:
    """The request with each of its values, also the innermost, replaced by each odd one, every
    `step`-th of these."""
    varied = (
        _replace(whole, path, odd) for path in _list_paths(whole) if path for odd in ODD_VALUES
    )
    return islice(varied, 0, None, step)


def _list_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for key, one in enumerate(value) if isinstance(value, list) else inner:
        yield from _list_paths(one, (*path, key))


def _replace(whole: Json, path: tuple[Any, ...], value: Any) -> Json:
    changed: Any = copy.deepcopy(whole)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return dict(changed)
