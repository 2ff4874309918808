"""Staff without a messenger get a mail when a case needs them, and nothing of what it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.platforms import list_limits
from bot.admin.console.mail_notices import add_mail_notices, withhold
from bot.admin.console.signing import tell_of_sign_in
from bot.admin.officers import list_officer_chats
from bot.cases.sealed import tell_readers
from bot.context import Decision, Services
from bot.delivery.completing import complete_decision
from bot.messages import Address, Content, Outgoing
from bot.types import Case, CaseMessage, LogEntry, SeatOffer, SeatRules, StaffMember
from tests.samples.records import NOW, make_binding, make_case, make_line, make_services, phrase
from tests.samples.staff_records import make_member

KIM = "console:kim@example.org"
OFFER = SeatOffer(KIM, "lawyer", "세금")
HELD = replace(make_case(), state="claimed", taken_by=KIM)


def make_house(before: Case | None = None, *members: StaffMember) -> Services:
    """What a decision may look up where there is a console, with the seats of Hanoi's body."""
    return replace(
        make_services(known_cases=[before] if before else [], bindings=[make_binding()]),
        limits=list_limits(has_console=True),
        list_seats=lambda mission: [
            (one, SeatRules(mission, one.channel, one.user))
            for one in members if one.mission == mission
        ],
    )  # fmt: skip


def tell(decision: Decision, before: Case | None) -> list[tuple[str, str | None, str]]:
    """Of each mail: to whom, of which case, and its text."""

    return [
        (one.to.chat, one.to.thread, one.content.text)
        for one in add_mail_notices(decision, make_house(before)).outgoing
    ]


def log(act: str, who: str = "telegram:9", number: int = HELD.number) -> tuple[LogEntry, ...]:
    return (LogEntry(number, NOW, who, "staff", act, "routed", "claimed"),)  # type: ignore[arg-type]


def test_a_sign_in_is_told_by_mail_where_no_messenger_tells_of_it() -> None:
    decision = tell_of_sign_in("console:kim@example.org", [], "Firefox")
    (mail,) = decision.outgoing
    assert mail.to == Address("console", "kim@example.org")
    assert withhold(mail.content.text, None) == mail.content.text
    assert "Firefox" not in mail.content.text
    assert decision.audit == ("console:kim@example.org", "signed in to the console: Firefox")
    assert not tell_of_sign_in("telegram:1", [], "Firefox").outgoing


def test_a_new_case_that_is_offered() -> None:
    case = replace(make_case(), offer=OFFER)
    ((chat, thread, text),) = tell(Decision(new_case=case), None)
    assert (chat, thread) == ("kim@example.org", str(case.number))
    assert f"#{case.number}번 건을 먼저 맡아" in text
    assert case.question not in text
    assert tell(Decision(case=case, log=log("urgency")), case) == []  # offered before


def test_a_case_that_somebody_else_hands_over() -> None:
    before = replace(HELD, taken_by="telegram:9")
    ((_, _, text),) = tell(Decision(case=HELD, log=log("hand")), before)
    assert "담당자가 되셨습니다" in text
    assert tell(Decision(case=HELD, log=log("claim", KIM)), make_case()) == []  # they took it
    assert (
        tell(Decision(case=before, log=log("hand", KIM)), HELD) == []
    )  # who has it has a messenger


def test_what_the_founder_writes_in_ones_case() -> None:
    said = CaseMessage("founder", "비밀 도면을 보냅니다", NOW)
    decision = Decision(new_lines=((HELD.number, said), (HELD.number, said)))
    ((_, _, text),) = tell(decision, HELD)
    assert "새 글을 보냈습니다" in text
    assert "도면" not in text
    for author in ("staff", "note", "bot"):
        line = replace(said, author=author)
        assert tell(Decision(new_lines=((HELD.number, line),)), HELD) == []
    assert tell(Decision(new_lines=((HELD.number, said),)), make_case()) == []


def test_a_target_that_is_near() -> None:
    ((_, _, text),) = tell(Decision(case=HELD, log=log("remind", "naru")), HELD)
    assert "답변 기한" in text


def test_each_decision_gets_its_mails() -> None:
    services = make_house(HELD)
    said = CaseMessage("founder", "보냈습니다", NOW)
    done = complete_decision(Decision(new_lines=((HELD.number, said),)), lambda: services, {})
    assert [one.to.channel for one in done.outgoing] == ["console"]


def test_a_seat_without_a_messenger_is_told_what_its_room_would_see() -> None:
    kim, lee = (
        make_member(f"{name}@example.org", channel="console", is_lead=name == "lee")
        for name in ("kim", "lee")
    )
    services = make_house(None, kim, make_member("U0STAFF"), lee)

    def call(case: Case, act: str) -> set[tuple[str, str]]:
        entry = log(act, "naru", case.number)
        return {
            (one.to.chat, one.content.text)
            for one in add_mail_notices(Decision(case=case, log=entry), services).outgoing
        }

    def expect(key: str, *names: str) -> set[tuple[str, str]]:
        text = phrase(f"console.mail_{key}", "ko", number=7)
        return {(f"{name}@example.org", text) for name in names}

    new = make_case()
    assert call(new, "route") == call(new, "offer") == expect("new", "kim", "lee")
    assert call(new, "remind") == expect("target", "kim", "lee")
    assert call(replace(new, sealed=True), "route") == expect("sealed", "lee")
    assert call(replace(new, taken_by="slack:U0STAFF", state="claimed"), "remind") == set()


def test_a_private_word_to_one_without_a_messenger_is_a_mail_without_it() -> None:
    secret = "퇴사자가 도면을 가져갔어요"
    officer = make_member("kim@example.org", channel="console", reads_sealed=True)
    chats = list_officer_chats([officer], lambda _: (), list_limits(has_console=True))
    assert chats == [Address("console", "kim@example.org")]
    assert list_officer_chats([officer], lambda _: (), list_limits()) == []  # no console: no reader
    case = make_case(sealed=True, question=secret)
    services = replace(make_house(case), find_duty_officers=lambda _: chats)
    told = tell_readers(services, case, [make_line(secret)])
    assert told.readers == tuple(chats)
    absence = Outgoing(chats[0], Content("김영사가 자리를 비웁니다"))
    decision = Decision(outgoing=(*told.outgoing, absence))
    sent = complete_decision(decision, lambda: services, services.limits).outgoing
    assert [(one.to.chat, one.to.thread) for one in sent] == [
        ("console:kim@example.org", None),  # on the next page they open
        ("kim@example.org", "7"),
        ("kim@example.org", None),
    ]
    assert not any(secret in str(one.content) or one.opens_seal for one in sent)
    assert "영사" not in sent[2].content.text


@pytest.mark.parametrize(("number", "key"), [("7", "case"), (None, "inbox")])
def test_no_other_words_leave_by_mail(number: str | None, key: str) -> None:
    assert withhold("퇴사자가 도면을 가져갔어요", number) == phrase(
        f"console.mail_{key}", "ko", number=7
    )
    offered = phrase("console.mail_offered", "ko", number=7)
    assert (withhold(offered, number) == offered) == (number == "7")
