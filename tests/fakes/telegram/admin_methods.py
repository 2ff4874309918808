"""The Bot API methods about the bot itself, chats, members, topics, pins and commands."""

from __future__ import annotations

import json
import re

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.message_methods import message_of, method
from tests.fakes.telegram.request import Request
from tests.fakes.telegram.state import BOT, ApiError, Chat, World

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
TOPIC_NAME_LIMIT = 128


@method("getMe")
def get_me(world: World, request: Request) -> Json:
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getChat")
def get_chat(world: World, request: Request) -> Json:
    chat = world.chat(request.get("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    allowed = dict.fromkeys((*gifts, "gifts_from_channels"), True)
    known: Json = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": allowed}
    if chat.pinned:
        known["pinned_message"] = chat.messages[chat.pinned[-1]]
    return {**chat.shape(), **known}


def _member(chat: Chat, user_id: int) -> Json:
    person = chat.members.get(user_id)
    if person is None:
        raise ApiError(400, "Bad Request: member not found")
    if user_id not in chat.admins:
        return {"status": "member", "user": person}
    rights = dict.fromkeys(RIGHTS, True)
    own = {"can_be_edited": False, "is_anonymous": False}
    return {"status": "administrator", "user": person, **rights, **own}


@method("getChatMember")
def get_chat_member(world: World, request: Request) -> Json:
    return _member(world.chat(request.get("chat_id")), request.number("user_id"))


@method("getChatAdministrators")
def get_chat_administrators(world: World, request: Request) -> list[Json]:
    chat = world.chat(request.get("chat_id"))
    if chat.type == "private":
        raise ApiError(400, "Bad Request: there are no administrators in the private chat")
    return [_member(chat, user) for user in sorted(chat.admins)]


def _forum(world: World, request: Request) -> Chat:
    chat = world.chat(request.get("chat_id"))
    if not chat.forum:
        raise ApiError(400, "Bad Request: the chat is not a forum")
    return chat


def _topic(world: World, request: Request) -> tuple[Chat, int]:
    chat = _forum(world, request)
    thread = request.number("message_thread_id")
    if thread not in chat.topics:
        raise ApiError(400, "Bad Request: TOPIC_ID_INVALID")
    return chat, thread


@method("createForumTopic")
def create_forum_topic(world: World, request: Request) -> Json:
    chat = _forum(world, request)
    name = str(request.get("name") or "").strip()
    if not name:
        raise ApiError(400, "Bad Request: TOPIC_TITLE_EMPTY")
    thread = world.open_topic(chat, name[:TOPIC_NAME_LIMIT])
    color = 7322096
    return {"message_thread_id": thread, "name": chat.topics[thread].name, "icon_color": color}


def _set_closed(world: World, request: Request, closed: bool) -> bool:
    chat, thread = _topic(world, request)
    if chat.topics[thread].closed == closed:
        raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
    chat.topics[thread].closed = closed
    service = "forum_topic_closed" if closed else "forum_topic_reopened"
    world.post(chat, BOT, thread, **{service: {}})
    return True


@method("closeForumTopic")
def close_forum_topic(world: World, request: Request) -> bool:
    return _set_closed(world, request, True)


@method("reopenForumTopic")
def reopen_forum_topic(world: World, request: Request) -> bool:
    return _set_closed(world, request, False)


@method("editForumTopic")
def edit_forum_topic(world: World, request: Request) -> bool:
    chat, thread = _topic(world, request)
    name = str(request.get("name") or chat.topics[thread].name)
    if name == chat.topics[thread].name:
        raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
    chat.topics[thread].name = name
    world.post(chat, BOT, thread, forum_topic_edited={"name": name})
    return True


def drop_topic(chat: Chat, thread: int) -> None:
    """A topic goes, and all that was written in it."""
    del chat.topics[thread]
    for number, message in list(chat.messages.items()):
        if message.get("message_thread_id") == thread:
            del chat.messages[number]


@method("deleteForumTopic")
def delete_forum_topic(world: World, request: Request) -> bool:
    drop_topic(*_topic(world, request))
    return True


@method("pinChatMessage")
def pin_chat_message(world: World, request: Request) -> bool:
    chat = world.chat(request.get("chat_id"))
    message = message_of(chat, request, "pin")
    chat.pinned.append(message["message_id"])
    world.post(chat, BOT, message.get("message_thread_id"), pinned_message=message)
    return True


@method("unpinChatMessage")
def unpin_chat_message(world: World, request: Request) -> bool:
    chat = world.chat(request.get("chat_id"))
    wanted = request.number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise ApiError(400, "Bad Request: message to unpin not found")
    chat.pinned.remove(wanted)
    return True


def command_key(scope: Json | None, language: str | None) -> str:
    """One list of commands for each scope and language."""
    kept = scope or {"type": "default"}
    return f"{json.dumps(kept, sort_keys=True)} {language or ''}".strip()


def _scope(world: World, request: Request) -> str:
    scope = request.get("scope")
    if scope is not None and "chat_id" in scope:
        world.chat(scope["chat_id"])
    return command_key(scope, request.get("language_code"))


def _check_command(command: Json) -> None:
    if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", "")).lstrip("/")):
        raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= 256:
        raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


@method("setMyCommands")
def set_my_commands(world: World, request: Request) -> bool:
    commands: list[Json] = request.get("commands") or []
    if len(commands) > 100:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    world.commands[_scope(world, request)] = commands
    return True


@method("getMyCommands")
def get_my_commands(world: World, request: Request) -> list[Json]:
    return world.commands.get(_scope(world, request), [])


@method("deleteMyCommands")
def delete_my_commands(world: World, request: Request) -> bool:
    world.commands.pop(_scope(world, request), None)
    return True


def _keep(world: World, request: Request) -> bool:
    """A setting of the bot's profile: kept as it was given."""
    world.profile |= request.params
    return True


for _name in ("setChatMenuButton", "setMyDescription", "setMyShortDescription", "setMyName"):
    method(_name)(_keep)


@method("leaveChat")
def leave_chat(world: World, request: Request) -> bool:
    chat = world.chat(request.get("chat_id"))
    chat.refusal = ApiError(403, f"Forbidden: bot is not a member of the {chat.type} chat")
    return True
