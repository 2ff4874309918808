"""What goes out by mail, and what comes of a server's refusals."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.email.channel import EmailChannel
from adapters.email.errors import classify_answer
from adapters.email.reading.mail import describe_mail
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import (
    DeliveryRefused,
    DeliveryUncertain,
    NotDelivered,
    PersonRefused,
    RateLimited,
    RoomRefused,
)
from bot.messages import Address, Button, Content, File
from tests.adapters.email.mails import ACCOUNT, make_mail
from tests.fakes.email.provider import NARU, MailProvider, read_html, read_plain

MINA, DESK = "mina@startup.test", "desk@hanoi.test"
THREAD = "m1@startup.test"
SENT_AT = datetime(2026, 12, 1, tzinfo=UTC)


def parcel(content: Content, key: str = "email:1:1", **more: Any) -> PlatformMessage:
    address = Address("email", MINA, THREAD)
    return PlatformMessage(
        key, more.pop("address", address), more.pop("thread", THREAD), content, **more
    )


CASE = Address("email", DESK, staff_thread="12.1")


def send(channel: EmailChannel, one: PlatformMessage) -> SentMessage:
    return asyncio.run(channel.send(one))


def test_a_mail_has_headings_sources_choices_and_files(
    channel: EmailChannel, provider: MailProvider
) -> None:
    details = "[1] 중소벤처기업부 · 「수출바우처」 › 신청 · https://www.mss.go.kr/a?b=1&c=2"
    content = Content(
        "물류비\n예 <b>아닙니다</b>", details, ((Button("ok", "해결됐습니다"), Button("human", "담당자")),),
        headings=("물류비",), files=(File("telegram", "x", "안내\n문.pdf", "application/pdf", 3),),
    )  # fmt: skip
    send(channel, parcel(content))
    (mail,) = provider.mails_to(MINA)
    assert read_plain(mail).split("\n")[:2] == ["물류비", "예 <b>아닙니다</b>"]
    assert "1. 해결됐습니다\n2. 담당자" in read_plain(mail)
    shown = read_html(mail)
    assert "<b>물류비</b>" in shown and "예 &lt;b&gt;아닙니다" in shown
    assert '<a href="https://www.mss.go.kr/a?b=1&amp;c=2">「수출바우처」 › 신청</a>' in shown
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("안내 문.pdf", b"xxx")
    assert mail["From"] == f"Naru <{NARU}>" and mail["X-Auto-Response-Suppress"] == "All"


def test_a_thread_that_is_not_remembered_is_looked_up(
    channel: EmailChannel, provider: MailProvider
) -> None:
    other = make_mail("x", Subject="남의 제목", Message_ID=f"<a{THREAD}>")
    provider.deliver(other)  # whose id has this one in it
    provider.deliver(make_mail("물류비?", Subject="Re: 물류비 문의", Message_ID=f"<{THREAD}>"))
    send(channel, parcel(Content("답")))
    send(channel, parcel(Content("답"), "email:1:2"))
    first, second = provider.mails_to(MINA)
    assert first["Subject"] == second["Subject"] == "Re: 물류비 문의"
    assert first["In-Reply-To"] == f"<{THREAD}>" and first["Message-ID"] != second["Message-ID"]


def test_long_ids_stay_whole(channel: EmailChannel, provider: MailProvider) -> None:
    thread = f"{'x' * 60}@startup.test"
    send(channel, parcel(Content("답"), thread=thread))
    raw = provider.imap.folders["Sent"].mails[0].raw
    assert f"References: <{thread}>\r\n".encode() in raw and b"Message-ID: <naru." in raw


def test_a_case_has_one_subject_and_one_thread(
    channel: EmailChannel, provider: MailProvider
) -> None:
    thread = asyncio.run(channel.open_thread(CASE, "#12 · 높음"))
    for number in (1, 2):
        send(channel, parcel(Content("카드"), f"k:{number}", address=CASE, thread=thread))
    notice = Address("email", DESK, thread)
    send(channel, parcel(Content("등록했습니다"), "k:3", address=notice, thread=thread))
    mails = provider.mails_to(DESK)
    assert {str(one["Subject"]) for one in mails} == {"[Naru #12]"}
    assert len({str(one["References"]) for one in mails}) == 1
    later = Address("email", DESK, staff_thread="12.2")
    send(channel, parcel(Content("카드"), "k:4", address=later, thread="case-12.2"))
    assert provider.mails_to(DESK)[-1]["Subject"] == "[Naru #12-2]"


def test_the_latest_mail_of_a_thread_is_answered(
    channel: EmailChannel, provider: MailProvider
) -> None:
    answer = make_mail("그리고", Message_ID="<m2@startup.test>", References=f"<{THREAD}>")
    channel.note_mail(describe_mail(answer.as_bytes(), ACCOUNT))
    send(channel, parcel(Content("답")))
    (mail,) = provider.mails_to(MINA)
    assert mail["In-Reply-To"] == "<m2@startup.test>"
    assert mail["References"] == f"<{THREAD}> <m2@startup.test>"


def test_what_one_person_alone_may_read_goes_to_them(
    channel: EmailChannel, provider: MailProvider
) -> None:
    send(
        channel, parcel(Content("도움말"), address=Address("email", DESK, only_to="kim@hanoi.test"))
    )
    assert provider.mails_to(DESK) == [] and len(provider.mails_to("kim@hanoi.test")) == 1


@pytest.mark.parametrize(
    ("answer", "address", "error"),
    [
        ("550 5.1.1 no such user", Address("email", MINA, THREAD), PersonRefused),
        ("550 5.1.1 no such user", CASE, RoomRefused),
        ("450 4.7.1 greylisted", Address("email", MINA, THREAD), RateLimited),
        ("552 5.3.4 too large", Address("email", MINA, THREAD), DeliveryRefused),
    ],
)
def test_refused_recipients(
    channel: EmailChannel, provider: MailProvider, answer: str, address: Address,
    error: type[NotDelivered],
) -> None:  # fmt: skip
    provider.answers[address.chat] = answer
    thread = "case-12.1" if address is CASE else THREAD
    with pytest.raises(error):
        send(channel, parcel(Content("답"), address=address, thread=thread))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (421, DeliveryUncertain),
        (451, RateLimited),
        (535, DeliveryUncertain),
        (554, DeliveryRefused),
    ],
)
def test_refused_mails(code: int, error: type[NotDelivered]) -> None:
    assert type(classify_answer(code, "x")) is error


def test_an_address_that_no_mail_can_have_is_refused(channel: EmailChannel) -> None:
    with pytest.raises(DeliveryRefused):
        send(channel, parcel(Content("답"), address=Address("email", "a b@@x", THREAD)))


def test_a_lost_answer_is_uncertain_and_the_mail_is_found(
    channel: EmailChannel, provider: MailProvider
) -> None:
    provider.saves_sent, provider.data_answers = True, ["lose"]
    one = parcel(Content("답"))
    with pytest.raises(DeliveryUncertain):
        send(channel, one)
    assert asyncio.run(channel.find_sent(one, SENT_AT)) is not None
    assert asyncio.run(channel.find_sent(parcel(Content("답"), "email:2:1"), SENT_AT)) is None


def test_a_copy_is_kept_once(channel: EmailChannel, provider: MailProvider) -> None:
    send(channel, parcel(Content("답")))
    provider.saves_sent = True
    send(channel, parcel(Content("답"), "email:1:2"))
    assert len(provider.imap.folders["Sent"].mails) == 2


def test_files_of_mails_are_fetched_from_the_inbox(
    channel: EmailChannel, provider: MailProvider
) -> None:
    mail = make_mail("첨부")
    mail.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="a.pdf")
    provider.deliver(mail)
    part = describe_mail(mail.as_bytes(), ACCOUNT)["files"][0]["part"]
    file = File("email", f"{part}:{THREAD}", "a.pdf", "application/pdf", 6)
    assert asyncio.run(channel.fetch_file(file)) == b"%PDF-1"
    with pytest.raises(DeliveryRefused):
        asyncio.run(channel.fetch_file(File("email", "1:gone@x", "a.pdf", "application/pdf", 6)))


def test_a_cards_new_state_is_a_mail(channel: EmailChannel, provider: MailProvider) -> None:
    card = parcel(Content("맡음"), address=CASE, thread="case-12.1")
    assert asyncio.run(channel.edit_card(card)).message_id is None
    assert provider.mails_to(DESK) == []
    shown = parcel(Content("맡음"), "k:2", address=CASE, thread="case-12.1", card="abc")
    assert asyncio.run(channel.edit_card(shown)).message_id == "abc"
    assert len(provider.mails_to(DESK)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("수출 물류비를 지원합니다.", "번호나 낱말만 적어"),
        ("Freight is supported.", "reply to this mail with its number"),
        ("Chương trình hỗ trợ chi phí vận chuyển.", "hãy trả lời thư này"),
    ],
)
def test_choices_are_explained_in_the_language_of_the_mail(
    channel: EmailChannel, provider: MailProvider, text: str, said: str
) -> None:
    send(channel, parcel(Content(text, buttons=((Button("ok", "OK"),),))))
    assert said in read_plain(provider.mails_to(MINA)[0])
