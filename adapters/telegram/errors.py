"""Telegram's errors by what can be done about them: one table of pieces of descriptions.

The Bot API documents that a failed call answers with `error_code`, a `description` whose wording
may change, and sometimes `parameters` (https://core.telegram.org/bots/api#making-requests and
#responseparameters); the descriptions themselves are those of its server
(https://github.com/tdlib/telegram-bot-api, Client.cpp, and ForumTopicManager.cpp of tdlib/td) and
the names in https://core.telegram.org/method/messages.sendMessage#possible-errors. What 429 limits
is in https://core.telegram.org/bots/faq#broadcasting-to-users. A description that is not here is
DeliveryUnknown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import TypeVar

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery.channel import PlatformMessage
from bot.errors import (
    ChatMoved,
    DeliveryRefused,
    DeliveryUncertain,
    DeliveryUnknown,
    MarkupRefused,
    NotDelivered,
    PersonRefused,
    RateLimited,
    RoomRefused,
    ThreadDeleted,
    ThreadRefused,
    narrow_refusal,
)

T = TypeVar("T")

# Pieces of a description in lower case, and what they mean. The first that is found counts: what is
# about one thread stands before what is about the room.
ERRORS: Sequence[tuple[str, type[NotDelivered]]] = (
    # Begin a new topic.
    ("message thread not found", ThreadDeleted),
    ("topic_deleted", ThreadDeleted),
    ("topic_id_invalid", ThreadDeleted),
    ("topic not found", ThreadDeleted),
    # Keep it: this topic takes nothing now, or no new one may be made.
    ("topic_closed", ThreadRefused),
    ("topic is closed", ThreadRefused),
    ("topic_hidden", ThreadRefused),
    ("not enough rights to create a topic", ThreadRefused),
    ("not enough rights to manage topics", ThreadRefused),
    ("not enough rights to manage chat topics", ThreadRefused),
    ("not enough rights to close", ThreadRefused),
    ("not enough rights to reopen", ThreadRefused),
    ("not enough rights to edit the topic", ThreadRefused),
    ("chat is not a forum", ThreadRefused),
    ("channel_forum_missing", ThreadRefused),
    ("method is available only in supergroups", ThreadRefused),
    ("method is available for supergroup", ThreadRefused),
    # Send it again as plain text, or the picture as a document.
    ("can't parse", MarkupRefused),
    ("entities", MarkupRefused),
    ("entity_bounds_invalid", MarkupRefused),
    ("photo_", MarkupRefused),
    ("image_process", MarkupRefused),
    ("wrong type of the web page", MarkupRefused),
    # Give this message up: it stays wrong however often it is sent.
    ("message is not modified", DeliveryRefused),
    ("message_not_modified", DeliveryRefused),
    ("message to edit not found", DeliveryRefused),
    ("message can't be edited", DeliveryRefused),
    ("message_id_invalid", DeliveryRefused),
    ("message_edit_time_expired", DeliveryRefused),
    ("message to pin not found", DeliveryRefused),
    ("message to unpin not found", DeliveryRefused),
    ("message to react not found", DeliveryRefused),
    ("message to copy not found", DeliveryRefused),
    ("message to forward not found", DeliveryRefused),
    ("message can't be copied", DeliveryRefused),
    ("message can't be forwarded", DeliveryRefused),
    ("message to be replied not found", DeliveryRefused),
    ("reply message not found", DeliveryRefused),
    ("replied message not found", DeliveryRefused),
    ("topic_not_modified", DeliveryRefused),
    ("topic_title_empty", DeliveryRefused),
    ("message text is empty", DeliveryRefused),
    ("text must be non-empty", DeliveryRefused),
    ("message is too long", DeliveryRefused),
    ("message_too_long", DeliveryRefused),
    ("caption is too long", DeliveryRefused),
    ("caption_too_long", DeliveryRefused),
    ("reply markup is too long", DeliveryRefused),
    ("button_data_invalid", DeliveryRefused),
    ("button_type_invalid", DeliveryRefused),
    ("button_url_invalid", DeliveryRefused),
    ("inline keyboard", DeliveryRefused),
    ("wrong file", DeliveryRefused),
    ("wrong remote file", DeliveryRefused),
    ("wrong http url", DeliveryRefused),
    ("invalid file_id", DeliveryRefused),
    ("invalid file id", DeliveryRefused),
    ("file_reference_", DeliveryRefused),
    ("file_parts_invalid", DeliveryRefused),
    ("file is too big", DeliveryRefused),
    ("request entity too large", DeliveryRefused),
    ("can't use file of type", DeliveryRefused),
    ("failed to get http url content", DeliveryRefused),
    ("file must be non-empty", DeliveryRefused),
    ("media_empty", DeliveryRefused),
    ("voice_messages_forbidden", DeliveryRefused),
    ("there is no", DeliveryRefused),
    ("chat_forwards_restricted", DeliveryRefused),
    # Keep it: the person cannot be written to.
    ("blocked by the user", PersonRefused),
    ("user_is_blocked", PersonRefused),
    ("user is deactivated", PersonRefused),
    ("input_user_deactivated", PersonRefused),
    ("user_deactivated", PersonRefused),
    ("can't initiate conversation", PersonRefused),
    ("can't send messages to", PersonRefused),
    ("user_is_bot", PersonRefused),
    ("user not found", PersonRefused),
    ("privacy_premium_required", PersonRefused),
    ("user_privacy_restricted", PersonRefused),
    # Keep it: the room takes nothing now.
    ("bot was kicked", RoomRefused),
    ("bot is not a member", RoomRefused),
    ("not in the chat", RoomRefused),
    ("chat not found", RoomRefused),
    ("peer_id_invalid", RoomRefused),
    ("chat_id_invalid", RoomRefused),
    ("chat_id is empty", RoomRefused),
    ("channel_private", RoomRefused),
    ("channel_invalid", RoomRefused),
    ("chat was deleted", RoomRefused),
    ("chat was deactivated", RoomRefused),
    ("group is deactivated", RoomRefused),
    ("group chat is deactivated", RoomRefused),
    ("have no rights to send", RoomRefused),
    ("not enough rights", RoomRefused),
    ("need administrator rights", RoomRefused),
    ("chat_admin_required", RoomRefused),
    ("chat_write_forbidden", RoomRefused),
    ("chat_guest_send_forbidden", RoomRefused),
    ("chat_send_", RoomRefused),
    ("chat_restricted", RoomRefused),
    ("chat_forbidden", RoomRefused),
    ("user_banned_in_channel", RoomRefused),
    ("user_restricted", RoomRefused),
    # Try again later.
    ("slow mode", DeliveryUncertain),
    ("internal server error", DeliveryUncertain),
    ("bad gateway", DeliveryUncertain),
    ("gateway timeout", DeliveryUncertain),
    ("temporarily unavailable", DeliveryUncertain),
    ("restart", DeliveryUncertain),
)


def classify_error(
    description: str, *, private: bool = False, staff: bool = True
) -> type[NotDelivered]:
    """The class of an error by its description; DeliveryUnknown if no piece of it is in the table.

    `private`: it was about a private chat, where what a room refuses is a person's doing. `staff`:
    it was about a staff thread, the only one that may be begun again.
    """
    text = description.lower()
    kind = next((kind for piece, kind in ERRORS if piece in text), DeliveryUnknown)
    return narrow_refusal(kind, private=private, staff=staff)


async def translate_errors(call: Awaitable[T], parcel: PlatformMessage | None) -> T:
    """The result of a call of the library. Raises what is below NotDelivered for its errors; what a
    room or a person refuses is told apart by the chat that `parcel` goes to."""
    try:
        return await call
    except RetryAfter as error:
        raise RateLimited(read_retry_after(error)) from error
    except ChatMigrated as error:
        raise ChatMoved(str(error.new_chat_id)) from error
    except (BadRequest, Forbidden) as error:
        raise _translate_refusal(error, parcel) from error
    except (NetworkError, Conflict) as error:
        raise DeliveryUncertain(str(error)) from error
    except TelegramError as error:  # the token above all, which an admin replaces
        raise DeliveryUncertain(str(error)) from error


def _translate_refusal(error: TelegramError, parcel: PlatformMessage | None) -> NotDelivered:
    private = parcel is not None and not parcel.address.chat.startswith("-")
    staff = parcel is not None and parcel.address.staff_thread is not None
    kind = classify_error(error.message, private=private, staff=staff)
    if kind is DeliveryUnknown and isinstance(error, Forbidden):
        kind = PersonRefused if private else RoomRefused  # 403 is about the chat, never the words
    return kind(error.message)


def read_retry_after(error: RetryAfter) -> float:
    """The seconds that Telegram asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
