"""The Bot API methods that send, copy, edit and answer messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from telegram.constants import ReactionEmoji

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.request import CAPTION_LIMIT, Request
from tests.fakes.telegram.state import BOT, ApiError, Chat, StoredFile, World, media, quoted

Method = Callable[[World, Request], Any]
METHODS: dict[str, Method] = {}
KINDS = ("photo", "document", "voice", "audio", "video", "animation", "sticker", "video_note")
CONTENT = ("text", "entities", "caption", "caption_entities", "location", *KINDS)
ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice"}
ACTIONS |= {"upload_voice", "upload_document", "choose_sticker", "find_location"}
ACTIONS |= {"record_video_note", "upload_video_note"}
DONE = {"copy": "copied", "forward": "forwarded"}
EMOJI = {str(emoji.value) for emoji in ReactionEmoji}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
STALE_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def method(name: str) -> Callable[[Method], Method]:
    """Register a Bot API method; their names do not mind case."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


def thread_of(chat: Chat, request: Request) -> int | None:
    """The forum topic asked for; it must exist."""
    thread = request.get("message_thread_id")
    if thread is None:
        return None
    if thread not in chat.topics:
        raise ApiError(400, "Bad Request: message thread not found")
    return int(thread)


def message_of(chat: Chat, request: Request, doing: str) -> Json:
    message = chat.messages.get(request.number("message_id"))
    if message is None:
        raise ApiError(400, f"Bad Request: message to {doing} not found")
    return message


def visible(message: Json) -> Json:
    """A message as the API answers it: of keyboards, only inline ones."""
    markup = message.get("reply_markup")
    if markup is None or "inline_keyboard" in markup:
        return message
    return {key: value for key, value in message.items() if key != "reply_markup"}


def send(world: World, request: Request, content: Json) -> Json:
    """Post what the bot says, with everything that may hang on it."""
    chat = world.chat(request.get("chat_id"))
    thread = thread_of(chat, request)
    extra: Json = {"reply_markup": request.markup(), "reply_to_message": _reply(chat, request)}
    extra["link_preview_options"] = request.get("link_preview_options")
    extra["has_protected_content"] = request.flag("protect_content") or None
    kept = {key: value for key, value in (content | extra).items() if value is not None}
    return visible(world.post(chat, BOT, thread, **kept))


def _reply(chat: Chat, request: Request) -> Json | None:
    wanted = request.get("reply_parameters")
    if wanted is None:
        return None
    message = chat.messages.get(int(wanted.get("message_id", 0)))
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise ApiError(400, "Bad Request: message to be replied not found")
    return None if message is None else quoted(message)


@method("sendMessage")
def send_message(world: World, request: Request) -> Json:
    world.chat(request.get("chat_id"))
    if not request.get("text"):
        raise ApiError(400, "Bad Request: message text is empty")
    text, entities = request.text()
    if not text:
        raise ApiError(400, "Bad Request: text must be non-empty")
    return send(world, request, {"text": text, "entities": entities})


@method("sendMessageDraft")
def send_message_draft(world: World, request: Request) -> bool:
    chat = world.chat(request.get("chat_id"))
    if chat.type != "private":
        raise ApiError(400, "Bad Request: chat must be a private chat")
    if not request.number("draft_id"):
        raise ApiError(400, "Bad Request: draft_id must be non-zero")
    thread_of(chat, request)
    text, _ = request.text()
    world.drafts.append({"chat_id": chat.id, "draft_id": request.number("draft_id"), "text": text})
    return True


@method("sendChatAction")
def send_chat_action(world: World, request: Request) -> bool:
    thread_of(world.chat(request.get("chat_id")), request)
    if request.get("action") not in ACTIONS:
        raise ApiError(400, "Bad Request: wrong parameter action in request")
    return True


@method("sendLocation")
def send_location(world: World, request: Request) -> Json:
    place = {name: float(request.get(name)) for name in ("latitude", "longitude")}
    return send(world, request, {"location": place})


def _file(world: World, request: Request, kind: str) -> StoredFile:
    given = str(request.get(kind) or "")
    upload = request.uploads.get(given.removeprefix("attach://") or kind)
    if upload is not None:
        return world.keep(upload.name, upload.content, upload.mime)
    if given.startswith(("http://", "https://")):
        raise ApiError(400, "Bad Request: failed to get HTTP URL content")
    if given in world.files:
        return world.files[given]
    if not given:
        raise ApiError(400, f"Bad Request: there is no {kind.replace('_', ' ')} in the request")
    raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")


