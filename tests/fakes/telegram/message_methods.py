"""The Bot API methods that send, copy, edit and answer messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from telegram.constants import ReactionEmoji

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.request import CAPTION_LIMIT, ApiRequest
from tests.fakes.telegram.state import (
    BOT,
    ApiError,
    Chat,
    TelegramFile,
    TelegramState,
    build_media,
    strip_reply,
)

Method = Callable[[TelegramState, ApiRequest], Any]
METHODS: dict[str, Method] = {}
MEDIA_KINDS = ("photo", "document", "voice", "audio", "video", "animation", "sticker", "video_note")
CONTENT_KEYS = ("text", "entities", "caption", "caption_entities", "location", *MEDIA_KINDS)
CHAT_ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice"}
CHAT_ACTIONS |= {"upload_voice", "upload_document", "choose_sticker", "find_location"}
CHAT_ACTIONS |= {"record_video_note", "upload_video_note"}
PAST_PARTICIPLES = {"copy": "copied", "forward": "forwarded"}
EMOJI = {str(emoji.value) for emoji in ReactionEmoji}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
STALE_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def register_method(name: str) -> Callable[[Method], Method]:
    """Register a Bot API method; their names do not mind case."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


def find_thread(chat: Chat, request: ApiRequest) -> int | None:
    """The forum topic asked for; it must exist. Only who manages topics may write in a closed one."""
    thread = request.get("message_thread_id")
    if thread is None:
        return None
    if thread not in chat.topics or not chat.forum:
        raise ApiError(400, "Bad Request: message thread not found")
    if chat.topics[thread].is_closed and not chat.can_manage_topics:
        raise ApiError(400, "Bad Request: TOPIC_CLOSED")
    return int(thread)


def find_message(chat: Chat, request: ApiRequest, doing: str) -> Json:
    message = chat.messages.get(request.get_number("message_id"))
    if message is None:
        raise ApiError(400, f"Bad Request: message to {doing} not found")
    return message


def hide_reply_keyboard(message: Json) -> Json:
    """A message as the API answers it: of keyboards, only inline ones."""
    markup = message.get("reply_markup")
    if markup is None or "inline_keyboard" in markup:
        return message
    return {key: value for key, value in message.items() if key != "reply_markup"}


def post_bot_message(world: TelegramState, request: ApiRequest, content: Json) -> Json:
    """Post what the bot says, with everything that may hang on it."""
    chat = world.find_chat(request.get("chat_id"))
    thread = find_thread(chat, request)
    extra: Json = {
        "reply_markup": request.parse_markup(),
        "reply_to_message": _find_replied_message(chat, request),
    }
    extra["link_preview_options"] = request.get("link_preview_options")
    extra["has_protected_content"] = request.get_flag("protect_content") or None
    kept = {key: value for key, value in (content | extra).items() if value is not None}
    return hide_reply_keyboard(world.add_message(chat, BOT, thread, **kept))


def _find_replied_message(chat: Chat, request: ApiRequest) -> Json | None:
    wanted = request.get("reply_parameters")
    if wanted is None:
        return None
    message = chat.messages.get(int(wanted.get("message_id", 0)))
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise ApiError(400, "Bad Request: message to be replied not found")
    return None if message is None else strip_reply(message)


@register_method("sendMessage")
def send_message(world: TelegramState, request: ApiRequest) -> Json:
    world.find_chat(request.get("chat_id"))
    if not request.get("text"):
        raise ApiError(400, "Bad Request: message text is empty")
    text, entities = request.parse_text()
    if not text:
        raise ApiError(400, "Bad Request: text must be non-empty")
    return post_bot_message(world, request, {"text": text, "entities": entities})


@register_method("sendMessageDraft")
def send_message_draft(world: TelegramState, request: ApiRequest) -> bool:
    chat = world.find_chat(request.get("chat_id"))
    if chat.type != "private":
        raise ApiError(400, "Bad Request: chat must be a private chat")
    if not request.get_number("draft_id"):
        raise ApiError(400, "Bad Request: draft_id must be non-zero")
    find_thread(chat, request)
    text, _ = request.parse_text()
    world.drafts.append(
        {"chat_id": chat.id, "draft_id": request.get_number("draft_id"), "text": text}
    )
    return True


@register_method("sendChatAction")
def send_chat_action(world: TelegramState, request: ApiRequest) -> bool:
    find_thread(world.find_chat(request.get("chat_id")), request)
    if request.get("action") not in CHAT_ACTIONS:
        raise ApiError(400, "Bad Request: wrong parameter action in request")
    return True


@register_method("sendLocation")
def send_location(world: TelegramState, request: ApiRequest) -> Json:
    place = {name: float(request.get(name)) for name in ("latitude", "longitude")}
    return post_bot_message(world, request, {"location": place})


def _find_file(world: TelegramState, request: ApiRequest, kind: str) -> TelegramFile:
    given = str(request.get(kind) or "")
    upload = request.uploads.get(given.removeprefix("attach://") or kind)
    if upload is not None:
        return world.store_file(upload.name, upload.content, upload.mime)
    if given.startswith(("http://", "https://")):
        raise ApiError(400, "Bad Request: failed to get HTTP URL content")
    if given in world.files:
        return world.files[given]
    if not given:
        raise ApiError(400, f"Bad Request: there is no {kind.replace('_', ' ')} in the request")
    raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")


