"""The Web API methods about people, reactions, files, views and the assistant's pane."""

from __future__ import annotations

from tests.fakes.loopback_server import Json
from tests.fakes.slack.blocks import find_view_faults
from tests.fakes.slack.message_methods import parse_flag, register_method, require_arguments
from tests.fakes.slack.workspace import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    SlackError,
    SlackFile,
    Workspace,
    WorkspaceChannel,
    app_author,
)


@register_method("auth.test")
def auth_test(work: Workspace, asked: Json) -> Json:
    who = {"url": "https://naru-test.slack.com/", "team": "Naru", "user": "naru"}
    ids = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}
    return {**who, **ids}


@register_method("users.info")
def get_user_info(work: Workspace, asked: Json) -> Json:
    person = work.people.get(str(asked.get("user")))
    if person is None:
        raise SlackError("user_not_found")
    hidden = set() if parse_flag(asked.get("include_locale")) else {"locale"}
    return {"user": {key: value for key, value in person.items() if key not in hidden}}


def _find_reaction_target(work: Workspace, asked: Json) -> tuple[Json, str]:
    require_arguments(asked, "name")
    channel = work.find_channel(asked.get("channel"))
    return work.find_message(channel, asked.get("timestamp")), str(asked["name"])


@register_method("reactions.add")
def add_reaction(work: Workspace, asked: Json) -> Json:
    message, name = _find_reaction_target(work, asked)
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise SlackError("invalid_name")
    kept: list[Json] = message.setdefault("reactions", [])
    if any(each["name"] == name and BOT_USER in each["users"] for each in kept):
        raise SlackError("already_reacted")
    kept.append({"name": name, "users": [BOT_USER], "count": 1})
    return {}


@register_method("reactions.remove")
def remove_reaction(work: Workspace, asked: Json) -> Json:
    message, name = _find_reaction_target(work, asked)
    kept = [each for each in message.get("reactions", []) if each["name"] != name]
    if len(kept) == len(message.get("reactions", [])):
        raise SlackError("no_reaction")
    message["reactions"] = kept
    return {}


@register_method("pins.add")
def add_pin(work: Workspace, asked: Json) -> Json:
    channel = work.find_channel(asked.get("channel"))
    message = work.find_message(channel, asked.get("timestamp"))
    if message["ts"] in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.add(message["ts"])
    return {}


@register_method("bookmarks.add")
def add_bookmark(work: Workspace, asked: Json) -> Json:
    require_arguments(asked, "title", "type")
    channel = work.find_channel(asked.get("channel_id"))
    mark = {name: asked.get(name) for name in ("title", "type", "link", "emoji")}
    bookmark = {"id": work.next_id("Bk"), "channel_id": channel.id, **mark}
    work.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


# files


@register_method("files.getUploadURLExternal")
def get_upload_url(work: Workspace, asked: Json) -> Json:
    require_arguments(asked, "filename", "length")
    stored = work.store_file(str(asked["filename"]), None, BOT_USER, int(asked["length"]))
    return {"upload_url": f"{work.root}/upload/v1/{stored.id}", "file_id": stored.id}


def _find_uploaded_file(work: Workspace, listed: Json) -> SlackFile:
    stored = work.files.get(str(listed.get("id")))
    if stored is None or stored.content is None:
        raise SlackError("file_not_found")
    stored.title = str(listed.get("title") or stored.name)
    return stored


def share_files(
    work: Workspace, channel: WorkspaceChannel, files: list[SlackFile], asked: Json
) -> None:
    for stored in files:
        stored.channels.append(channel.id)
    shapes = [stored.to_json(work.root) for stored in files]
    thread = asked.get("thread_ts")
    text = str(asked.get("initial_comment") or "")
    message = work.post(channel, app_author(), text, files=shapes, thread_ts=thread, upload=True)
    work.emit_message(channel, {**message, "subtype": "file_share"})


@register_method("files.completeUploadExternal")
def complete_upload(work: Workspace, asked: Json) -> Json:
    require_arguments(asked, "files")
    files = [_find_uploaded_file(work, listed) for listed in asked["files"]]
    wanted = [asked.get("channel_id"), *str(asked.get("channels") or "").split(",")]
    for channel_id in filter(None, wanted):
        share_files(work, work.find_channel(channel_id, writing=True), files, asked)
    return {"files": [stored.to_json(work.root) for stored in files]}


@register_method("files.info")
def get_file_info(work: Workspace, asked: Json) -> Json:
    stored = work.files.get(str(asked.get("file")))
    if stored is None:
        raise SlackError("file_not_found")
    return {"file": stored.to_json(work.root), "comments": []}


# views


def _check_view(asked: Json) -> Json:
    view = asked.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    wrong = find_view_faults(view)
    if wrong:
        raise SlackError("invalid_arguments", wrong)
    return view


def store_view(work: Workspace, view: Json, number: str = "") -> Json:
    """A view as Slack keeps and returns it."""
    number = number or work.next_id("V")
    empty = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None}
    kept: Json = {
        **empty,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **view,
    }
    kept |= {"id": number, "team_id": TEAM, "app_id": APP, "bot_id": BOT, "hash": work.next_ts()}
    kept |= {"state": {"values": {}}, "root_view_id": number, "previous_view_id": None}
    kept |= {"app_installed_team_id": TEAM}
    work.views[number] = kept
    return kept


@register_method("views.open")
def open_view(work: Workspace, asked: Json) -> Json:
    work.use_trigger(asked.get("trigger_id"))
    return {"view": store_view(work, _check_view(asked))}


@register_method("views.push")
def push_view(work: Workspace, asked: Json) -> Json:
    return open_view(work, asked)


@register_method("views.update")
def update_view(work: Workspace, asked: Json) -> Json:
    number, external = asked.get("view_id"), asked.get("external_id")
    found = work.views.get(str(number)) or next(
        (view for view in work.views.values() if external and view["external_id"] == external), None
    )
    if found is None:
        raise SlackError("not_found")
    if asked.get("hash") and asked["hash"] != found["hash"]:
        raise SlackError("hash_conflict")
    return {"view": store_view(work, _check_view(asked), found["id"])}


@register_method("views.publish")
def publish_view(work: Workspace, asked: Json) -> Json:
    user = str(asked.get("user_id") or "")
    if user not in work.people:
        raise SlackError("invalid_arguments", ["[ERROR] user_id is not a user"])
    work.homes[user] = store_view(work, _check_view(asked))
    return {"view": work.homes[user]}


# the assistant's pane


def _find_assistant_thread(work: Workspace, asked: Json, *needed: str) -> Json:
    work.find_channel(asked.get("channel_id"))
    require_arguments(asked, "thread_ts", *needed)
    return {}


@register_method("assistant.threads.setStatus")
def set_status(work: Workspace, asked: Json) -> Json:
    answer = _find_assistant_thread(work, asked)
    if "status" not in asked:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: status"])
    work.statuses.append(dict(asked))
    return answer


@register_method("assistant.threads.setTitle")
def set_title(work: Workspace, asked: Json) -> Json:
    return _find_assistant_thread(work, asked, "title")


@register_method("assistant.threads.setSuggestedPrompts")
def set_prompts(work: Workspace, asked: Json) -> Json:
    work.find_channel(asked.get("channel_id"))
    prompts = asked.get("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise SlackError("invalid_arguments", ["[ERROR] must provide 1 to 4 prompts"])
    return {}
