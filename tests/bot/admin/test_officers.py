"""Who may read sealed cases, and what they get of those that waited for a reader."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.admin.binding import bind_room
from bot.admin.officers import deliver_waiting_cases
from bot.context import Services
from bot.messages import Address, Message, Outgoing
from bot.types import Case, Conversation, StaffMember
from tests.bot.admin.test_staffing import ADMIN, LEAD_USER, MEMBER, MEMBER_USER, run
from tests.harness.assistant_harness import decide_messages
from tests.samples.records import (
    make_binding,
    make_case,
    make_command,
    make_conversation,
    make_line,
    make_room_message,
    make_services,
    phrase,
    texts_of,
)
from tests.samples.staff_records import make_member

WORDS = "퇴사자가 도면을 가져갔어요"
SEALED = make_case(sealed=True, question=WORDS)
OPEN_TO_READ = make_member("U0READER", reads_sealed=True)
LEAD = make_member("U0NEWLEAD", is_lead=True)
ON_TELEGRAM = make_member("77", channel="telegram", is_lead=True)


CHAT = replace(make_conversation(), key="telegram:77", chat="77", user="77")


def make_desk(
    cases: tuple[Case, ...] = (SEALED,),
    readers: tuple[Address, ...] = (),
    chats: tuple[Conversation, ...] = (),
) -> Services:
    founder = make_conversation(case=7)
    services = make_services(
        known_cases=cases, lines=[make_line(WORDS)], conversations=[founder],
        bindings=[make_binding()],
    )  # fmt: skip
    return replace(
        services, list_open_cases=lambda: list(cases), find_duty_officers=lambda _: readers,
        list_conversations=lambda account: [
            one for one in chats if account == f"{one.channel}:{one.user}"
        ],
    )  # fmt: skip


def list_readers(outgoing: tuple[Outgoing, ...]) -> set[str]:
    """The chats to which the words of the case go."""
    return {one.to.chat for one in outgoing if WORDS in one.content.text}


def test_a_mailbox_that_several_people_read_gets_nothing_of_a_sealed_case() -> None:
    desk = make_desk()
    room = desk.bindings[0]
    shared = make_member(room.chat, channel=room.channel, is_lead=True)
    assert list_readers(deliver_waiting_cases(desk, (shared,))) == set()
    assert list_readers(deliver_waiting_cases(desk, (shared, LEAD))) == {"U0NEWLEAD"}


@pytest.mark.parametrize(
    ("member", "gets"),
    [
        (LEAD, {"U0NEWLEAD"}),
        (OPEN_TO_READ, {"U0READER"}),
        (MEMBER, set()),
        (replace(LEAD, mission="domestic"), {"U0NEWLEAD"}),
        (replace(LEAD, mission="vn-hcmc"), set()),
        (ON_TELEGRAM, set()),  # never wrote to Naru, which may not write first there
    ],
)
def test_a_sealed_case_that_waited_reaches_its_first_reader(
    member: StaffMember, gets: set[str]
) -> None:
    outgoing = deliver_waiting_cases(make_desk(), (member,))
    assert list_readers(outgoing) == gets
    assert all(one.content.protect for one in outgoing)
    told = [one for one in outgoing if one.to == Address("telegram", "1001")]
    read = f"#7 {phrase('founder.sealed_reader_found', 'ko')}"
    assert texts_of(told) == [read] * bool(gets)


@pytest.mark.parametrize(
    "desk",
    [
        make_desk((replace(SEALED, sealed=False),)),
        make_desk(readers=(Address("slack", "U0OTHER"),)),  # who has it already
    ],
)
def test_a_case_that_did_not_wait_is_not_sent(desk: Services) -> None:
    assert deliver_waiting_cases(desk, (LEAD,)) == ()


def test_on_telegram_the_private_chat_is_the_address() -> None:
    outgoing = deliver_waiting_cases(make_desk(chats=(CHAT,)), (ON_TELEGRAM,))
    assert list_readers(outgoing) == {"77"}


def test_who_binds_a_room_and_leads_its_body_gets_what_waited() -> None:
    decision = bind_room(make_binding(), make_desk(), [], "slack:U0NEWLEAD", LEAD)
    assert list_readers(decision.outgoing) == {"U0NEWLEAD"}


@pytest.mark.parametrize(
    ("words", "by", "key", "reads"),
    [
        (f"sealed {MEMBER_USER}", ADMIN, "sealed_granted", [True]),
        (f"sealed {MEMBER_USER} off", ADMIN, "sealed_withdrawn", [False]),
        (f"sealed {MEMBER_USER}", LEAD_USER, "sealed_by_admin", []),
        ("sealed U0NOBODY", ADMIN, "staff_unknown", []),
        ("sealed", ADMIN, "staff_how", []),
    ],
)
def test_only_an_admin_names_readers(words: str, by: str, key: str, reads: list[bool]) -> None:
    decision = run(words, by)
    assert [one.reads_sealed for one in decision.new_staff] == reads
    values: dict[str, Any] = {"who": "U0NOBODY" if "NOBODY" in words else ""}
    if reads:
        values = {"who": f"김영사 · slack:{MEMBER_USER}"}
    assert texts_of(decision.outgoing) == [phrase(f"staff.{key}", "ko", **values)]
    assert (decision.audit is not None) is bool(reads)


@pytest.mark.parametrize(
    ("message", "known", "gets"),
    [
        (make_command("start", account="telegram:77"), (), True),
        (make_command("start", account="telegram:77"), (CHAT,), False),  # could be reached before
        (make_command("start", account="telegram:78"), (), False),
        (make_room_message("/help", "command", command="help", account="telegram:77"), (), False),
    ],
)
def test_a_lead_who_could_not_be_reached_gets_what_waited_at_the_first_private_message(
    message: Message, known: tuple[Conversation, ...], gets: bool
) -> None:
    founder = make_conversation(case=7)
    decision = decide_messages(
        message, cases=[SEALED], members=[ON_TELEGRAM], conversations=[founder, *known]
    )
    assert list_readers(decision.outgoing) == ({"77"} if gets else set())
