"""Telegram's updates, by polling or by webhook: committed before they are confirmed."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import warnings
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from telegram.error import TelegramError
from telegram.warnings import PTBUserWarning

from adapters.messaging.messenger import (
    MESSAGE_SETTLE_TIME,
    CommitEvents,
    ReceiverState,
    RequestHandler,
    RunWhileLeading,
    run_always,
)
from adapters.messaging.relevance import ODD_SHAPE_ERRORS
from adapters.messaging.request_body import MalformedRequest, parse_json, read_body
from adapters.messaging.supervision import CHANNEL_RETRY_SECONDS, retry_start, run_forever
from adapters.telegram.channel import TelegramChannel
from adapters.telegram.inbound import build_event, find_press_alert
from adapters.telegram.outbound import retry_delay_seconds

log = logging.getLogger(__name__)

POLL_TIMEOUT_SECONDS = 25
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
WEBHOOK_PATH = "/telegram/webhook"


class TelegramReceiver:
    """Receives for one bot account: by webhook if `webhook_url` is set, else by polling.

    `settle_time` is how long a message waits for the next one; `retry_seconds` pass between two
    tries to reach Telegram at the start. Telegram gives an account's updates to one poller: it polls
    by `lead`.
    """

    def __init__(
        self,
        channel: TelegramChannel,
        commit: CommitEvents,
        now: Callable[[], datetime],
        *,
        webhook_url: str = "",
        webhook_secret: str = "",
        settle_time: timedelta = MESSAGE_SETTLE_TIME,
        retry_seconds: float = CHANNEL_RETRY_SECONDS,
        lead: RunWhileLeading = run_always,
    ) -> None:
        self._channel = channel
        self._bot = channel.bot
        self._commit = commit
        self._now = now
        self._webhook_url = webhook_url
        self._webhook_secret = webhook_secret
        self._settle_time = settle_time
        self._retry_seconds = retry_seconds
        self._lead = lead
        self._state: ReceiverState = "starting"
        self._last_poll: datetime | None = None
        self._background_tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Start the bot, then poll until cancelled; with a webhook, return once it is set. Also
        returns if Telegram refuses the token."""
        started = await retry_start("Telegram", self._channel.start, self._retry_seconds)
        self._state = "on" if started else "off"
        if not started:
            return
        if self._webhook_url:
            await retry_start("Telegram's webhook", self._set_webhook, self._retry_seconds)
        else:
            await run_forever("Telegram's polling", lambda: self._lead(self._poll_updates))

    async def stop(self) -> None:
        """End the acknowledgements that are under way."""
        for task in self._background_tasks:
            task.cancel()
        await asyncio.gather(*self._background_tasks, return_exceptions=True)

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """The webhook's path, if there is a webhook."""
        return {WEBHOOK_PATH: self._handle_webhook} if self._webhook_url else {}

    async def collect_health(self, now: datetime) -> dict[str, object]:
        """Its state, and the seconds since the last poll that succeeded; None before the first."""
        age = round((now - self._last_poll).total_seconds(), 1) if self._last_poll else None
        return {"telegram": self._state, "telegram_last_poll_seconds": age}

    async def _set_webhook(self) -> str:
        await self._bot.set_webhook(
            self._webhook_url, secret_token=self._webhook_secret, allowed_updates=ALLOWED_UPDATES
        )
        return self._webhook_url

    async def _handle_webhook(self, request: web.Request) -> web.Response:
        """200 only after the commit."""
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        given = secret.encode("utf-8", "surrogateescape")  # aiohttp keeps bytes of any kind
        if not hmac.compare_digest(given, self._webhook_secret.encode()):
            return web.Response(status=403)
        try:
            update = parse_json(await read_body(request))
        except MalformedRequest as error:
            log.warning("an update is refused: %s", error)
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        await self._commit([build_event(update, self._settle_time, self._channel.account)])
        self._run_in_background(self._acknowledge_updates([update]))
        return web.Response()

    async def _poll_updates(self) -> None:
        """Fetch updates for ever. What is not committed is not confirmed: it comes again."""
        offset: int | None = None
        await self._delete_webhook()
        while True:
            try:
                updates = await self._fetch_updates(offset)
                account = self._channel.account
                await self._commit(
                    [build_event(update, self._settle_time, account) for update in updates]
                )
                self._last_poll = self._now()
            except TelegramError as error:
                log.warning("Telegram cannot be polled: %s", error)
                await asyncio.sleep(retry_delay_seconds(error))
                continue
            if updates:
                offset = int(updates[-1]["update_id"]) + 1
                self._run_in_background(self._acknowledge_updates(updates))

    async def _delete_webhook(self) -> None:
        """A webhook that was set once forbids polling; the updates that wait there are kept."""
        while True:
            try:
                await self._bot.delete_webhook(drop_pending_updates=False)
            except TelegramError as error:
                log.warning("Telegram cannot be polled yet: %s", error)
                await asyncio.sleep(retry_delay_seconds(error))
            else:
                return

    async def _fetch_updates(self, offset: int | None) -> list[dict[str, Any]]:
        """Raw updates: one that the library cannot parse would stop its own polling for good."""
        request = {"timeout": POLL_TIMEOUT_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            request["offset"] = offset
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PTBUserWarning)
            updates = await self._bot.do_api_request(
                "getUpdates", request, read_timeout=POLL_TIMEOUT_SECONDS + 10
            )
        return list(updates)

    def _run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background_tasks.add(task)
        task.add_done_callback(self._background_tasks.discard)

    async def _acknowledge_updates(self, updates: Sequence[dict[str, Any]]) -> None:
        """Stop the spinner on a pressed button, show that a question is being read."""
        for update in updates:
            with contextlib.suppress(TelegramError, *ODD_SHAPE_ERRORS):
                if query := update.get("callback_query"):
                    alert = find_press_alert(query)
                    await self._bot.answer_callback_query(
                        query["id"], text=alert or None, show_alert=bool(alert)
                    )
                elif (chat := (update.get("message") or {}).get("chat", {})).get(
                    "type"
                ) == "private":
                    self._channel.typing.start(str(chat["id"]), int(chat["id"]))
