"""Merging a case into another one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision
from bot.messages import Address
from bot.types import Case
from tests.samples.records import (
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

OTHER_TOPIC = replace(make_conversation(case=17), key="telegram:1001:5", thread="5")
SOMEONE = replace(make_conversation(case=17), key="telegram:2", chat="2", user="2")


def merge(text: str, target: Case | None, source: Case | None = None, **values: Any) -> Decision:
    """`/merge TEXT` in the thread of case 7, whose founder is in OTHER_TOPIC's case as well."""
    source = source or make_taken_case()
    talks = values.pop("talks", (OTHER_TOPIC,))
    threads = values.pop("threads", [make_thread(), make_thread(17, thread="2.2")])
    services = make_services(
        known_cases=[source, *([target] if target else [])],
        threads=threads,
        lines=[make_line(source.question), make_line("송장입니다", files=(make_file(),))],
        conversations=talks,
    )
    message = make_staff_message(text, "command", command="merge")
    founder = make_conversation(case=7)
    turn = make_staff_turn(message, source, founder, services=services)
    return decide_staff_turn(replace(turn, **values))


def make_target(**values: Any) -> Case:
    return make_taken_case(17, **{"conversation": OTHER_TOPIC.key, **values})


def test_a_merge_moves_record_files_founder_and_work_in_one_decision() -> None:
    decision = merge("17", make_target(urgency="normal"), make_taken_case(urgency="high"))
    assert decision.case and decision.case.merged_into == 17
    assert (decision.case.number, decision.case.state) == (7, "closed")
    (target,) = decision.more_cases
    assert (target.number, target.urgency, target.state) == (17, "high", "claimed")
    assert [(one.case, one.act, one.detail.split()[0]) for one in decision.log] == [
        (7, "merge", "17"), (17, "receive", "7"),
    ]  # fmt: skip
    assert decision.conversation and decision.conversation.case == 17
    assert decision.retired_threads == ("7.1",) and decision.lines_seen == ((7, 2),)
    told, card, close = sent_to_staff(decision)
    assert told.content.text == phrase("staff.merged", "ko", number=17)
    assert "#17에 합침" in card.content.text and close.act == "close"
    head, record, files, target_card = sent_to_staff(decision, "17.1")
    assert make_case().question in head.content.text and "송장입니다" in record.content.text
    assert files.content.files == (make_file(),) and target_card.act == "recard"
    moved = phrase("founder.merged", "ko", number=7, target=17)
    assert texts_of(sent_to_founder(decision)) == [moved]


def test_cases_merged_before_go_along() -> None:
    first = make_case(3, state="closed", merged_into=7)
    turn = make_staff_turn(
        make_staff_message("17", "command", command="merge"), make_taken_case(),
        make_conversation(case=7),
        services=replace(
            make_services(known_cases=[make_target()], conversations=[OTHER_TOPIC]),
            list_merged=lambda _: [first],
        ),
    )  # fmt: skip
    assert [one.merged_into for one in decide_staff_turn(turn).more_cases] == [None, 17]


def test_another_founders_case_is_merged_only_when_that_is_confirmed() -> None:
    target = make_target(conversation=SOMEONE.key)
    asked = merge("17", target, talks=(SOMEONE,))
    assert texts_of(asked.outgoing) == [phrase("staff.merge_other_founder", "ko", number=17)]
    assert asked.case is None
    assert merge("17 확인", target, talks=(SOMEONE,)).case


@pytest.mark.parametrize(
    "values", [{}, {"state": "resolved"}, {"sealed": True}, {"state": "closed", "merged_into": 20}]
)
def test_another_founders_case_of_another_mission_is_as_if_it_were_not_there(
    values: dict[str, Any],
) -> None:
    target = make_target(conversation=SOMEONE.key, mission="vn-hcmc", **values)
    elsewhere = [make_thread(), make_thread(17, thread="2.2", mission="vn-hcmc")]
    guessed = merge("17 확인", target, talks=(SOMEONE,), threads=elsewhere)
    assert texts_of(guessed.outgoing) == [phrase("staff.merge_unknown", "ko", number=17)]
    assert guessed.case is None
    own = make_target(mission="vn-hcmc")
    assert merge("17", own, threads=elsewhere).case
    assert merge("17 확인", make_target(conversation=SOMEONE.key, mission="vn-hcmc"),
                 talks=(SOMEONE,), threads=elsewhere, rank="desk").case  # fmt: skip


@pytest.mark.parametrize(
    ("text", "target", "told"),
    [
        ("", None, phrase("staff.merge_how", "ko")),
        ("7", None, phrase("staff.merge_how", "ko")),
        ("99", None, phrase("staff.merge_unknown", "ko", number=99)),
        ("17", make_target(state="resolved"), phrase("staff.merge_ended", "ko", number=17)),
        ("#17", make_target(sealed=True), phrase("staff.merge_sealed", "ko", number=17)),
        (
            "17",
            make_target(state="closed", merged_into=20),
            phrase("staff.merge_into_merged", "ko", number=17, target=20),
        ),
    ],
)
def test_what_cannot_be_merged_is_refused_with_what_to_do(
    text: str, target: Case | None, told: str
) -> None:
    decision = merge(text, target)
    assert texts_of(decision.outgoing) == [told] and decision.case is None


def test_an_ended_case_is_not_merged() -> None:
    decision = merge("17", make_target(), make_taken_case(state="resolved"))
    assert texts_of(decision.outgoing) == [phrase("staff.not_open", "ko", state="종결")]


def test_a_sealed_case_goes_into_another_one_past_its_thread() -> None:
    """Its words go to those who read sealed cases; the thread learns that something came."""
    source, target = make_taken_case(sealed=True), make_target(sealed=True)
    officer = Address("slack", "U0LEAD")
    services = replace(
        make_services(
            known_cases=[source, target], threads=[make_thread(), make_thread(17, thread="2.2")],
            lines=[make_line(source.question)], conversations=[OTHER_TOPIC],
        ),
        find_duty_officers=lambda _: [officer],
    )  # fmt: skip
    message = make_staff_message("17", "command", command="merge")
    turn = make_staff_turn(message, source, make_conversation(case=7), services=services)
    decision = decide_staff_turn(turn)
    with_words = {one.to for one in decision.outgoing if source.question in one.content.text}
    assert with_words == {officer}
    note, card = sent_to_staff(decision, "17.1")
    assert note.content.text == phrase("staff.merged_here_sealed", "ko", number=7)
    assert card.act == "recard" and all(
        one.content.protect for one in decision.outgoing if one.to == officer
    )


def test_a_merged_case_is_not_opened_again() -> None:
    merged = make_taken_case(state="closed", merged_into=17)
    message = make_staff_message("", "command", command="reopen")
    decision = decide_staff_turn(make_staff_turn(message, merged, make_conversation()))
    assert texts_of(decision.outgoing) == [phrase("staff.merged_away", "ko", number=17)]
