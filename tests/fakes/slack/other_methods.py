"""The Web API methods about people, reactions, files, views and the assistant's pane."""

from __future__ import annotations

from tests.fakes.loopback_server import Json
from tests.fakes.slack.blocks import view_faults
from tests.fakes.slack.message_methods import flag, method, need
from tests.fakes.slack.workspace import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    Channel,
    SlackError,
    StoredFile,
    Workspace,
    me,
)


@method("auth.test")
def auth_test(work: Workspace, asked: Json) -> Json:
    who = {"url": "https://naru-test.slack.com/", "team": "Naru", "user": "naru"}
    ids = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}
    return {**who, **ids}


@method("users.info")
def users_info(work: Workspace, asked: Json) -> Json:
    person = work.people.get(str(asked.get("user")))
    if person is None:
        raise SlackError("user_not_found")
    hidden = set() if flag(asked.get("include_locale")) else {"locale"}
    return {"user": {key: value for key, value in person.items() if key not in hidden}}


def _reacted(work: Workspace, asked: Json) -> tuple[Json, str]:
    need(asked, "name")
    channel = work.channel(asked.get("channel"))
    return work.message(channel, asked.get("timestamp")), str(asked["name"])


@method("reactions.add")
def add_reaction(work: Workspace, asked: Json) -> Json:
    message, name = _reacted(work, asked)
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise SlackError("invalid_name")
    kept: list[Json] = message.setdefault("reactions", [])
    if any(each["name"] == name and BOT_USER in each["users"] for each in kept):
        raise SlackError("already_reacted")
    kept.append({"name": name, "users": [BOT_USER], "count": 1})
    return {}


@method("reactions.remove")
def remove_reaction(work: Workspace, asked: Json) -> Json:
    message, name = _reacted(work, asked)
    kept = [each for each in message.get("reactions", []) if each["name"] != name]
    if len(kept) == len(message.get("reactions", [])):
        raise SlackError("no_reaction")
    message["reactions"] = kept
    return {}


@method("pins.add")
def add_pin(work: Workspace, asked: Json) -> Json:
    channel = work.channel(asked.get("channel"))
    message = work.message(channel, asked.get("timestamp"))
    if message["ts"] in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.add(message["ts"])
    return {}


@method("bookmarks.add")
def add_bookmark(work: Workspace, asked: Json) -> Json:
    need(asked, "title", "type")
    channel = work.channel(asked.get("channel_id"))
    mark = {name: asked.get(name) for name in ("title", "type", "link", "emoji")}
    bookmark = {"id": work.next_id("Bk"), "channel_id": channel.id, **mark}
    work.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


# files


@method("files.getUploadURLExternal")
def get_upload_url(work: Workspace, asked: Json) -> Json:
    need(asked, "filename", "length")
    stored = work.keep(str(asked["filename"]), None, BOT_USER, int(asked["length"]))
    return {"upload_url": f"{work.root}/upload/v1/{stored.id}", "file_id": stored.id}


def _uploaded(work: Workspace, listed: Json) -> StoredFile:
    stored = work.files.get(str(listed.get("id")))
    if stored is None or stored.content is None:
        raise SlackError("file_not_found")
    stored.title = str(listed.get("title") or stored.name)
    return stored


def share(work: Workspace, channel: Channel, files: list[StoredFile], asked: Json) -> None:
    for stored in files:
        stored.channels.append(channel.id)
    shapes = [stored.shape(work.root) for stored in files]
    thread = asked.get("thread_ts")
    text = str(asked.get("initial_comment") or "")
    message = work.post(channel, me(), text, files=shapes, thread_ts=thread, upload=True)
    work.told(channel, {**message, "subtype": "file_share"})


@method("files.completeUploadExternal")
def complete_upload(work: Workspace, asked: Json) -> Json:
    need(asked, "files")
    files = [_uploaded(work, listed) for listed in asked["files"]]
    wanted = [asked.get("channel_id"), *str(asked.get("channels") or "").split(",")]
    for channel_id in filter(None, wanted):
        share(work, work.channel(channel_id, writing=True), files, asked)
    return {"files": [stored.shape(work.root) for stored in files]}


@method("files.info")
def files_info(work: Workspace, asked: Json) -> Json:
    stored = work.files.get(str(asked.get("file")))
    if stored is None:
        raise SlackError("file_not_found")
    return {"file": stored.shape(work.root), "comments": []}


# views


def _checked(asked: Json) -> Json:
    view = asked.get("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    wrong = view_faults(view)
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
    kept |= {"id": number, "team_id": TEAM, "app_id": APP, "bot_id": BOT, "hash": work.now()}
    kept |= {"state": {"values": {}}, "root_view_id": number, "previous_view_id": None}
    kept |= {"app_installed_team_id": TEAM}
    work.views[number] = kept
    return kept


@method("views.open")
def open_view(work: Workspace, asked: Json) -> Json:
    work.use_trigger(asked.get("trigger_id"))
    return {"view": store_view(work, _checked(asked))}


@method("views.push")
def push_view(work: Workspace, asked: Json) -> Json:
    return open_view(work, asked)


@method("views.update")
def update_view(work: Workspace, asked: Json) -> Json:
    number, external = asked.get("view_id"), asked.get("external_id")
    found = work.views.get(str(number)) or next(
        (view for view in work.views.values() if external and view["external_id"] == external), None
    )
    if found is None:
        raise SlackError("not_found")
    if asked.get("hash") and asked["hash"] != found["hash"]:
        raise SlackError("hash_conflict")
    return {"view": store_view(work, _checked(asked), found["id"])}


@method("views.publish")
def publish_view(work: Workspace, asked: Json) -> Json:
    user = str(asked.get("user_id") or "")
    if user not in work.people:
        raise SlackError("invalid_arguments", ["[ERROR] user_id is not a user"])
    work.homes[user] = store_view(work, _checked(asked))
    return {"view": work.homes[user]}


# the assistant's pane


def _pane(work: Workspace, asked: Json, *needed: str) -> Json:
    work.channel(asked.get("channel_id"))
    need(asked, "thread_ts", *needed)
    return {}


@method("assistant.threads.setStatus")
def set_status(work: Workspace, asked: Json) -> Json:
    answer = _pane(work, asked)
    if "status" not in asked:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: status"])
    work.statuses.append(dict(asked))
    return answer


@method("assistant.threads.setTitle")
def set_title(work: Workspace, asked: Json) -> Json:
    return _pane(work, asked, "title")


@method("assistant.threads.setSuggestedPrompts")
def set_prompts(work: Workspace, asked: Json) -> Json:
    work.channel(asked.get("channel_id"))
    prompts = asked.get("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise SlackError("invalid_arguments", ["[ERROR] must provide 1 to 4 prompts"])
    return {}
