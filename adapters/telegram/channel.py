"""Telegram as a channel: messages out, files, marks and previews."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InputFile,
    LinkPreviewOptions,
    ReactionTypeEmoji,
)
from telegram import Message as Sent
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from adapters.messaging.messenger import FetchFile
from adapters.messaging.previews import Preview
from adapters.messaging.typing import TypingKeeper
from adapters.telegram.errors import translate_errors
from adapters.telegram.inbound import BotAccount
from adapters.telegram.limits import TELEGRAM_LIMITS
from adapters.telegram.outbound import (
    choose_upload_kind,
    render_inline_keyboard,
    render_location_keyboard,
    render_text,
)
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.delivery.splitting import split_text
from bot.errors import (
    DeliveryRefused,
    DeliveryUncertain,
    PlaceRefused,
    ThreadDeleted,
    ThreadRefused,
)
from bot.messages import Account, Address, File, Message
from bot.phrases import render_phrase
from knowledge.types import LANGUAGES, Language

log = logging.getLogger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "true")  # waits as timedelta, the library's coming default

TELEGRAM_TIMEOUT_SECONDS = 20.0  # of each step of a call; half of it to connect

# The menu has room for ten; /why, /export, /link and /subscribe are told of where they are of use.
FOUNDER_COMMANDS = (
    "start", "help", "human", "sealed", "where", "cases", "lang", "close", "privacy", "forget",
)  # fmt: skip
ADMIN_COMMANDS = ("ingest", "editions", "rollback", "block", "unblock")
STAFF_COMMANDS = (
    "help", "claim", "wait", "authority", "resume", "resolve", "reopen", "hand", "reassign", "merge",
    "relay", "insight", "tell", "seat", "seats", "away", "hours", "staff", "minutes", "faq", "bind",
    "unbind",
)  # fmt: skip


class TelegramChannel:
    """One bot account. `fetch` gets files of other messengers; `admins` are the ids of the users
    who are shown the library's commands."""

    name = "telegram"
    limits = TELEGRAM_LIMITS

    def __init__(
        self, token: str, api_url: str, fetch: FetchFile, admins: Collection[int] = ()
    ) -> None:
        root = api_url.rstrip("/")
        self.bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=HTTPXRequest(
                connection_pool_size=64,
                read_timeout=TELEGRAM_TIMEOUT_SECONDS,
                connect_timeout=TELEGRAM_TIMEOUT_SECONDS / 2,
                pool_timeout=TELEGRAM_TIMEOUT_SECONDS,
            ),
            get_updates_request=HTTPXRequest(  # a poll itself sets how long it may be held
                connection_pool_size=2,
                read_timeout=TELEGRAM_TIMEOUT_SECONDS,
                connect_timeout=TELEGRAM_TIMEOUT_SECONDS / 2,
                pool_timeout=TELEGRAM_TIMEOUT_SECONDS,
            ),
        )
        self._fetch_elsewhere = fetch
        self._admins = admins
        self.typing = TypingKeeper[int](lambda chat: self.bot.send_chat_action(chat, "typing"))

    async def start(self) -> str:
        """Check the token and register the commands; returns the bot's name. Raises
        DeliveryRefused for a token that Telegram does not know, else TelegramError."""
        try:
            await self.bot.initialize()
        except InvalidToken as error:
            raise DeliveryRefused(
                "Telegram does not know NARU_TELEGRAM_TOKEN. Copy it again from @BotFather."
            ) from error
        for language in LANGUAGES:
            await self._register_commands(language)
            await self._describe_bot(language)
        return str(self.bot.username)

    @property
    def account(self) -> BotAccount:
        """Who Naru is on Telegram; its name is known after `start`."""
        try:
            return BotAccount(self.bot.id, str(self.bot.username))
        except RuntimeError:  # the library knows neither before
            return BotAccount(int(self.bot.token.partition(":")[0]), "")

    @property
    def public_address(self) -> str:
        """A link that opens the private chat; "" before `start`."""
        name = self.account.username
        return f"https://t.me/{name}" if name else ""

    async def stop(self) -> None:
        """Close the connections."""
        await self.typing.close()
        await self.bot.shutdown()

    async def _register_commands(self, language: Language) -> None:
        code = None if language == "en" else language  # English stands for every other language
        admins = FOUNDER_COMMANDS + ADMIN_COMMANDS
        for scope, names in (
            (BotCommandScopeAllPrivateChats(), FOUNDER_COMMANDS),
            (BotCommandScopeAllGroupChats(), STAFF_COMMANDS),
            *((BotCommandScopeChat(user), admins) for user in self._admins),
        ):
            listed = [
                BotCommand(name, render_phrase(f"commands.{name}", language)) for name in names
            ]
            with contextlib.suppress(TelegramError):  # an admin may never have written to the bot
                await self.bot.set_my_commands(listed, scope=scope, language_code=code)

    async def _describe_bot(self, language: Language) -> None:
        """What people read before they write for the first time, and on the bot's profile."""
        code = None if language == "en" else language
        with contextlib.suppress(TelegramError):  # Telegram limits how often it may be changed
            await self.bot.set_my_description(
                render_phrase("commands.bot_description", language), language_code=code
            )
            await self.bot.set_my_short_description(
                render_phrase("commands.bot_short_description", language), language_code=code
            )

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Send a message; a case's card is pinned in its topic. Raises NotDelivered."""
        self.typing.stop(parcel.address.chat)
        sent = await translate_errors(self._send_content(parcel), parcel)
        pin = parcel.content.buttons and parcel.address.staff_thread and not parcel.card
        if pin and parcel.thread:
            with contextlib.suppress(TelegramError):  # the case works without its pin
                await self.bot.pin_chat_message(
                    parcel.address.chat, sent.message_id, disable_notification=True
                )
        return SentMessage(str(sent.message_id))

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Edit a case's card; nothing happens if it has none or it was deleted by hand."""
        if parcel.card is None:
            return SentMessage(None)
        edit = self.bot.edit_message_text(
            render_text(parcel),
            chat_id=parcel.address.chat,
            message_id=int(parcel.card),
            parse_mode=None if parcel.plain else "HTML",
            reply_markup=render_inline_keyboard(parcel.content, self.account.username),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        try:
            await translate_errors(edit, parcel)
        except (
            DeliveryRefused,
            ThreadDeleted,
        ) as error:  # it is up to date already, or was deleted by hand
            log.info("card of %s not edited: %s", parcel.address.staff_thread, error)
        return SentMessage(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:
        """Create a forum topic; its id. Raises NotDelivered."""
        topic = await translate_errors(self.bot.create_forum_topic(address.chat, name[:128]), None)
        return str(topic.message_thread_id)

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Reopen or close a topic. Raises NotDelivered if Telegram cannot be reached."""
        if parcel.thread is None:
            return
        act = self.bot.reopen_forum_topic if is_open else self.bot.close_forum_topic
        try:
            await translate_errors(act(parcel.address.chat, int(parcel.thread)), parcel)
        except (DeliveryRefused, ThreadDeleted, ThreadRefused) as error:  # already so, deleted,
            # or no right to: the case works all the same
            log.info("topic %s not changed: %s", parcel.thread, error)

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        """Always None: a bot cannot read its own messages back."""
        return None

    async def mark_seen(self, message: Message) -> None:
        """Show a founder that their message was passed on, so no answer is being written."""
        self.typing.stop(message.chat)
        with contextlib.suppress(TelegramError):
            await self.bot.set_message_reaction(
                message.chat, int(message.id), [ReactionTypeEmoji("👀")]
            )

    async def show_preview(self, preview: Preview) -> None:
        """Show text above the keyboard of a private chat, until the message comes or for 30 s.
        Elsewhere Telegram has no drafts. Raises TelegramError."""
        message = preview.message
        if message.private:
            await self.bot.send_message_draft(
                int(message.chat),
                int(message.id),
                split_text(preview.text, self.limits.text_utf16)[0],
                message_thread_id=int(message.thread) if message.thread else None,
            )

    async def fetch_file(self, file: File) -> bytes:
        """The bytes of a file on Telegram. Raises DeliveryRefused if it is gone or too large,
        DeliveryUncertain if Telegram cannot be reached."""
        try:
            remote = await self.bot.get_file(file.ref)
            return bytes(await remote.download_as_bytearray())
        except BadRequest as error:
            raise DeliveryRefused(f"{file.name}: {error.message}") from error
        except TelegramError as error:
            raise DeliveryUncertain(str(error)) from error

    async def find_person(self, user: str) -> Account:
        """An account; its name is "" unless it has written to the bot, because Telegram then tells
        a bot nothing. Raises NotDelivered if Telegram cannot be reached."""
        try:
            found = await translate_errors(self.bot.get_chat(user), None)
        except (DeliveryRefused, PlaceRefused):
            return Account(user)
        handle = f"(@{found.username})" if found.username else ""
        names = (found.first_name, found.last_name, found.title, handle)
        return Account(user, " ".join(name for name in names if name))

    async def is_public_room(self, chat: str) -> bool:
        """Whether a group has a public address. Raises NotDelivered."""
        return bool((await translate_errors(self.bot.get_chat(chat), None)).username)

    async def _send_content(self, parcel: PlatformMessage) -> Sent:
        only_to = parcel.address.only_to  # Telegram has no such messages: it is the private chat's
        common: dict[str, Any] = {
            "chat_id": only_to or parcel.address.chat,
            "message_thread_id": int(parcel.thread) if parcel.thread and not only_to else None,
            "protect_content": parcel.content.protect or None,
            "reply_markup": render_inline_keyboard(parcel.content, self.account.username)
            or render_location_keyboard(parcel.content),
        }
        mode = None if parcel.plain else "HTML"
        if parcel.content.files:
            return await self._send_file(parcel, parcel.content.files[0], common, mode)
        return await self.bot.send_message(
            text=render_text(parcel),
            parse_mode=mode,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            **common,
        )

    async def _send_file(
        self, parcel: PlatformMessage, file: File, common: dict[str, Any], mode: str | None
    ) -> Sent:
        """A file that Telegram has goes by its id, as the kind it is, because Telegram lets no id
        change its kind; one of another messenger is uploaded."""
        source: str | InputFile = file.ref
        if file.channel != self.name:
            source = InputFile(await self._fetch_elsewhere(file), filename=file.name)
        caption = render_text(parcel) or None
        kind = file.kind if file.channel == self.name else choose_upload_kind(file, parcel.plain)
        if kind == "video_note":  # round videos have no caption
            return await self.bot.send_video_note(video_note=source, **common)
        send = getattr(self.bot, f"send_{kind}")
        options = {kind: source, "caption": caption, "parse_mode": mode, **common}
        return cast(Sent, await send(**options))