def _register_sender(kind: str) -> Method:
    def send_file(world: TelegramState, request: ApiRequest) -> Json:
        world.find_chat(request.get("chat_id"))
        caption, entities = request.parse_text("caption", CAPTION_LIMIT)
        content = build_media(_find_file(world, request, kind), kind)
        if caption:
            content |= {"caption": caption, "caption_entities": entities or None}
        return post_bot_message(world, request, content)

    return send_file


for _kind in MEDIA_KINDS:
    register_method(f"send{_kind.replace('_', '')}")(_register_sender(_kind))


@register_method("getFile")
def get_file(world: TelegramState, request: ApiRequest) -> Json:
    stored = world.files.get(str(request.get("file_id")))
    if stored is None:
        reason = "wrong file_id or the file is temporarily unavailable"
        raise ApiError(400, f"Bad Request: {reason}")
    if stored.size > 20 * 1024 * 1024:
        raise ApiError(400, "Bad Request: file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": f"u{stored.id}",
        "file_size": stored.size,
        "file_path": stored.path,
    }


def _find_source_message(world: TelegramState, request: ApiRequest, doing: str) -> Json:
    message = find_message(world.find_chat(request.get("from_chat_id")), request, doing)
    if message.get("has_protected_content"):
        raise ApiError(400, f"Bad Request: the message can't be {PAST_PARTICIPLES[doing]}")
    return message


@register_method("copyMessage")
def copy_message(world: TelegramState, request: ApiRequest) -> Json:
    source = _find_source_message(world, request, "copy")
    content = {key: source[key] for key in CONTENT_KEYS if key in source}
    if not content:
        raise ApiError(400, "Bad Request: the message can't be copied")
    if request.get("caption") is not None:
        caption, entities = request.parse_text("caption", CAPTION_LIMIT)
        content |= {"caption": caption, "caption_entities": entities or None}
    return {"message_id": post_bot_message(world, request, content)["message_id"]}


@register_method("forwardMessage")
def forward_message(world: TelegramState, request: ApiRequest) -> Json:
    source = _find_source_message(world, request, "forward")
    origin = {"type": "user", "date": source["date"], "sender_user": source["from"]}
    content = {key: source[key] for key in CONTENT_KEYS if key in source}
    return post_bot_message(world, request, {**content, "forward_origin": origin})


def _edit_message(world: TelegramState, request: ApiRequest, change: Json) -> Json:
    chat = world.find_chat(request.get("chat_id"))
    message = find_message(chat, request, "edit")
    if message["from"]["id"] != BOT["id"]:
        raise ApiError(400, "Bad Request: message can't be edited")
    kept = {key: value for key, value in change.items() if value}
    if all(message.get(key) == (value or None) for key, value in change.items()):
        raise ApiError(400, NOT_MODIFIED)
    for key in change:
        message.pop(key, None)
    message |= {**kept, "edit_date": int(time.time())}
    return hide_reply_keyboard(message)


@register_method("editMessageText")
def edit_message_text(world: TelegramState, request: ApiRequest) -> Json:
    text, entities = request.parse_text()
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    change = {"text": text, "entities": entities, "reply_markup": request.parse_markup()}
    return _edit_message(world, request, change)


@register_method("editMessageCaption")
def edit_message_caption(world: TelegramState, request: ApiRequest) -> Json:
    caption, entities = request.parse_text("caption", CAPTION_LIMIT)
    change = {
        "caption": caption,
        "caption_entities": entities,
        "reply_markup": request.parse_markup(),
    }
    return _edit_message(world, request, change)


@register_method("editMessageReplyMarkup")
def edit_message_reply_markup(world: TelegramState, request: ApiRequest) -> Json:
    return _edit_message(world, request, {"reply_markup": request.parse_markup()})


@register_method("deleteMessage")
def delete_message(world: TelegramState, request: ApiRequest) -> bool:
    chat = world.find_chat(request.get("chat_id"))
    find_message(chat, request, "delete")
    del chat.messages[request.get_number("message_id")]
    return True


@register_method("answerCallbackQuery")
def answer_callback_query(world: TelegramState, request: ApiRequest) -> bool:
    number = str(request.get("callback_query_id"))
    if world.queries.get(number, {}) is not None:
        raise ApiError(400, STALE_QUERY)
    if len(str(request.get("text") or "")) > 200:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    world.queries[number] = {"text": request.get("text"), "alert": request.get_flag("show_alert")}
    return True


@register_method("setMessageReaction")
def set_message_reaction(world: TelegramState, request: ApiRequest) -> bool:
    chat = world.find_chat(request.get("chat_id"))
    find_message(chat, request, "react")
    wanted: list[Json] = request.get("reaction") or []
    if len(wanted) > 1:
        raise ApiError(400, "Bad Request: REACTIONS_TOO_MANY")
    if any(each.get("type") == "emoji" and each.get("emoji") not in EMOJI for each in wanted):
        raise ApiError(400, "Bad Request: REACTION_INVALID")
    world.reactions[chat.id, request.get_number("message_id")] = wanted
    return True
