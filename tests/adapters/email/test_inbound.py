"""Stored mails as messages."""

from __future__ import annotations

import json

import pytest

from adapters.email.choices import find_pressed
from adapters.email.inbound import build_event, parse_message
from adapters.email.message_ids import MailPlace, find_own_id, name_thread, write_message_id
from adapters.email.reading.mail import describe_unreadable
from bot.messages import Button
from tests.adapters.email.mails import ACCOUNT, describe, make_mail

CASE = MailPlace("desk@hanoi.test", "case-1.1")
TO_CASE = f"<{write_message_id(CASE, 'k', 'provider.test')}>"


def test_a_new_mail_begins_a_thread_of_its_sender() -> None:
    event = build_event(describe(make_mail("하나", Subject="Re[2]: 회신: 물류비")))
    message = parse_message(event.payload)
    assert message is not None
    assert (message.chat, message.thread, message.private) == (
        "mina@startup.test",
        "m1@startup.test",
        True,
    )
    assert message.text == "물류비\n하나"
    assert event.lane == message.conversation == "email:mina@startup.test:m1@startup.test"
    assert (event.opens, event.person, event.place) == (
        message.chat,
        "email:mina@startup.test",
        None,
    )


def test_an_answer_to_a_case_is_in_its_room() -> None:
    event = build_event(
        describe(make_mail("답입니다", In_Reply_To=TO_CASE, Subject="Re: [Naru #1]"))
    )
    message = parse_message(event.payload)
    assert message is not None
    assert (message.chat, message.thread) == ("desk@hanoi.test", "case-1.1")
    assert not message.private
    assert (message.user, message.text, message.is_unverified) == (
        "mina@startup.test",
        "답입니다",
        True,
    )
    assert event.place == ("desk@hanoi.test", "case-1.1")


def test_what_a_forwarded_mail_quotes_is_kept() -> None:
    text = "이 메일을 봐 주십시오.\n\n2026년 12월 1일 (화) 오후 3:12, 파트너 <p@x.vn>님이 작성:\n> 해지합니다"
    message = parse_message(build_event(describe(make_mail(text, Subject="Fwd: 계약"))).payload)
    assert message is not None and "해지합니다" in message.text


@pytest.mark.parametrize(
    ("text", "kind", "command", "words"),
    [
        ("/reassign vn-hanoi", "command", "reassign", "vn-hanoi"),
        ("/staff add Lee@hanoi.test lawyer", "command", "staff", "add Lee@hanoi.test lawyer"),
        ("종결", "text", "resolve", "종결"),
        ("물류비 지원이요", "text", "", "물류비 지원이요"),
        ("", "other", "", ""),
    ],
)
def test_words_and_commands(text: str, kind: str, command: str, words: str) -> None:
    mail = make_mail(text, In_Reply_To=TO_CASE)
    message = parse_message(build_event(describe(mail)).payload)
    assert message is not None
    assert (message.kind, message.command, message.text) == (kind, command, words)
    if command == "staff":
        assert [one.user for one in message.named] == ["lee@hanoi.test"]


def test_the_same_mail_has_the_same_key_and_another_has_not() -> None:
    one, other = describe(make_mail("a")), describe(make_mail("b", Message_ID="<m2@startup.test>"))
    assert build_event(one).key == build_event(dict(one)).key != build_event(other).key


def test_of_a_machines_mail_only_the_key_is_kept() -> None:
    event = build_event(describe(make_mail("휴가", Auto_Submitted="auto-replied")))
    assert event.payload == "{}" and parse_message(event.payload) is None


def test_a_mail_that_cannot_be_read_is_reported_when_its_turn_comes() -> None:
    event = build_event(describe_unreadable(b"x", ACCOUNT))
    assert json.loads(event.payload)["id"].startswith("unreadable.")
    with pytest.raises(KeyError):
        parse_message(event.payload)


def test_ids_lead_back_to_their_place() -> None:
    for place in (CASE, MailPlace("", "CAB+x=2y_z-@mail.gmail.com"), MailPlace("", "")):
        written = write_message_id(place, "email:1:2", "provider.test")
        found = find_own_id(["other@x", written], "Provider.test")
        assert found is not None and found[0] == place
    forged = ["naru.@provider.test", "naru.%%.0123456789abcdef@provider.test", written + "x"]
    assert find_own_id([*forged, "naru.YQ.0123456789abcdef@provider.test"], "provider.test") is None


def test_a_thread_fits_the_store_and_is_never_taken_for_a_case() -> None:
    assert len(name_thread("x" * 300)) <= 78
    assert not name_thread("case-1.1").startswith("case-")
    assert name_thread("long.abc") != "long.abc"


BUTTONS = [
    Button("ok", "해결됐습니다"),
    Button("offer:1:0", "2. 물류비 지원"),
    Button("human", "I need a person"),
]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "ok"), ("2번", "offer:1:0"), ("3.", "human"), ("2번이요", "offer:1:0"), ("No. 3", "human"),
        ("số 1", "ok"), ("물류비 지원", "offer:1:0"), ("i need a person.", "human"), ("해결됐습니다!", "ok"),
        ("4", ""), ("0", ""), ("", ""), ("1 그리고 2", ""), ("지원", ""), ("2026", ""),
    ],
)  # fmt: skip
def test_a_reply_that_is_a_number_or_a_label_chooses(text: str, key: str) -> None:
    assert find_pressed(text, BUTTONS) == key
