"""The Bot API methods about the bot itself, chats, members, topics, pins and commands."""

from __future__ import annotations

import json
import re

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.message_methods import find_message, register_method
from tests.fakes.telegram.request import ApiRequest
from tests.fakes.telegram.state import BOT, ApiError, Chat, TelegramState

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


@register_method("getMe")
def get_me(world: TelegramState, request: ApiRequest) -> Json:
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@register_method("getChat")
def get_chat(world: TelegramState, request: ApiRequest) -> Json:
    chat = world.find_chat(request.get("chat_id"))
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    allowed = dict.fromkeys((*gifts, "gifts_from_channels"), True)
    known: Json = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": allowed}
    if chat.pinned:
        known["pinned_message"] = chat.messages[chat.pinned[-1]]
    return {**chat.to_json(), **known}


def _build_member(chat: Chat, user_id: int) -> Json:
    is_bot = user_id == BOT["id"]
    person = BOT if is_bot else chat.members.get(user_id)
    if person is None:
        raise ApiError(400, "Bad Request: member not found")
    if user_id not in chat.admins and not is_bot:
        return {"status": "member", "user": person}
    rights = dict.fromkeys(RIGHTS, True)
    if is_bot:
        rights["can_manage_topics"] = chat.can_manage_topics
    own = {"can_be_edited": False, "is_anonymous": False}
    return {"status": "administrator", "user": person, **rights, **own}


@register_method("getChatMember")
def get_chat_member(world: TelegramState, request: ApiRequest) -> Json:
    return _build_member(world.find_chat(request.get("chat_id")), request.get_number("user_id"))


@register_method("getChatAdministrators")
def get_chat_administrators(world: TelegramState, request: ApiRequest) -> list[Json]:
    chat = world.find_chat(request.get("chat_id"))
    if chat.type == "private":
        raise ApiError(400, "Bad Request: there are no administrators in the private chat")
    return [_build_member(chat, user) for user in sorted(chat.admins)]


def _find_forum(world: TelegramState, request: ApiRequest) -> Chat:
    chat = world.find_chat(request.get("chat_id"))
    if not chat.forum:
        raise ApiError(400, "Bad Request: the chat is not a forum")
    return chat


def _find_topic(world: TelegramState, request: ApiRequest) -> tuple[Chat, int]:
    chat = _find_forum(world, request)
    thread = request.get_number("message_thread_id")
    if thread not in chat.topics:
        raise ApiError(400, "Bad Request: TOPIC_ID_INVALID")
    return chat, thread


@register_method("createForumTopic")
def create_forum_topic(world: TelegramState, request: ApiRequest) -> Json:
    chat = _find_forum(world, request)
    name = str(request.get("name") or "").strip()
    if not name:
        raise ApiError(400, "Bad Request: TOPIC_TITLE_EMPTY")
    if not chat.can_manage_topics:
        raise ApiError(400, "Bad Request: not enough rights to create a topic")
    thread = world.open_topic(chat, name[:TOPIC_NAME_LIMIT])
    color = 7322096
    return {"message_thread_id": thread, "name": chat.topics[thread].name, "icon_color": color}


def _set_closed(world: TelegramState, request: ApiRequest, closed: bool) -> bool:
    chat, thread = _find_topic(world, request)
    if chat.topics[thread].is_closed == closed:
        raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
    chat.topics[thread].is_closed = closed
    service = "forum_topic_closed" if closed else "forum_topic_reopened"
    world.add_message(chat, BOT, thread, **{service: {}})
    return True


@register_method("closeForumTopic")
def close_forum_topic(world: TelegramState, request: ApiRequest) -> bool:
    return _set_closed(world, request, True)


@register_method("reopenForumTopic")
def reopen_forum_topic(world: TelegramState, request: ApiRequest) -> bool:
    return _set_closed(world, request, False)


@register_method("editForumTopic")
def edit_forum_topic(world: TelegramState, request: ApiRequest) -> bool:
    chat, thread = _find_topic(world, request)
    name = str(request.get("name") or chat.topics[thread].name)
    if name == chat.topics[thread].name:
        raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
    chat.topics[thread].name = name
    world.add_message(chat, BOT, thread, forum_topic_edited={"name": name})
    return True


def drop_topic(chat: Chat, thread: int) -> None:
    """A topic goes, and all that was written in it."""
    del chat.topics[thread]
    for number, message in list(chat.messages.items()):
        if message.get("message_thread_id") == thread:
            del chat.messages[number]


@register_method("deleteForumTopic")
def delete_forum_topic(world: TelegramState, request: ApiRequest) -> bool:
    drop_topic(*_find_topic(world, request))
    return True


@register_method("pinChatMessage")
def pin_chat_message(world: TelegramState, request: ApiRequest) -> bool:
    chat = world.find_chat(request.get("chat_id"))
    message = find_message(chat, request, "pin")
    chat.pinned.append(message["message_id"])
    world.add_message(chat, BOT, message.get("message_thread_id"), pinned_message=message)
    return True


@register_method("unpinChatMessage")
def unpin_chat_message(world: TelegramState, request: ApiRequest) -> bool:
    chat = world.find_chat(request.get("chat_id"))
    wanted = request.get_number("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise ApiError(400, "Bad Request: message to unpin not found")
    chat.pinned.remove(wanted)
    return True


def command_key(scope: Json | None, language: str | None) -> str:
    """One list of commands for each scope and language."""
    kept = scope or {"type": "default"}
    return f"{json.dumps(kept, sort_keys=True)} {language or ''}".strip()


def _find_command_key(world: TelegramState, request: ApiRequest) -> str:
    scope = request.get("scope")
    if scope is not None and "chat_id" in scope:
        world.find_chat(scope["chat_id"])
    return command_key(scope, request.get("language_code"))


def _check_command(command: Json) -> None:
    if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", "")).lstrip("/")):
        raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= 256:
        raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


@register_method("setMyCommands")
def set_my_commands(world: TelegramState, request: ApiRequest) -> bool:
    commands: list[Json] = request.get("commands") or []
    if len(commands) > 100:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    world.commands[_find_command_key(world, request)] = commands
    return True


@register_method("setMyDescription")
def set_my_description(world: TelegramState, request: ApiRequest) -> bool:
    return _describe(world, request, "description", 512)


@register_method("setMyShortDescription")
def set_my_short_description(world: TelegramState, request: ApiRequest) -> bool:
    return _describe(world, request, "short_description", 120)


def _describe(world: TelegramState, request: ApiRequest, field: str, limit: int) -> bool:
    text = str(request.get(field) or "")
    if len(text) > limit:
        raise ApiError(400, f"Bad Request: {field.upper()}_TOO_LONG")
    world.descriptions[field, str(request.get("language_code") or "")] = text
    return True


@register_method("getMyCommands")
def get_my_commands(world: TelegramState, request: ApiRequest) -> list[Json]:
    return world.commands.get(_find_command_key(world, request), [])


@register_method("deleteMyCommands")
def delete_my_commands(world: TelegramState, request: ApiRequest) -> bool:
    world.commands.pop(_find_command_key(world, request), None)
    return True


def _store_profile_setting(world: TelegramState, request: ApiRequest) -> bool:
    """A setting of the bot's profile: kept as it was given."""
    world.profile |= request.params
    return True


for _name in ("setChatMenuButton", "setMyName"):
    register_method(_name)(_store_profile_setting)


@register_method("leaveChat")
def leave_chat(world: TelegramState, request: ApiRequest) -> bool:
    chat = world.find_chat(request.get("chat_id"))
    chat.refusal = ApiError(403, f"Forbidden: bot is not a member of the {chat.type} chat")
    return True