def _sender(kind: str) -> Method:
    def send_file(world: World, request: Request) -> Json:
        world.chat(request.get("chat_id"))
        caption, entities = request.text("caption", CAPTION_LIMIT)
        content = media(_file(world, request, kind), kind)
        if caption:
            content |= {"caption": caption, "caption_entities": entities or None}
        return send(world, request, content)

    return send_file


for _kind in KINDS:
    method(f"send{_kind.replace('_', '')}")(_sender(_kind))


@method("getFile")
def get_file(world: World, request: Request) -> Json:
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


def _source(world: World, request: Request, doing: str) -> Json:
    message = message_of(world.chat(request.get("from_chat_id")), request, doing)
    if message.get("has_protected_content"):
        raise ApiError(400, f"Bad Request: the message can't be {DONE[doing]}")
    return message


@method("copyMessage")
def copy_message(world: World, request: Request) -> Json:
    source = _source(world, request, "copy")
    content = {key: source[key] for key in CONTENT if key in source}
    if not content:
        raise ApiError(400, "Bad Request: the message can't be copied")
    if request.get("caption") is not None:
        caption, entities = request.text("caption", CAPTION_LIMIT)
        content |= {"caption": caption, "caption_entities": entities or None}
    return {"message_id": send(world, request, content)["message_id"]}


@method("forwardMessage")
def forward_message(world: World, request: Request) -> Json:
    source = _source(world, request, "forward")
    origin = {"type": "user", "date": source["date"], "sender_user": source["from"]}
    content = {key: source[key] for key in CONTENT if key in source}
    return send(world, request, {**content, "forward_origin": origin})


def _edit(world: World, request: Request, change: Json) -> Json:
    chat = world.chat(request.get("chat_id"))
    message = message_of(chat, request, "edit")
    if message["from"]["id"] != BOT["id"]:
        raise ApiError(400, "Bad Request: message can't be edited")
    kept = {key: value for key, value in change.items() if value}
    if all(message.get(key) == (value or None) for key, value in change.items()):
        raise ApiError(400, NOT_MODIFIED)
    for key in change:
        message.pop(key, None)
    message |= {**kept, "edit_date": int(time.time())}
    return visible(message)


@method("editMessageText")
def edit_message_text(world: World, request: Request) -> Json:
    text, entities = request.text()
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    change = {"text": text, "entities": entities, "reply_markup": request.markup()}
    return _edit(world, request, change)


@method("editMessageCaption")
def edit_message_caption(world: World, request: Request) -> Json:
    caption, entities = request.text("caption", CAPTION_LIMIT)
    change = {"caption": caption, "caption_entities": entities, "reply_markup": request.markup()}
    return _edit(world, request, change)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, request: Request) -> Json:
    return _edit(world, request, {"reply_markup": request.markup()})


@method("deleteMessage")
def delete_message(world: World, request: Request) -> bool:
    chat = world.chat(request.get("chat_id"))
    message_of(chat, request, "delete")
    del chat.messages[request.number("message_id")]
    return True


@method("answerCallbackQuery")
def answer_callback_query(world: World, request: Request) -> bool:
    number = str(request.get("callback_query_id"))
    if world.queries.get(number, {}) is not None:
        raise ApiError(400, STALE_QUERY)
    if len(str(request.get("text") or "")) > 200:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    world.queries[number] = {"text": request.get("text"), "alert": request.flag("show_alert")}
    return True


@method("setMessageReaction")
def set_message_reaction(world: World, request: Request) -> bool:
    chat = world.chat(request.get("chat_id"))
    message_of(chat, request, "react")
    wanted: list[Json] = request.get("reaction") or []
    if len(wanted) > 1:
        raise ApiError(400, "Bad Request: REACTIONS_TOO_MANY")
    if any(each.get("type") == "emoji" and each.get("emoji") not in EMOJI for each in wanted):
        raise ApiError(400, "Bad Request: REACTION_INVALID")
    world.reactions[chat.id, request.number("message_id")] = wanted
    return True
