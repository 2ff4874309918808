"""The messengers that the settings ask for, each with its channel and its receiver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.bootstrap import App, refuse_file, utc_now
from adapters.errors import NothingToServe
from adapters.messaging.messenger import (
    CommitEvents,
    FetchFile,
    Messenger,
    MessengerCheck,
    Receiver,
    RunWhileLeading,
    SiteReceiver,
)
from adapters.serve.timings import ServeTimings
from bot.messages import File

if TYPE_CHECKING:
    from adapters.email.channel import EmailChannel
    from adapters.settings import Settings
    from adapters.slack.channel import SlackChannel
    from adapters.telegram.channel import TelegramChannel
    from bot.types import Binding

MESSENGERS = ("telegram", "slack", "email")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Connection:
    """Both directions of one messenger."""

    channel: Messenger
    receiver: Receiver


def connect_messengers(
    app: App, fetch: FetchFile, commit: CommitEvents, lead: RunWhileLeading, timings: ServeTimings
) -> list[Connection]:
    """Every messenger with a token in the settings; nothing is sent yet. `fetch` gets the files
    of other messengers; `lead` does what only one process may do. Raises NothingToServe if there is none, or one that could hear nothing."""
    settings = app.settings
    connections = []
    if settings.telegram_token.get_secret_value():
        connections.append(_connect_telegram(app, fetch, commit, lead, timings))
    if settings.slack_bot_token.get_secret_value():
        connections.append(_connect_slack(app, fetch, commit, timings))
    if settings.email_address:
        connections.append(_connect_email(app, fetch, commit, lead, timings))
    if settings.kakao_secret.get_secret_value():
        others = [one.channel for one in connections]
        connections.append(_connect_kakao(app, others, commit, timings))
    if settings.console_port:
        connections.append(_connect_console(app))
    if settings.web_ask:
        connections.append(_connect_web(app))
    if not connections:
        raise NothingToServe(
            "No channel is configured. Set NARU_TELEGRAM_TOKEN (from @BotFather), "
            "NARU_SLACK_BOT_TOKEN with NARU_SLACK_APP_TOKEN, NARU_EMAIL_ADDRESS with its servers, or "
            "NARU_KAKAO_SECRET for founders on KakaoTalk; the README says how. `naru chat` works "
            "without any."
        )
    return connections


def open_channel(settings: Settings, name: str, fetch: FetchFile) -> Messenger | None:
    """The channel of that name, not started; None without its token or for another name."""
    if name == "telegram" and settings.telegram_token.get_secret_value():
        return _open_telegram(settings, fetch)
    if name == "slack" and settings.slack_bot_token.get_secret_value():
        return _open_slack(settings, fetch)
    if name == "kakao" and settings.kakao_secret.get_secret_value():
        from adapters.kakao.channel import KakaoChannel

        return KakaoChannel()
    if name == "email" and settings.email_address:
        return _open_email(settings, fetch)
    return None


def ask_messenger(
    settings: Settings,
    channel: str,
    call: Callable[[Messenger], Coroutine[Any, Any, T]],
    unknown: T,
) -> T:
    """What `call` gets to know of a messenger from a process that is connected to none, such as
    the command line; `unknown` where its token is not set. Raises
    NotDelivered if the messenger cannot be asked."""

    async def refuse(file: File) -> bytes:
        return refuse_file(file)

    async def ask(messenger: Messenger) -> T:
        await messenger.start()
        try:
            return await call(messenger)
        finally:
            await messenger.stop()

    found = open_channel(settings, channel, refuse)
    return unknown if found is None else asyncio.run(ask(found))


def inspect_messengers(settings: Settings, rooms: Sequence[Binding]) -> list[MessengerCheck]:
    """Ask each messenger with a token who Naru is there, and about each of the bound `rooms`, for
    `naru doctor`. Nothing is sent, and nothing changed."""

    async def refuse(file: File) -> bytes:
        return refuse_file(file)

    async def inspect() -> list[MessengerCheck]:
        found: list[MessengerCheck] = []
        own = {name: [room for room in rooms if room.channel == name] for name in MESSENGERS}
        if settings.telegram_token.get_secret_value():
            from adapters.telegram.inspection import inspect_telegram

            telegram = _open_telegram(settings, refuse)
            found += await inspect_telegram(
                telegram, settings.telegram_webhook_url, own["telegram"]
            )
        if settings.slack_bot_token.get_secret_value():
            from adapters.slack.inspection import inspect_slack

            app_token = settings.slack_app_token.get_secret_value()
            found += await inspect_slack(_open_slack(settings, refuse), app_token, own["slack"])
        if settings.kakao_secret.get_secret_value():
            from adapters.kakao.inspection import inspect_kakao

            found += inspect_kakao(settings.kakao_hosts, settings.http_host, settings.http_port)
        if settings.email_address:
            from adapters.email.inspection import inspect_email

            found += await inspect_email(_open_email(settings, refuse), own["email"])
        return found

    return asyncio.run(inspect())


def _open_telegram(settings: Settings, fetch: FetchFile) -> TelegramChannel:
    from adapters.telegram.channel import TelegramChannel

    return TelegramChannel(
        settings.telegram_token.get_secret_value(),
        settings.telegram_api_url,
        fetch,
        settings.telegram_admin_ids,
    )


def _open_slack(settings: Settings, fetch: FetchFile) -> SlackChannel:
    from adapters.slack.channel import SlackChannel

    return SlackChannel(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, fetch)


def _connect_telegram(
    app: App, fetch: FetchFile, commit: CommitEvents, lead: RunWhileLeading, timings: ServeTimings
) -> Connection:
    from adapters.telegram.receiver import TelegramReceiver

    settings = app.settings
    channel = _open_telegram(settings, fetch)
    receiver = TelegramReceiver(
        channel,
        commit,
        app.now,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
        settle_time=timings.message_settle_time,
        retry_seconds=timings.channel_retry,
        lead=lead,
    )
    return Connection(channel, receiver)


def _connect_slack(
    app: App, fetch: FetchFile, commit: CommitEvents, timings: ServeTimings
) -> Connection:
    from adapters.slack.history import SlackBackfill
    from adapters.slack.receiver import SlackReceiver

    settings = app.settings
    signing_secret = settings.slack_signing_secret.get_secret_value()
    app_token = settings.slack_app_token.get_secret_value()
    if not (signing_secret or app_token):
        raise NothingToServe(
            "NARU_SLACK_BOT_TOKEN is set, but neither NARU_SLACK_APP_TOKEN (Socket Mode) "
            "nor NARU_SLACK_SIGNING_SECRET (HTTP). Set one of them."
        )
    channel = _open_slack(settings, fetch)
    backfill = SlackBackfill(
        channel,
        app.store,
        commit,
        channel.clock,
        settle_time=timings.message_settle_time,
        retry_seconds=timings.backfill_retry,
    )
    receiver = SlackReceiver(
        channel,
        commit,
        backfill,
        signing_secret=signing_secret,
        app_token=app_token,
        settle_time=timings.message_settle_time,
        retry_seconds=timings.channel_retry,
        catch_up_seconds=timings.slack_catch_up,
    )
    return Connection(channel, receiver)


def _connect_kakao(
    app: App, others: Sequence[Messenger], commit: CommitEvents, timings: ServeTimings
) -> Connection:
    """`others` are the messengers connected so far, where founders may go on."""
    from adapters.kakao.channel import KakaoChannel
    from adapters.kakao.receiver import KakaoReceiver
    from adapters.kakao.replies import Replies
    from bot.delivery.handing_out import Handout

    def list_ways() -> list[str]:
        return [one.public_address for one in others if one.public_address]

    channel = KakaoChannel()
    handout = Handout(app.store, channel.name, app.owner, app.now)
    handout.begin()
    receiver = KakaoReceiver(
        commit,
        Replies(handout, list_ways),
        app.now,
        secret=app.settings.kakao_secret.get_secret_value(),
        callback_hosts=app.settings.kakao_hosts,
        settle_time=timings.message_settle_time,
        reply_seconds=timings.kakao_reply,
        callback_seconds=timings.kakao_callback,
    )
    return Connection(channel, receiver)


def _connect_console(app: App) -> Connection:
    from adapters.serve.console_room.channel import ConsoleChannel
    from adapters.serve.console_room.staff_mail import open_staff_mail

    def tell(key: str, account: str, text: str) -> None:
        app.store.console.notices.tell(key, account, text, app.now())

    channel = ConsoleChannel(tell, open_staff_mail(app.settings, app.now))
    return Connection(channel, SiteReceiver(channel.name))


def _connect_web(app: App) -> Connection:
    from adapters.web.channel import WebChannel

    channel = WebChannel(app.store, app.now)
    return Connection(channel, SiteReceiver(channel.name))


def _open_email(settings: Settings, fetch: FetchFile) -> EmailChannel:
    """Raises SettingsError if an address of a server is missing or wrong."""
    from adapters.email.channel import EmailChannel
    from adapters.email.servers import MailAccount, parse_server

    account = MailAccount(
        address=settings.email_address.lower(),
        user=settings.email_user or settings.email_address,
        password=settings.email_password.get_secret_value(),
        imap=parse_server("NARU_EMAIL_IMAP_URL", settings.email_imap_url, "imap"),
        smtp=parse_server("NARU_EMAIL_SMTP_URL", settings.email_smtp_url, "smtp"),
        authserv_id=settings.email_authserv_id,
    )
    return EmailChannel(account, fetch, utc_now)


def _connect_email(
    app: App, fetch: FetchFile, commit: CommitEvents, lead: RunWhileLeading, timings: ServeTimings
) -> Connection:
    from adapters.email.receiver import EmailReceiver

    channel = _open_email(app.settings, fetch)
    receiver = EmailReceiver(
        channel,
        commit,
        app.store.outbox.list_latest,
        app.now,
        poll_seconds=app.settings.email_poll_seconds,
        retry_seconds=timings.channel_retry,
        lead=lead,
    )
    return Connection(channel, receiver)
