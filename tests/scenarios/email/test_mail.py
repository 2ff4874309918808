"""Founders and staff by mail, over real IMAP and SMTP connections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.email.people import MailPerson, MailRoom
from tests.fakes.email.provider import MailProvider, read_html, read_plain
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramRoom, bind_room
from tests.harness.running_app import TELEGRAM_ADMIN, AppFixtures, RunningApp, run_app
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

DESK, KIM = "desk@hanoi.test", "kim@hanoi.test"
HANOI = -1001000000001


@pytest.fixture
def house(tmp_path: Path, furniture: AppFixtures, provider: MailProvider) -> Iterator[RunningApp]:
    quick = {"channel_retry": 0.1}
    with run_app(tmp_path, furniture, timings=quick, **provider.settings) as opened:
        yield opened


@pytest.fixture
def mina(provider: MailProvider) -> MailPerson:
    return MailPerson(provider, "mina@startup.test")


@pytest.fixture
def hanoi(house: RunningApp, provider: MailProvider) -> MailRoom:
    """The mailbox of the body in Hanoi, in whose name Kim leads."""
    room = MailRoom(provider, DESK, KIM)
    bind_room(house, "vn-hanoi", room)
    return room


def open_case(mina: MailPerson) -> None:
    mina.writes("현지 파트너가 대금을 주지 않습니다. 담당자를 연결해 주세요.", "대금 미지급")
    mina.hears("어느 나라, 어느 도시의 일입니까?")
    mina.says("베트남 하노이")
    mina.hears("접수번호 #1")


def wait_until_done(provider: MailProvider, house: RunningApp) -> None:
    store = house.app.store
    provider.wait_for(
        lambda: store.inbox.find_oldest_open() is None and store.outbox.find_oldest_open() is None
    )


def test_a_question_is_answered_in_its_thread(house: RunningApp, mina: MailPerson) -> None:
    asked = mina.writes(FREIGHT_QUESTION, "물류비 문의")
    text = mina.hears(FREIGHT_ANSWER)
    answer = mina.mails()[-1]
    assert answer["Subject"] == "Re: 물류비 문의"
    assert answer["In-Reply-To"] == answer["References"] == asked
    assert answer["Auto-Submitted"] == "auto-replied"
    assert "번호나 낱말만 적어" in text and "\n1. 해결" in text
    shown = read_html(answer)
    assert "<b>" in shown and '<a href="https://' in shown


def test_a_choice_is_answered_by_its_number(house: RunningApp, mina: MailPerson) -> None:
    mina.writes(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    mina.says("2")  # I need a person
    mina.hears("어느 나라, 어느 도시의 일입니까?")
    mina.says("베트남 하노이")
    mina.hears("접수번호 #1")


def test_a_second_thread_is_not_greeted_again(house: RunningApp, mina: MailPerson) -> None:
    mina.writes(FREIGHT_QUESTION, "하나")
    mina.hears(FREIGHT_ANSWER)
    mina.writes(FREIGHT_QUESTION, "둘")
    mina.hears(FREIGHT_ANSWER, 2)
    assert sum("원문과 출처로 답하고" in text for text in mina.received_texts()) == 1


def test_a_case_is_talked_through_by_mail(
    house: RunningApp, provider: MailProvider, mina: MailPerson, hanoi: MailRoom
) -> None:
    open_case(mina)
    kim = hanoi.wait_for_case()
    kim.hears("현지 파트너가 대금을 주지 않습니다")
    kim.says("계약서를 보내 주십시오.\n\n-- \n김 영사\n+84 24 0000 0000")
    text = mina.hears("계약서를 보내 주십시오.")
    assert "김 영사" not in text and "님이 작성" not in text
    assert house.app.store.get_case(1).state == "answered"
    mina.uploads("계약서.pdf", b"%PDF-1.4 contract", "application/pdf", "보냅니다")
    kim.hears("보냅니다")
    provider.wait_for(lambda: b"%PDF-1.4 contract" in kim.files())
    kim.says("종결")
    mina.hears("#1")
    provider.wait_for(lambda: house.app.store.get_case(1).state == "resolved")
    subjects = {str(one["Subject"]) for one in mina.mails()}
    assert subjects == {"Re: 대금 미지급"}
    assert {str(one["Subject"]) for one in provider.mails_to(DESK)} >= {"[Naru #1]"}


def test_a_founder_by_mail_and_staff_on_telegram(
    tmp_path: Path, furniture: AppFixtures, provider: MailProvider, mina: MailPerson,
    telegram: TelegramServer,
) -> None:  # fmt: skip
    telegram.create_forum(HANOI)
    room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram, **provider.settings) as house:
        bind_room(house, "vn-hanoi", room)
        open_case(mina)
        topic = room.wait_for_case()
        topic.uploads("안내.pdf", b"%PDF-1.4 guide", "application/pdf", "안내문을 보냅니다")
        mina.hears("안내문을 보냅니다")
        provider.wait_for(lambda: b"%PDF-1.4 guide" in mina.files())
        mina.says("고맙습니다. 읽어 보겠습니다.")
        topic.hears("읽어 보겠습니다")


def test_who_is_not_staff_or_not_verified_is_held_back(
    house: RunningApp, provider: MailProvider, mina: MailPerson, hanoi: MailRoom
) -> None:
    open_case(mina)
    kim = hanoi.wait_for_case()
    stranger = replace(kim, address="lee@hanoi.test")
    heard = len(mina.received_texts())
    kim.says("계좌를 바꾸어 송금하십시오", verified=False)
    kim.hears("발신자가 확인되지 않아")
    stranger.says("제가 답합니다")
    kim.hears("아직 이 공관의 담당자로 등록되지 않아")
    wait_until_done(provider, house)
    assert len(mina.received_texts()) == heard
    kim.says("1")  # admits who was named in the latest mail
    kim.hears("담당자로 등록했습니다")
    stranger.says("이제 답합니다")
    mina.hears("이제 답합니다")


def test_what_no_person_wrote_is_not_answered(
    house: RunningApp, provider: MailProvider, mina: MailPerson
) -> None:
    mina.writes("부재중입니다", Auto_Submitted="auto-replied")
    mina.writes("휴가입니다", X_Auto_Response_Suppress="All")
    mina.writes("소식지", List_Id="<news.startup.test>")
    mina.writes("반송", Return_Path="<>")
    MailPerson(provider, "noreply@shop.test").writes("주문이 접수되었습니다")
    provider.wait_for(lambda: house.app.store.inbox.count_events("ignored") == 5)
    assert provider.sent == []


def test_a_mail_that_comes_twice_is_answered_once(
    house: RunningApp, provider: MailProvider, mina: MailPerson
) -> None:
    mail = mina.compose(FREIGHT_QUESTION, "문의")
    provider.deliver(mail)
    provider.deliver(mail)
    mina.hears(FREIGHT_ANSWER)
    inbox = provider.imap.folders["INBOX"]
    provider.wait_for(lambda: all("NaruTaken" in one.flags for one in inbox.mails))
    wait_until_done(provider, house)
    assert sum(FREIGHT_ANSWER in text for text in mina.received_texts()) == 1


def test_nothing_is_lost_or_doubled_between_fetch_and_mark(
    house: RunningApp, provider: MailProvider, mina: MailPerson
) -> None:
    broken: list[str] = []

    def fail_once(command: str) -> bool:
        if command.startswith("UID STORE") and len(broken) < 2:
            broken.append(command)
            return True
        return False

    provider.imap.fails = fail_once
    mina.writes(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    provider.wait_for(
        lambda: all("NaruTaken" in one.flags for one in provider.imap.folders["INBOX"].mails), 20
    )
    wait_until_done(provider, house)
    assert len(broken) == 2
    assert sum(FREIGHT_ANSWER in text for text in mina.received_texts()) == 1


def test_a_send_of_unknown_outcome_is_looked_up(
    house: RunningApp, provider: MailProvider, mina: MailPerson
) -> None:
    provider.saves_sent = True
    provider.data_answers = ["lose"]
    mina.writes("안녕하세요")
    provider.wait_for(mina.mails)
    wait_until_done(provider, house)
    ids = [str(one["Message-ID"]) for one in mina.mails()]
    assert len(ids) == len(set(ids))


def test_a_wrong_password_ends_with_a_sentence(
    tmp_path: Path, furniture: AppFixtures, provider: MailProvider
) -> None:
    provider.imap.password = "another"
    with run_app(tmp_path, furniture, **provider.settings) as house:
        failure = house.wait_for_end()
    assert "email refused" in str(failure)


def test_sealed_words_go_to_the_lead_and_not_to_the_mailbox(
    house: RunningApp, provider: MailProvider, mina: MailPerson, hanoi: MailRoom
) -> None:
    mina.writes("퇴사한 직원이 크르륵부품 도면을 빼돌렸습니다", "기술 유출")
    mina.hears("봉인된 건으로")
    mina.says("1")
    mina.hears("어느 나라, 어느 도시의 일입니까?")
    mina.says("베트남 하노이")
    kim = MailPerson(provider, KIM)
    kim.hears("크르륵부품")
    hanoi.wait_for_case()
    wait_until_done(provider, house)
    to_desk = provider.mails_to(DESK)
    assert not any("크르륵" in read_plain(one) or "유출" in str(one["Subject"]) for one in to_desk)


def test_a_forged_admin_binds_and_unbinds_nothing(
    house: RunningApp, provider: MailProvider, mina: MailPerson, hanoi: MailRoom
) -> None:
    open_case(mina)
    kim = hanoi.wait_for_case()
    kim.says("/unbind vn-hanoi", verified=False)
    kim.says("/staff add evil@x.test", verified=False)
    wait_until_done(provider, house)
    assert [one.chat for one in house.app.store.list_bindings()] == [DESK]
    assert [one.user for one in house.app.store.staff.list_members("vn-hanoi")] == [KIM]
    kim.says("/staff add lee@hanoi.test lawyer")
    provider.wait_for(lambda: len(house.app.store.staff.list_members("vn-hanoi")) == 2)
