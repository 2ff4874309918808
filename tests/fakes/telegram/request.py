"""One Bot API request: its parameters and files, however they were posted."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.loopback_server import Json
from tests.fakes.telegram.markup import (
    MarkupError,
    count_utf16_units,
    find_automatic_entities,
    parse_html,
    trim_whitespace,
)
from tests.fakes.telegram.state import ApiError

OBJECT_PARAMETERS = {
    "reply_markup",
    "entities",
    "caption_entities",
    "reply_parameters",
    "link_preview_options",
    "commands",
    "scope",
    "menu_button",
    "reaction",
    "allowed_updates",
    "message_ids",
    "media",
}
NUMBER_PARAMETERS = {
    "chat_id",
    "from_chat_id",
    "user_id",
    "message_id",
    "message_thread_id",
    "draft_id",
    "offset",
    "limit",
    "timeout",
    "max_connections",
}
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BUTTON_DATA_LIMIT = 64


@dataclass(frozen=True, slots=True)
class MultipartFile:
    name: str
    content: bytes
    mime: str


@dataclass(slots=True)
class ApiRequest:
    params: Json = field(default_factory=dict)
    uploads: dict[str, MultipartFile] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        return self.params.get(name)

    def get_number(self, name: str, default: int = 0) -> int:
        value = self.params.get(name)
        return value if isinstance(value, int) else default

    def get_flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in ("true", "1", "yes")

    def parse_text(self, name: str = "text", limit: int = TEXT_LIMIT) -> tuple[str, list[Json]]:
        """The text as a person will see it, and its entities."""
        raw = str(self.params.get(name) or "")
        caption = name == "caption"
        text, entities = self._parse_entities(raw, "caption_entities" if caption else "entities")
        if count_utf16_units(text) > limit:
            what = "message caption" if caption else "message"
            raise ApiError(400, f"Bad Request: {what} is too long")
        return text, entities

    def _parse_entities(self, raw: str, given: str) -> tuple[str, list[Json]]:
        mode = str(self.params.get("parse_mode") or "").lower()
        if mode not in ("", "html"):
            raise ApiError(400, "Bad Request: unsupported parse_mode")
        if mode == "":
            return trim_whitespace(raw, self.params.get(given) or find_automatic_entities(raw))
        try:
            text, entities = parse_html(raw)
        except MarkupError as error:
            raise ApiError(400, f"Bad Request: can't parse entities: {error}") from error
        return trim_whitespace(text, [*entities, *find_automatic_entities(text)])

    def parse_markup(self) -> Json | None:
        """The keyboard, checked."""
        markup = self.params.get("reply_markup")
        if markup is None:
            return None
        if not isinstance(markup, dict):
            raise ApiError(400, "Bad Request: object expected as reply markup")
        for row in markup.get("inline_keyboard", []):
            for button in row:
                _check_button(button)
        return markup


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise ApiError(400, "Bad Request: inline keyboard button text is empty")
    if not set(button) - {"text", "style", "icon_custom_emoji_id"}:
        raise ApiError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
    if "callback_data" in button:
        size = len(str(button["callback_data"]).encode())
        if not 1 <= size <= BUTTON_DATA_LIMIT:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise ApiError(
            400,
            f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL",
        )


async def read_request(request: web.Request) -> ApiRequest:
    """Query, form, JSON or multipart."""
    found = ApiRequest(dict(request.query))
    if request.content_type == "application/json":
        found.params |= await request.json()
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                mime = value.content_type or "application/octet-stream"
                found.uploads[name] = MultipartFile(value.filename, value.file.read(), mime)
            else:
                found.params[name] = value
    found.params = {name: _parse_value(name, value) for name, value in found.params.items()}
    return found


def _parse_value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in OBJECT_PARAMETERS and value:
        return _parse_object(name, value)
    if name in NUMBER_PARAMETERS and value.lstrip("-").isdigit():
        return int(value)
    return value


def _parse_object(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        what = {"reply_markup": "reply keyboard markup", "entities": "message entities"}
        raise ApiError(
            400, f"Bad Request: can't parse {what.get(name, name)} JSON object"
        ) from error
