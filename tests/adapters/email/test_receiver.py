"""How mails are taken from an inbox: stored first, marked after, never too many of one sender."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.email import receiver as module
from adapters.email.channel import EmailChannel
from adapters.email.receiver import EmailReceiver, SenderRate
from bot.store import InboxEvent
from tests.adapters.email.mails import make_mail
from tests.fakes.email.provider import MailProvider

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


async def receive(
    channel: EmailChannel, provider: MailProvider, wanted: int, fails: int = 0, poll: float = 30.0
) -> list[InboxEvent]:
    """The events of a receiver until it has stored `wanted`; the first `fails` stores fail."""
    stored: list[InboxEvent] = []
    enough, left = asyncio.Event(), [fails]

    async def commit(events: Sequence[InboxEvent]) -> int:
        if left[0]:
            left[0] -= 1
            raise OSError("no database")
        stored.extend(events)
        if len(stored) >= wanted:
            enough.set()
        return len(events)

    one = EmailReceiver(
        channel,
        commit,
        lambda *_: [],
        lambda: datetime.now(UTC),
        poll_seconds=poll,
        retry_seconds=0.05,
    )
    task = asyncio.create_task(one.run())
    try:
        await asyncio.wait_for(enough.wait(), 60)
        await asyncio.sleep(0.2)  # the mark follows
    finally:
        task.cancel()
        await one.stop()
        with suppress(asyncio.CancelledError):
            await task
    return stored


def test_what_was_not_stored_comes_again(channel: EmailChannel, provider: MailProvider) -> None:
    provider.deliver(make_mail("하나"))
    stored = asyncio.run(receive(channel, provider, 1, fails=1))
    assert len(stored) == 1
    marks = [one for one in provider.imap.commands if one.startswith("UID STORE")]
    assert len(marks) == 1


def test_a_store_that_fails_does_not_use_up_what_a_sender_may_write(
    channel: EmailChannel, provider: MailProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAILS_PER_HOUR", 1)
    provider.deliver(make_mail("하나"))
    assert len(asyncio.run(receive(channel, provider, 1, fails=2))) == 1


@pytest.mark.parametrize("imap", [{"idles": False}, {"keywords": False}])
def test_servers_that_can_less(imap: dict[str, bool], channel: EmailChannel) -> None:
    with MailProvider(**imap) as provider:
        server = replace(channel.account.imap, port=provider.imap.port)
        smtp = replace(
            channel.account.smtp, port=int(provider.settings["email_smtp_url"][-5:].lstrip(":"))
        )
        account = replace(channel.account, imap=server, smtp=smtp)
        other = EmailChannel(account, channel._fetch_elsewhere, channel._now)
        provider.deliver(make_mail("하나"))
        provider.deliver(make_mail("둘", Message_ID="<m2@startup.test>"))
        assert len(asyncio.run(receive(other, provider, 2, poll=0.1))) == 2
        flags = [one.flags for one in provider.imap.folders["INBOX"].mails]
        assert all(("NaruTaken" in one) == ("keywords" not in imap) for one in flags)
        assert all("\\Seen" in one for one in flags)


def test_a_mail_that_somebody_read_before_naru_is_not_lost(
    channel: EmailChannel, provider: MailProvider
) -> None:
    provider.deliver(make_mail("하나"))
    provider.imap.folders["INBOX"].mails[0].flags.add("\\Seen")
    assert len(asyncio.run(receive(channel, provider, 1))) == 1


def test_a_mailbox_that_was_used_before_is_not_answered(
    channel: EmailChannel, provider: MailProvider
) -> None:
    provider.deliver(make_mail("옛 메일", Message_ID="<old@startup.test>"))
    provider.imap.folders["INBOX"].mails[0].came_on -= timedelta(days=30)
    provider.deliver(make_mail("하나"))
    (event,) = asyncio.run(receive(channel, provider, 1))
    assert "하나" in event.payload


def test_a_mail_that_breaks_the_connection_holds_up_no_other(
    channel: EmailChannel, provider: MailProvider
) -> None:
    provider.deliver(make_mail("독"))
    provider.deliver(make_mail("둘", Message_ID="<m2@startup.test>"))
    provider.imap.fails = lambda command: command.startswith("UID FETCH 1 ")
    (event,) = asyncio.run(receive(channel, provider, 1))
    assert "둘" in event.payload


def test_a_mail_that_cannot_be_read_is_kept_to_be_reported(
    channel: EmailChannel, provider: MailProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("parts within parts")

    monkeypatch.setattr(module, "describe_mail", fail)
    provider.deliver(make_mail("독"))
    (event,) = asyncio.run(receive(channel, provider, 1))
    assert "unreadable." in event.payload


def test_of_one_sender_no_more_are_heard_in_an_hour() -> None:
    rate = SenderRate(2, timedelta(hours=1))
    for allowed in (True, True, False):
        assert rate.allows("a@x", NOW) == allowed
        rate.note("a@x", NOW)
    assert rate.allows("b@x", NOW)
    assert rate.allows("a@x", NOW + timedelta(hours=1))


def test_two_machines_that_answer_each_other_come_to_an_end(
    channel: EmailChannel, provider: MailProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAILS_PER_HOUR", 3)
    for number in range(5):
        provider.deliver(make_mail("고맙습니다", Message_ID=f"<{number}@startup.test>"))
    assert len(asyncio.run(receive(channel, provider, 3))) == 3
    waiting = [one for one in provider.imap.folders["INBOX"].mails if not one.flags]
    assert len(waiting) == 2
