"""What no person has yet is not dropped by a case, by its end or by another place of the talk."""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import name_matter
from bot.cases.staff_turn import decide_staff_turn
from bot.founder.own_cases import ending
from bot.founder.turn import decide_founder_turn
from bot.types import Conversation
from tests.samples.records import (
    HANOI,
    NOW,
    QUESTION,
    make_case,
    make_command,
    make_conversation,
    make_line,
    make_message,
    make_pending,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_thread,
    make_turn,
)

SECRET = "파트너가 도면을 빼돌렸어요"
WAITING = make_pending(SECRET, sealed=True, urgency="high", at=NOW)


def test_an_older_case_that_its_founder_reopens_leaves_it() -> None:
    services = make_services(
        known_cases=[make_case(state="resolved")], threads=[make_thread()], lines=[make_line()]
    )
    talk = make_conversation(pending=WAITING, place=HANOI)
    reopened = ending.reopen_case(make_turn(make_message(), talk, services), 7).conversation
    assert reopened and (reopened.case, reopened.pending) == (7, WAITING)
    closing = make_services(known_cases=[make_case()], threads=[make_thread()])
    closed = ending.close_case(make_turn(make_command("close"), reopened, closing)).conversation
    assert closed
    case = decide_founder_turn(make_turn(make_command("human"), closed)).new_case
    assert case and (case.question, case.sealed, case.urgency) == (SECRET, True, "high")


def test_an_older_case_that_staff_reopen_and_resolve_leaves_it() -> None:
    founder = make_conversation(pending=WAITING, place=HANOI, asking_place=True)

    def act(command: str, state: str, talk: Conversation) -> Conversation:
        message = make_staff_message(kind="command", command=command)
        turn = make_staff_turn(message, make_case(state=state), talk)
        return decide_staff_turn(turn).conversation or talk

    reopened = act("reopen", "resolved", founder)
    assert (reopened.case, reopened.asking_place, reopened.pending) == (7, False, WAITING)
    assert act("resolve", "routed", reopened).pending == WAITING


def test_what_was_asked_among_others_joins_what_waits_in_private() -> None:
    group = replace(
        make_conversation(pending=make_pending(at=NOW)),
        key="telegram:-5:1001", chat="-5", private=False,
    )  # fmt: skip
    private = make_conversation(pending=WAITING, place=HANOI)
    services = replace(
        make_services(conversations=[private]), list_conversations=lambda _: [group, private]
    )
    press = make_message(f"continue-{name_matter(group.key)}", "button")
    case = decide_founder_turn(make_turn(press, private, services)).new_case
    assert case and case.sealed and case.question == f"{SECRET}\n{QUESTION}"
