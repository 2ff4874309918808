"""What can be done about every error of Telegram's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.errors import ERRORS, classify_error, translate_errors
from bot import errors
from bot.delivery.channel import PlatformMessage
from bot.messages import Address, Content
from tests.fakes.telegram.server import TelegramServer
from tests.harness.channel_harness import (
    make_outgoing,
    open_channel_harness,
    open_telegram_channel,
)

STAFF = Address("telegram", "-1001", staff_thread="1.1")
GROUP, PRIVATE = Address("telegram", "-1001"), Address("telegram", "1001")
# Descriptions as the Bot API writes them, by what can be done.
EXPECTED = {
    errors.ThreadDeleted: ["Bad Request: message thread not found", "Bad Request: TOPIC_DELETED",
                           "Bad Request: TOPIC_ID_INVALID"],
    errors.ThreadRefused: ["Bad Request: TOPIC_CLOSED", "Bad Request: the chat is not a forum",
                           "Bad Request: not enough rights to create a topic",
                           "Bad Request: not enough rights to manage topics",
                           "Bad Request: CHANNEL_FORUM_MISSING"],
    errors.MarkupRefused: ["Bad Request: can't parse entities: Unsupported start tag",
                           "Bad Request: entities too long", "Bad Request: PHOTO_INVALID_DIMENSIONS",
                           "Bad Request: IMAGE_PROCESS_FAILED"],
    errors.DeliveryRefused: ["Bad Request: message is not modified: specified new message content",
                             "Bad Request: message to edit not found",
                             "Bad Request: message can't be edited",
                             "Bad Request: message is too long", "Bad Request: MEDIA_EMPTY",
                             "Bad Request: BUTTON_DATA_INVALID", "Bad Request: file is too big",
                             "Bad Request: wrong file identifier/HTTP URL specified"],
    errors.RoomRefused: ["Forbidden: bot was kicked from the supergroup chat",
                         "Forbidden: bot is not a member of the supergroup chat",
                         "Bad Request: chat not found", "Bad Request: CHAT_WRITE_FORBIDDEN",
                         "Bad Request: not enough rights to send text messages to the chat",
                         "Bad Request: have no rights to send a message",
                         "Bad Request: CHAT_RESTRICTED", "Forbidden: the group chat was deleted",
                         "Bad Request: CHAT_SEND_DOCS_FORBIDDEN"],
    errors.PersonRefused: ["Forbidden: bot was blocked by the user",
                           "Forbidden: user is deactivated",
                           "Forbidden: bot can't initiate conversation with a user"],
}  # fmt: skip
CASES = [(text, kind) for kind, texts in EXPECTED.items() for text in texts]


def translate(error: TelegramError, address: Address = STAFF) -> BaseException:
    """The error that a call of the library which raises `error` becomes."""

    async def call() -> None:
        raise error

    with pytest.raises(errors.NotDelivered) as raised:
        asyncio.run(translate_errors(call(), PlatformMessage("k", address, None, Content("x"))))
    return raised.value


@pytest.mark.parametrize(("text", "kind"), CASES)
def test_a_description_says_what_can_be_done(text: str, kind: type[errors.NotDelivered]) -> None:
    for wording in (text, text.lower(), text.removeprefix("Bad Request: ").capitalize()):
        assert classify_error(wording) is kind
        error = Forbidden(wording) if text.startswith("Forbidden") else BadRequest(wording)
        assert type(translate(error)) is kind


@pytest.mark.parametrize(("piece", "kind"), ERRORS)
def test_every_piece_of_the_table_is_found(piece: str, kind: type[errors.NotDelivered]) -> None:
    assert classify_error(f"Bad Request: {piece}") is kind


@pytest.mark.parametrize("text", ["chat not found", "CHAT_WRITE_FORBIDDEN", "PEER_ID_INVALID"])
def test_in_a_private_chat_it_is_a_person_who_refuses(text: str) -> None:
    assert type(translate(BadRequest(text), PRIVATE)) is errors.PersonRefused


def test_only_a_staff_thread_is_begun_anew() -> None:
    gone = translate(BadRequest("message thread not found"), GROUP)
    assert type(gone) is errors.DeliveryRefused


def test_what_no_piece_names_is_unknown_but_403_is_about_the_chat() -> None:
    assert type(translate(BadRequest("SOMETHING_NEW"))) is errors.DeliveryUnknown
    assert type(translate(Forbidden("SOMETHING_NEW"))) is errors.RoomRefused
    assert type(translate(Forbidden("SOMETHING_NEW"), PRIVATE)) is errors.PersonRefused


@pytest.mark.parametrize(
    "error", [NetworkError("Bad Gateway"), TimedOut(), Conflict("other"), InvalidToken("token")]
)
def test_what_is_not_about_the_message_is_tried_again(error: TelegramError) -> None:
    assert type(translate(error)) is errors.DeliveryUncertain


def test_a_limit_says_how_long_and_a_move_says_where() -> None:
    limited, moved = translate(RetryAfter(17)), translate(ChatMigrated(-1002))
    assert isinstance(limited, errors.RateLimited) and limited.seconds == 17
    assert isinstance(moved, errors.ChatMoved) and moved.chat == "-1002"


def test_an_unknown_error_is_tried_a_few_times_and_then_said(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    telegram.open_private_chat(1001)
    telegram.create_forum(-1001)
    telegram.fail_next("sendMessage", 5, status=400, message="Bad Request: SOMETHING_NEW")

    async def script() -> None:
        async with open_telegram_channel(telegram) as channel:
            await office.send_all(channel)

    with open_channel_harness(tmp_path) as office:
        office.bind_desk("telegram", "-1001")
        office.enqueue(make_outgoing("never", PRIVATE, case=7), make_outgoing("words", PRIVATE))
        asyncio.run(script())
        assert telegram.bot_texts(1001) == ["words"]
        (told,) = telegram.bot_texts(-1001)
        assert "#7" in told and "something_new" in told.lower()
