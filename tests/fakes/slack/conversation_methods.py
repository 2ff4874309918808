"""The Web API methods about channels and their histories."""

from __future__ import annotations

import base64

from tests.fakes.loopback_server import Json
from tests.fakes.slack.message_methods import flag, method, public
from tests.fakes.slack.workspace import BOT_USER, Channel, SlackError, Workspace

HISTORY_LIMIT = 999


@method("conversations.open")
def open_conversation(work: Workspace, asked: Json) -> Json:
    if asked.get("channel"):
        return {"channel": {"id": work.channel(asked["channel"]).id}}
    users = [user for user in str(asked.get("users") or "").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    if any(user not in work.people for user in users):
        raise SlackError("user_not_found")
    if len(users) == 1:
        return {"channel": {"id": work.dm(users[0]).id}}
    group = Channel(work.next_id("G"), name=f"mpdm-{'--'.join(users)}", people=set(users))
    return {"channel": {"id": work.add_channel(group).id}}


@method("conversations.info")
def info(work: Workspace, asked: Json) -> Json:
    channel = work.channels.get(str(asked.get("channel")))
    if channel is None:
        raise SlackError("channel_not_found")
    return {"channel": channel.shape()}


@method("conversations.join")
def join(work: Workspace, asked: Json) -> Json:
    channel = work.channels.get(str(asked.get("channel")))
    if channel is None or channel.kind != "channel":
        raise SlackError("channel_not_found")
    channel.member = True
    return {"channel": channel.shape()}


@method("conversations.members")
def members(work: Workspace, asked: Json) -> Json:
    channel = work.channel(asked.get("channel"))
    people = {channel.user, *channel.people, BOT_USER} - {""}
    return {"members": sorted(people), "response_metadata": {"next_cursor": ""}}


def _page(found: list[Json], asked: Json, default: int, most: int) -> tuple[list[Json], str]:
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


def _inside(message: Json, asked: Json) -> bool:
    ts, same = message["ts"], flag(asked.get("inclusive"))
    oldest, latest = str(asked.get("oldest") or "0"), str(asked.get("latest") or "9" * 10)
    low, high = _number(oldest), _number(latest)
    return low < _number(ts) < high or (same and _number(ts) in (low, high))


def _number(ts: str) -> int:
    """Microseconds, so that no digit of a `ts` is lost."""
    seconds, _, rest = ts.partition(".")
    return int(seconds or 0) * 1_000_000 + int((rest or "0").ljust(6, "0")[:6])


def _told(work: Workspace, channel: Channel, message: Json, asked: Json) -> Json:
    """A message as history tells it: parents with their counts."""
    shown = public(message, metadata=flag(asked.get("include_all_metadata")))
    replies = work.replies(channel, message["ts"])
    if replies:
        users = sorted({reply["user"] for reply in replies})
        counts = {"reply_count": len(replies), "reply_users_count": len(users)}
        shown |= {**counts, "reply_users": users, "latest_reply": replies[-1]["ts"]}
    return shown


def _answer(
    work: Workspace, channel: Channel, asked: Json, found: list[Json], default: int
) -> Json:
    page, cursor = _page(found, asked, default, HISTORY_LIMIT)
    told = [_told(work, channel, message, asked) for message in page]
    answer: Json = {"messages": told, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@method("conversations.history")
def history(work: Workspace, asked: Json) -> Json:
    """Newest first, replies left out unless broadcast."""
    channel = work.channel(asked.get("channel"))
    found = [
        message
        for message in reversed(channel.messages.values())
        if message.get("thread_ts", message["ts"]) == message["ts"]
        or message.get("subtype") == "thread_broadcast"
    ]
    inside = [message for message in found if _inside(message, asked)]
    return _answer(work, channel, asked, inside, 100) | {"pin_count": len(channel.pins)}


@method("conversations.replies")
def replies(work: Workspace, asked: Json) -> Json:
    """Oldest first, the parent always at the head."""
    channel = work.channel(asked.get("channel"))
    parent = channel.messages.get(str(asked.get("ts")))
    if parent is None:
        raise SlackError("thread_not_found")
    thread = str(parent.get("thread_ts", parent["ts"]))
    head = channel.messages.get(thread, parent)
    rest = [m for m in work.replies(channel, thread) if _inside(m, asked)]
    return _answer(work, channel, asked, [head, *rest], 1000)


def _listed(work: Workspace, asked: Json, mine: bool) -> Json:
    wanted = str(asked.get("types") or "public_channel").split(",")
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "group"}
    found = [
        channel.shape()
        for channel in work.channels.values()
        if channel.kind in {kinds.get(name) for name in wanted}
        and (channel.member or (not mine and channel.kind == "channel"))
        and not (channel.archived and flag(asked.get("exclude_archived")))
    ]
    page, cursor = _page(found, asked, 100, 1000)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.list")
def conversations_list(work: Workspace, asked: Json) -> Json:
    return _listed(work, asked, mine=False)


@method("users.conversations")
def users_conversations(work: Workspace, asked: Json) -> Json:
    return _listed(work, asked, mine=True)
