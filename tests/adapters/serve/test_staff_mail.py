"""Mails to staff without a messenger, over a mail server on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from adapters.errors import SettingsError
from adapters.serve.console_room.channel import ConsoleChannel
from adapters.serve.console_room.staff_mail import open_staff_mail
from adapters.settings import Settings
from bot.delivery.channel import PlatformMessage
from bot.errors import DeliveryUncertain, PersonRefused, RateLimited
from bot.messages import Address, Content
from tests.fakes.email.provider import NARU, PASSWORD, MailProvider, read_plain

NOW = datetime(2026, 12, 2, 3, 4, tzinfo=UTC)
EMAIL = "kim@example.org"


@pytest.fixture(scope="module")
def provider() -> Iterator[MailProvider]:
    with MailProvider() as running:
        yield running


def open_channel(provider: MailProvider, folder: Path, password: str = PASSWORD) -> ConsoleChannel:
    place = provider.settings["email_smtp_url"].removeprefix("smtp://")
    settings = Settings(
        data=folder, console_port=1, console_url="https://naru.example/", _env_file=None,
        smtp_url=f"smtp://{quote(NARU, safe='')}:{quote(password)}@{place}",
    )  # fmt: skip
    return ConsoleChannel(mail=open_staff_mail(settings, lambda: NOW))


def make_parcel(chat: str = EMAIL) -> PlatformMessage:
    content = Content("#12번 건의 창업자가 새 글을 보냈습니다.")
    return PlatformMessage("key-1", Address("console", chat, thread="12"), "12", content)


def test_a_mail_has_the_number_and_a_link(provider: MailProvider, tmp_path: Path) -> None:
    channel = open_channel(provider, tmp_path)
    sent = asyncio.run(channel.send(make_parcel()))
    assert sent.message_id
    mail = provider.mails_to(EMAIL)[-1]
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Naru #12", "auto-generated")
    assert mail["From"].addresses[0].addr_spec == NARU
    assert "https://naru.example/cases/12" in read_plain(mail)
    again = asyncio.run(channel.send(make_parcel()))
    assert again == sent
    first, second = provider.mails_to(EMAIL)[-2:]
    assert first["Message-ID"] == second["Message-ID"]


def test_what_the_server_says_decides_whether_it_is_tried_again(
    provider: MailProvider, tmp_path: Path
) -> None:
    channel, parcel = open_channel(provider, tmp_path), make_parcel("full@example.org")
    for answer, error in (("451 4.7.1 later", RateLimited), ("550 5.1.1 unknown", PersonRefused)):
        provider.answers = {"full@example.org": answer}
        with pytest.raises(error):
            asyncio.run(channel.send(parcel))
    provider.answers = {}
    provider.data_answers = ["lose"]
    with pytest.raises(DeliveryUncertain):
        asyncio.run(channel.send(parcel))
    assert asyncio.run(channel.find_sent(parcel, NOW)) is None  # so it is sent again
    with pytest.raises(DeliveryUncertain):
        asyncio.run(open_channel(provider, tmp_path, "wrong").send(parcel))


def test_a_room_of_the_console_and_a_console_without_mail_send_none(
    provider: MailProvider, tmp_path: Path
) -> None:
    before = len(provider.sent)
    room = make_parcel("console")
    assert asyncio.run(open_channel(provider, tmp_path).send(room)).message_id == "key-1"
    assert asyncio.run(open_channel(provider, tmp_path).find_sent(room, NOW))
    assert asyncio.run(ConsoleChannel().send(make_parcel())).message_id == "key-1"
    assert len(provider.sent) == before


@pytest.mark.parametrize(
    "url", ["http://user:secret-word@host", "smtp://user:secret-word@", "secret-word"]
)
def test_a_wrong_setting_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    settings = Settings(data=tmp_path, smtp_url=url, smtp_sender=NARU, _env_file=None)
    with pytest.raises(SettingsError, match="NARU_SMTP_URL") as refused:
        open_staff_mail(settings, lambda: NOW)
    assert "secret-word@" not in str(refused.value)
    nameless = Settings(data=tmp_path, smtp_url="smtp://user:x@host", _env_file=None)
    with pytest.raises(SettingsError, match="NARU_SMTP_SENDER"):
        open_staff_mail(nameless, lambda: NOW)
