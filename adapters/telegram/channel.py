"""Telegram: updates kept before they are confirmed, messages sent as they were decided."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import os
import warnings
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from datetime import datetime
from typing import Any, cast

from aiohttp import web
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
from telegram.error import (
    BadRequest,
    InvalidToken,
    TelegramError,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from adapters.previews import Preview
from adapters.telegram.inbound import build_event
from adapters.telegram.limits import TELEGRAM_LIMITS
from adapters.telegram.outbound import (
    choose_upload_kind,
    render_inline_keyboard,
    render_location_keyboard,
    render_text,
    retry_delay_seconds,
    translate_errors,
)
from bot.delivery.sender import PlatformMessage, SentMessage
from bot.delivery.splitting import split_text
from bot.errors import DeliveryRefused, DeliveryUncertain, ThreadDeleted
from bot.phrases import render_phrase
from bot.store import InboxEvent
from bot.types import Address, File, Message
from knowledge.types import LANGUAGES, Language

log = logging.getLogger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "true")  # waits as timedelta, the library's coming default

POLL_TIMEOUT_SECONDS = 25
FOUNDER_COMMANDS = ("start", "help", "human", "where", "cases", "why", "lang", "close", "privacy")
ADMIN_COMMANDS = ("ingest", "editions", "rollback")
STAFF_COMMANDS = ("claim", "resolve", "reopen", "reassign", "seat", "bind")
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

CommitEvents = Callable[[Sequence[InboxEvent]], Awaitable[int]]
FetchFile = Callable[[File], Awaitable[bytes]]


class TelegramChannel:
    """One bot account. `fetch` gets files that lie on another messenger; `admins` are the users
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
                connection_pool_size=64, read_timeout=20, connect_timeout=10, pool_timeout=20
            ),
            get_updates_request=HTTPXRequest(connection_pool_size=2),
        )
        self._fetch_elsewhere = fetch
        self._admins = admins
        self._asides: set[asyncio.Task[None]] = set()
        self.last_poll: datetime | None = None

    # ---- receiving ---------------------------------------------------------------------

    async def poll_updates(self, keep: CommitEvents, now: Callable[[], datetime]) -> None:
        """Fetch updates for ever. What is not committed is not confirmed: it comes again."""
        offset: int | None = None
        await self._delete_webhook()
        while True:
            try:
                updates = await self._fetch_updates(offset)
                await keep([build_event(update) for update in updates])
                self.last_poll = now()
            except TelegramError as error:
                log.warning("Telegram cannot be polled: %s", error)
                await asyncio.sleep(retry_delay_seconds(error))
                continue
            if updates:
                offset = int(updates[-1]["update_id"]) + 1
                self._run_in_background(self._acknowledge_updates(updates))

    async def _delete_webhook(self) -> None:
        """A webhook that was set once forbids polling; what waits there is kept."""
        while True:
            try:
                await self.bot.delete_webhook(drop_pending_updates=False)
            except TelegramError as error:
                log.warning("Telegram cannot be polled yet: %s", error)
                await asyncio.sleep(retry_delay_seconds(error))
            else:
                return

    async def _fetch_updates(self, offset: int | None) -> list[dict[str, Any]]:
        """Raw updates: one that the library cannot parse would stop its own polling for good."""
        wanted = {"timeout": POLL_TIMEOUT_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            wanted["offset"] = offset
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PTBUserWarning)
            found = await self.bot.do_api_request(
                "getUpdates", wanted, read_timeout=POLL_TIMEOUT_SECONDS + 10
            )
        return list(found)

    def make_webhook_handler(
        self, secret: str, keep: CommitEvents
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """The handler of POST /telegram/webhook; 200 only after the commit."""

        async def handle(request: web.Request) -> web.Response:
            given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
            if not hmac.compare_digest(given.encode(), secret.encode()):
                return web.Response(status=403)
            try:
                update = await request.json()
            except ValueError:
                return web.Response(status=400)
            if not isinstance(update, dict) or "update_id" not in update:
                return web.Response(status=400)
            await keep([build_event(update)])
            self._run_in_background(self._acknowledge_updates([update]))
            return web.Response()

        return handle

    async def set_webhook(self, url: str, secret: str) -> None:
        await self.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES)

    async def start(self) -> str:
        """Check the token and show the commands; returns the bot's name.

        Raises Refused for a token that Telegram does not know.
        """
        try:
            await self.bot.initialize()
        except InvalidToken as error:
            raise DeliveryRefused(
                "Telegram does not know NARU_TELEGRAM_TOKEN. Copy it again from @BotFather."
            ) from error
        for language in LANGUAGES:
            await self._register_commands(language)
        return str(self.bot.username)

    async def stop(self) -> None:
        for task in self._asides:
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)
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

    def _run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Something small that nothing waits for."""
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _acknowledge_updates(self, updates: Sequence[dict[str, Any]]) -> None:
        """Stop the spinner on a pressed button, show that a question is being read."""
        for update in updates:
            with contextlib.suppress(TelegramError, AttributeError, KeyError):  # of any shape
                if query := update.get("callback_query"):
                    await self.bot.answer_callback_query(query["id"])
                elif (chat := (update.get("message") or {}).get("chat", {})).get(
                    "type"
                ) == "private":
                    await self.bot.send_chat_action(chat["id"], "typing")

    # ---- sending -----------------------------------------------------------------------

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        sent = await translate_errors(self._send_content(parcel), parcel)
        pin = parcel.content.buttons and parcel.address.staff_thread and not parcel.card
        if pin and parcel.thread:
            with contextlib.suppress(TelegramError):  # the case works without its pin
                await self.bot.pin_chat_message(
                    parcel.address.chat, sent.message_id, disable_notification=True
                )
        return SentMessage(str(sent.message_id))

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        if parcel.card is None:
            return SentMessage(None)
        edit = self.bot.edit_message_text(
            render_text(parcel),
            chat_id=parcel.address.chat,
            message_id=int(parcel.card),
            parse_mode=None if parcel.plain else "HTML",
            reply_markup=render_inline_keyboard(parcel.content),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        try:
            await translate_errors(edit, parcel)
        except DeliveryRefused as error:  # the card is as it should be, or was deleted by hand
            log.info("card of %s not edited: %s", parcel.address.staff_thread, error)
        return SentMessage(parcel.card)

    async def open_thread(self, address: Address, name: str) -> str | None:
        topic = await translate_errors(self.bot.create_forum_topic(address.chat, name[:128]), None)
        return str(topic.message_thread_id)

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        if parcel.thread is None:
            return
        act = self.bot.reopen_forum_topic if is_open else self.bot.close_forum_topic
        try:
            await translate_errors(act(parcel.address.chat, int(parcel.thread)), parcel)
        except (
            DeliveryRefused,
            ThreadDeleted,
        ) as error:  # already so, or gone: the case's state is ours
            log.info("topic %s not changed: %s", parcel.thread, error)

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        return None  # a bot cannot read its own messages back

    async def mark_seen(self, message: Message) -> None:
        """Show a founder that their message was passed on."""
        with contextlib.suppress(TelegramError):
            await self.bot.set_message_reaction(
                message.chat, int(message.id), [ReactionTypeEmoji("👀")]
            )

    async def show_preview(self, preview: Preview) -> None:
        """Show words above the keyboard of a private chat, until the message comes or for 30 s.
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
        """The bytes of a file that lies on Telegram."""
        try:
            kept = await self.bot.get_file(file.ref)
            return bytes(await kept.download_as_bytearray())
        except BadRequest as error:
            raise DeliveryRefused(f"{file.name}: {error.message}") from error
        except TelegramError as error:
            raise DeliveryUncertain(str(error)) from error

    async def _send_content(self, parcel: PlatformMessage) -> Sent:
        common: dict[str, Any] = {
            "chat_id": parcel.address.chat,
            "message_thread_id": int(parcel.thread) if parcel.thread else None,
            "protect_content": parcel.content.protect or None,
            "reply_markup": render_inline_keyboard(parcel.content)
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
        """A file Telegram already has goes by its id, as the kind it is, for Telegram lets no id
        change its kind; one that lies elsewhere is carried over."""
        what: str | InputFile = file.ref
        if file.channel != self.name:
            what = InputFile(await self._fetch_elsewhere(file), filename=file.name)
        caption = render_text(parcel) or None
        kind = file.kind if file.channel == self.name else choose_upload_kind(file, parcel.plain)
        if kind == "video_note":  # round videos have no caption
            return await self.bot.send_video_note(video_note=what, **common)
        send = getattr(self.bot, f"send_{kind}")
        options = {kind: what, "caption": caption, "parse_mode": mode, **common}
        return cast(Sent, await send(**options))
