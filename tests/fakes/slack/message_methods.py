"""The Web API methods that write messages."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.loopback_server import Json
from tests.fakes.slack.blocks import find_block_faults
from tests.fakes.slack.workspace import (
    BOT,
    SlackError,
    Workspace,
    WorkspaceChannel,
    app_author,
)

Method = Callable[[Workspace, Json], Json]
METHODS: dict[str, Method] = {}
TEXT_LIMIT = 40_000


def register_method(name: str) -> Callable[[Method], Method]:
    """Register a Web API method; what it returns is the answer without `ok`."""

    def register(function: Method) -> Method:
        METHODS[name] = function
        return function

    return register


def parse_flag(value: object) -> bool:
    return str(value).lower() in ("1", "true")


def require_arguments(asked: Json, *names: str) -> None:
    """Answer `invalid_arguments` unless all are there."""
    missing = [name for name in names if asked.get(name) in (None, "")]
    if missing:
        words = [f"[ERROR] missing required field: {name}" for name in missing]
        raise SlackError("invalid_arguments", words)


# messages


def _find_target_channel(work: Workspace, asked: Json) -> WorkspaceChannel:
    where = str(asked.get("channel") or "")
    if where.startswith("U") and where in work.people:
        return work.find_or_create_dm(where)
    return work.find_channel(where, writing=True)


def _parse_content(asked: Json) -> Json:
    """What was written, checked as Slack checks it."""
    text = str(asked.get("text") or asked.get("markdown_text") or "")
    blocks = asked.get("blocks")
    if not text and not blocks and not asked.get("attachments"):
        raise SlackError("no_text")
    if len(text) > TEXT_LIMIT:
        raise SlackError("msg_too_long")
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    wrong = find_block_faults(blocks or [])
    if wrong:
        raise SlackError("invalid_blocks", wrong)
    return {"text": text, "blocks": blocks, "attachments": asked.get("attachments")}


def _parse_metadata(asked: Json) -> Json | None:
    metadata: Json | None = asked.get("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    return metadata


def _find_thread(channel: WorkspaceChannel, asked: Json) -> str | None:
    """The thread asked for; its parent learns that it has one."""
    thread: str | None = asked.get("thread_ts")
    if thread is None:
        return None
    parent = channel.messages.get(thread)
    if parent is not None:
        thread = parent.setdefault("thread_ts", thread)
    return thread


@register_method("chat.postMessage")
def post_message(work: Workspace, asked: Json) -> Json:
    channel = _find_target_channel(work, asked)
    content = _parse_content(asked)
    text = content.pop("text")
    content |= {"metadata": _parse_metadata(asked), "thread_ts": _find_thread(channel, asked)}
    content |= {name: asked.get(name) for name in ("unfurl_links", "unfurl_media")}
    if parse_flag(asked.get("reply_broadcast")) and content["thread_ts"]:
        content["subtype"] = "thread_broadcast"
    message = work.post(channel, app_author(), text, **content)
    work.emit_message(channel, hide_private_fields(message, metadata=False))
    return {"channel": channel.id, "ts": message["ts"], "message": hide_private_fields(message)}


def hide_private_fields(message: Json, metadata: bool = True) -> Json:
    hidden = {"unfurl_links", "unfurl_media", *(() if metadata else ("metadata",))}
    return {key: value for key, value in message.items() if key not in hidden}


def _find_own_message(work: Workspace, asked: Json, refusal: str) -> tuple[WorkspaceChannel, Json]:
    channel = work.find_channel(asked.get("channel"), writing=True)
    message = work.find_message(channel, asked.get("ts"))
    if message.get("bot_id") != BOT:
        raise SlackError(refusal)
    return channel, message


@register_method("chat.update")
def update_message(work: Workspace, asked: Json) -> Json:
    channel, message = _find_own_message(work, asked, "cant_update_message")
    if channel.edit_refusal:
        raise SlackError(channel.edit_refusal)
    content = _parse_content(asked) | {"metadata": _parse_metadata(asked)}
    kept = {key: value for key, value in content.items() if value is not None}
    if "blocks" not in kept:
        message.pop("blocks", None)
    work.edit_message(channel, message, kept)
    return {
        "channel": channel.id,
        "ts": message["ts"],
        "text": message["text"],
        "message": hide_private_fields(message),
    }


@register_method("chat.delete")
def delete_message(work: Workspace, asked: Json) -> Json:
    channel, message = _find_own_message(work, asked, "cant_delete_message")
    work.edit_message(channel, message, None)
    return {"channel": channel.id, "ts": message["ts"]}


@register_method("chat.postEphemeral")
def post_ephemeral(work: Workspace, asked: Json) -> Json:
    channel = work.find_channel(asked.get("channel"), writing=True)
    require_arguments(asked, "user")
    content = {key: value for key, value in _parse_content(asked).items() if value is not None}
    ts = work.next_ts()
    seen_by = {"channel": channel.id, "user": asked["user"], "ts": ts}
    work.ephemerals.append({**seen_by, "thread_ts": asked.get("thread_ts"), **content})
    return {"message_ts": ts}


@register_method("chat.getPermalink")
def get_permalink(work: Workspace, asked: Json) -> Json:
    channel = work.find_channel(asked.get("channel"))
    message = work.find_message(channel, asked.get("message_ts"))
    path = f"archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread = message.get("thread_ts", message["ts"])
    tail = f"?thread_ts={thread}&cid={channel.id}" if thread != message["ts"] else ""
    return {"channel": channel.id, "permalink": f"https://naru-test.slack.com/{path}{tail}"}
