"""The Web API methods about channels and their histories."""

from __future__ import annotations

import base64

from tests.fakes.loopback_server import Json
from tests.fakes.slack.message_methods import hide_private_fields, parse_flag, register_method
from tests.fakes.slack.workspace import BOT_USER, SlackError, Workspace, WorkspaceChannel

HISTORY_LIMIT = 999


@register_method("conversations.open")
def open_conversation(work: Workspace, asked: Json) -> Json:
    if asked.get("channel"):
        return {"channel": {"id": work.find_channel(asked["channel"]).id}}
    users = [user for user in str(asked.get("users") or "").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    if any(user not in work.people for user in users):
        raise SlackError("user_not_found")
    if len(users) == 1:
        return {"channel": {"id": work.find_or_create_dm(users[0]).id}}
    group = WorkspaceChannel(work.next_id("G"), name=f"mpdm-{'--'.join(users)}", people=set(users))
    return {"channel": {"id": work.add_channel(group).id}}


@register_method("conversations.info")
def get_conversation_info(work: Workspace, asked: Json) -> Json:
    channel = work.channels.get(str(asked.get("channel")))
    if channel is None:
        raise SlackError("channel_not_found")
    return {"channel": channel.to_json()}


@register_method("conversations.join")
def join_conversation(work: Workspace, asked: Json) -> Json:
    channel = work.channels.get(str(asked.get("channel")))
    if channel is None or channel.kind != "channel":
        raise SlackError("channel_not_found")
    channel.member = True
    return {"channel": channel.to_json()}


@register_method("conversations.members")
def list_members(work: Workspace, asked: Json) -> Json:
    channel = work.find_channel(asked.get("channel"))
    people = {channel.user, *channel.people, BOT_USER} - {""}
    return {"members": sorted(people), "response_metadata": {"next_cursor": ""}}


def _paginate(found: list[Json], asked: Json, default: int, most: int) -> tuple[list[Json], str]:
    """One page, and the cursor of the next."""
    start = 0
    if asked.get("cursor"):
        try:
            start = int(base64.b64decode(str(asked["cursor"])).decode().removeprefix("next:"))
        except ValueError as error:
            raise SlackError("invalid_cursor") from error
    size = min(int(asked.get("limit") or default), most)
    more = start + size < len(found)
    cursor = base64.b64encode(f"next:{start + size}".encode()).decode() if more else ""
    return found[start : start + size], cursor


def _is_in_range(message: Json, asked: Json) -> bool:
    ts, same = message["ts"], parse_flag(asked.get("inclusive"))
    oldest, latest = str(asked.get("oldest") or "0"), str(asked.get("latest") or "9" * 10)
    low, high = _ts_to_microseconds(oldest), _ts_to_microseconds(latest)
    return low < _ts_to_microseconds(ts) < high or (same and _ts_to_microseconds(ts) in (low, high))


def _ts_to_microseconds(ts: str) -> int:
    """Microseconds, so that no digit of a `ts` is lost."""
    seconds, _, rest = ts.partition(".")
    return int(seconds or 0) * 1_000_000 + int((rest or "0").ljust(6, "0")[:6])


def _render_history_message(
    work: Workspace, channel: WorkspaceChannel, message: Json, asked: Json
) -> Json:
    """A message as history tells it: parents with their counts."""
    shown = hide_private_fields(message, metadata=parse_flag(asked.get("include_all_metadata")))
    replies = work.list_replies(channel, message["ts"])
    if replies:
        users = sorted({reply["user"] for reply in replies})
        counts = {"reply_count": len(replies), "reply_users_count": len(users)}
        shown |= {**counts, "reply_users": users, "latest_reply": replies[-1]["ts"]}
    return shown


def _build_history_page(
    work: Workspace, channel: WorkspaceChannel, asked: Json, found: list[Json], default: int
) -> Json:
    page, cursor = _paginate(found, asked, default, HISTORY_LIMIT)
    told = [_render_history_message(work, channel, message, asked) for message in page]
    answer: Json = {"messages": told, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@register_method("conversations.history")
def list_history(work: Workspace, asked: Json) -> Json:
    """Newest first, replies left out unless broadcast."""
    channel = work.find_channel(asked.get("channel"))
    found = [
        message
        for message in reversed(channel.messages.values())
        if message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    ]
    inside = [message for message in found if _is_in_range(message, asked)]
    return _build_history_page(work, channel, asked, inside, 100) | {"pin_count": len(channel.pins)}


@register_method("conversations.replies")
def list_replies(work: Workspace, asked: Json) -> Json:
    """Oldest first, the parent always at the head."""
    channel = work.find_channel(asked.get("channel"))
    parent = channel.messages.get(str(asked.get("ts")))
    if parent is None:
        raise SlackError("thread_not_found")
    thread = str(parent.get("thread_ts", parent["ts"]))
    head = channel.messages.get(thread, parent)
    rest = [m for m in work.list_replies(channel, thread) if _is_in_range(m, asked)]
    return _build_history_page(work, channel, asked, [head, *rest], 1000)


def _list_channels(work: Workspace, asked: Json, mine: bool) -> Json:
    wanted = str(asked.get("types") or "public_channel").split(",")
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "group"}
    found = [
        channel.to_json()
        for channel in work.channels.values()
        if channel.kind in {kinds.get(name) for name in wanted}
        and (channel.member or (not mine and channel.kind == "channel"))
        and not (channel.archived and parse_flag(asked.get("exclude_archived")))
    ]
    page, cursor = _paginate(found, asked, 100, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


@register_method("conversations.list")
def list_conversations(work: Workspace, asked: Json) -> Json:
    return _list_channels(work, asked, mine=False)


@register_method("users.conversations")
def list_user_conversations(work: Workspace, asked: Json) -> Json:
    return _list_channels(work, asked, mine=True)
