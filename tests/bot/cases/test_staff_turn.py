"""What a staff member's message in a case's thread leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision
from bot.messages import Address, Enclosure, Message
from bot.phrases import begin_sentence
from bot.types import Case, CaseState, Conversation, StaffThread
from knowledge.types import LANGUAGES, Exchange, Language
from tests.samples.records import (
    HCMC,
    NOW,
    STAFF,
    button_keys,
    holder_of,
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_oversized_file,
    make_pending,
    make_route,
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

HANOI_NAMES = {
    "ko": "하노이 공관",
    "en": "the mission in Hanoi",
    "vi": phrase("routing.kind_embassy", "vi", city="Hanoi"),
}


def make_founder(language: Language = "ko", **values: Any) -> Conversation:
    """The founder, in the case."""
    return make_conversation(**{"language": language, "case": 7, **values})


def make_case_in(state: CaseState) -> Case:
    return make_case() if state == "routed" else replace(make_taken_case(), state=state)


def decide(
    message: Message, case: Case, founder: Conversation | None = None, **values: Any
) -> Decision:
    return decide_staff_turn(make_staff_turn(message, case, founder, **values))


def act(word: str, case: Case, founder: Conversation | None = None, text: str = "") -> Decision:
    """What a command leads to."""
    message = make_staff_message(text, "command", command=word)
    return decide(message, case, founder)


def test_the_first_reply_goes_to_the_founder_and_takes_the_case() -> None:
    decision = decide(make_staff_message("서류를 보내 주세요"), make_case(), make_founder())
    (to_founder,) = sent_to_founder(decision)
    assert to_founder.content.text == "[하노이 공관 · 변호사] #7\n서류를 보내 주세요"
    assert to_founder.to == Address("telegram", "1001") and to_founder.case == 7
    assert decision.case and decision.case.state == "answered" and decision.case.taken_at == NOW
    assert holder_of(decision.case) == (STAFF, "lawyer")
    assert [entry.act for entry in decision.log] == ["claim", "answer"]
    (card,) = sent_to_staff(decision)
    assert card.act == "recard" and "답변함(변호사)" in card.content.text
    assert decision.new_lines == ((7, make_line("서류를 보내 주세요", "staff", role="lawyer")),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_is_headed_in_the_founders_language(language: Language) -> None:
    decision = decide(make_staff_message("답"), make_taken_case(), make_founder(language))
    head = phrase(
        "founder.from_staff", language, number=7, mission=HANOI_NAMES[language],
        role=phrase("staff.role_lawyer", language),
    )  # fmt: skip
    assert texts_of(sent_to_founder(decision)) == [f"{begin_sentence(head)}\n답"]


def test_a_reply_to_an_ended_case_goes_out_and_staff_learn_that_it_is_ended() -> None:
    for state in ("resolved", "closed"):
        decision = decide(make_staff_message("덧붙입니다"), make_case_in(state), make_founder())
        assert "덧붙입니다" in sent_to_founder(decision)[0].content.text
        assert texts_of(sent_to_staff(decision)) == [phrase("staff.late_reply", "ko")]
        assert decision.case and decision.case.state == state and len(decision.new_lines) == 1


def test_an_edited_reply_is_marked_as_a_correction() -> None:
    decision = decide(make_staff_message("고친 답", "edit"), make_taken_case(), make_founder())
    text = sent_to_founder(decision)[0].content.text
    assert text == "[하노이 공관 · 변호사] #7\n(정정) 고친 답"


def test_files_and_the_seal_go_with_a_reply() -> None:
    files = (make_file(),)
    sealed = replace(make_taken_case(), sealed=True)
    decision = decide(make_staff_message("", files=files), sealed, make_founder())
    (to_founder,) = sent_to_founder(decision)
    assert to_founder.content.files == files and to_founder.content.protect
    assert to_founder.content.text == "[하노이 공관 · 변호사] #7"
    assert decision.new_lines[0][1].files == files


def test_a_file_that_is_too_large_goes_nowhere() -> None:
    message = make_staff_message("보세요", files=(make_oversized_file(),))
    decision = decide(message, make_case(), make_founder())
    assert texts_of(decision.outgoing) == [phrase("staff.file_too_large", "ko", most=20)]
    assert not decision.new_lines and decision.case is None


def test_a_reply_to_someone_whose_records_are_erased_is_kept_and_not_sent() -> None:
    decision = decide(make_staff_message("답"), make_case(), None)
    assert texts_of(decision.outgoing) == [phrase("staff.founder_gone", "ko")]
    assert decision.new_lines == ((7, make_line("답", "staff", role="lawyer")),)
    assert decision.case is None


def test_what_staff_write_goes_to_the_founder_unless_it_is_marked_as_a_note_zammad_2891() -> None:
    reply = decide(make_staff_message("사기 의심"), make_case(), make_founder())
    assert [text.rpartition("\n")[2] for text in texts_of(sent_to_founder(reply))] == ["사기 의심"]
    decision = decide(make_staff_message("  // 사기 의심 "), make_case(), make_founder())
    assert texts_of(decision.outgoing) == [phrase("staff.note_kept", "ko")]
    assert sent_to_founder(decision) == [] and decision.case is None
    assert decision.new_lines == ((7, make_line("사기 의심", "note", role="lawyer")),)


def test_what_cannot_be_passed_on_is_said_to_be_so() -> None:
    for enclosures in ((), (Enclosure("unsupported", "paid_media"),)):
        message = make_staff_message("", "other", enclosures=enclosures)
        decision = decide(message, make_case(), make_founder())
        assert texts_of(decision.outgoing) == [phrase("staff.not_passed_on", "ko")]
        assert decision == Decision(outgoing=decision.outgoing)


@pytest.mark.parametrize(
    "message",
    [
        make_staff_message("답"),
        make_staff_message("resolve:7", "button"),
        make_staff_message("", "command", command="claim"),
    ],
)
def test_in_a_thread_that_was_moved_away_nothing_is_passed_on(message: Message) -> None:
    case = make_case(route=make_route(HCMC))
    decision = decide(message, case, make_founder(), thread=make_thread(current=False))
    moved = phrase("staff.moved_away", "ko", mission="호치민 공관")
    assert decision == Decision(outgoing=decision.outgoing)
    assert texts_of(decision.outgoing) == [moved] and len(sent_to_staff(decision)) == 1


@pytest.mark.parametrize(("threads", "key"), [
    ([make_thread(id="7.2", chat="C0NEW")], "other_room"),
    ([], "no_room"),
])  # fmt: skip
def test_in_a_thread_whose_room_was_left_one_line_says_so(
    threads: list[StaffThread], key: str
) -> None:
    old = make_thread(current=False)
    services = make_services(threads=[old, *threads])
    turn = {"thread": old, "services": services}
    decision = decide(make_staff_message("답"), make_case(), make_founder(), **turn)
    assert decision == Decision(outgoing=decision.outgoing)
    assert texts_of(decision.outgoing) == [phrase(f"staff.{key}", "ko", mission="하노이 공관")]
    for message in (make_staff_message("", "deleted"), make_staff_message("", "other")):
        assert decide(message, make_case(), make_founder(), **turn) == Decision()


@pytest.mark.parametrize("message", [
    make_staff_message("claim:7", "button"), make_staff_message("", "command", command="claim"),
])  # fmt: skip
def test_claiming_takes_the_case_and_both_sides_learn_it(message: Message) -> None:
    decision = decide(message, make_case(), make_founder("vi"))
    assert decision.case and holder_of(decision.case) == (STAFF, "lawyer")
    taken = phrase("founder.taken", "vi", number=7, mission=HANOI_NAMES["vi"], role="luật sư")
    assert texts_of(sent_to_founder(decision)) == [begin_sentence(taken)]
    assert begin_sentence(taken).startswith("#7: Luật sư")
    told, card = sent_to_staff(decision)
    assert told.content.text == "변호사 님이 맡았습니다." and card.act == "recard"
    assert button_keys(card) == ["resolve:7", "wait:7", "authority:7", "reassign:7"]


# Which action is refused in which state, and what the thread is told instead.
REFUSED = [
    ("claim", "claimed", "이미 맡고 계신 건입니다."),
    ("claim", "resolved", phrase("staff.not_open", "ko", state="종결")),
    ("claim", "closed", phrase("staff.not_open", "ko", state="창업자가 끝냄")),
    ("resolve", "resolved", phrase("staff.not_open", "ko", state="종결")),
    ("resolve", "closed", phrase("staff.not_open", "ko", state="창업자가 끝냄")),
    ("reopen", "routed", phrase("staff.not_open", "ko", state="미배정")),
    ("reopen", "claimed", phrase("staff.not_open", "ko", state="변호사 담당")),
]


@pytest.mark.parametrize(("word", "state", "told"), REFUSED)
def test_an_action_that_its_state_does_not_allow_changes_nothing(
    word: str, state: CaseState, told: str
) -> None:
    decision = act(word, make_case_in(state), make_founder())
    assert texts_of(decision.outgoing) == [told]
    assert decision == Decision(outgoing=decision.outgoing)


def test_a_claim_of_what_another_person_has_says_who_has_it() -> None:
    theirs = replace(make_case_in("claimed"), taken_by="slack:U0OTHER")
    decision = act("claim", theirs, make_founder())
    assert texts_of(decision.outgoing) == [phrase("staff.already_taken", "ko", who="변호사")]


@pytest.mark.parametrize("state", ["routed", "claimed"])
def test_resolving_ends_the_case_and_frees_the_founder(state: CaseState) -> None:
    founder = make_founder(
        "en", turns=(Exchange("a", "b"),), pending=make_pending(), asking_place=True
    )
    decision = act("resolve", make_case_in(state), founder)
    assert decision.case and (decision.case.state, decision.case.ended_at) == ("resolved", NOW)
    assert decision.conversation == replace(founder, case=None, turns=(), asking_place=False)
    (to_founder,) = sent_to_founder(decision)
    assert to_founder.content.text.startswith(phrase("founder.resolved", "en", number=7))
    assert button_keys(to_founder) == [
        "settled:7", "reopen:7", "rate:good:7", "rate:partly:7", "rate:bad:7",
    ]  # fmt: skip
    labels = [one.label for one in to_founder.content.buttons[0]]
    assert labels == ["It is settled", "Not solved yet"]
    told, card, close = sent_to_staff(decision)
    assert told.content.text == phrase("staff.resolved", "ko")
    assert (card.act, close.act) == ("recard", "close") and "· 종결" in card.content.text


def test_resolving_leaves_a_founder_who_is_in_another_case_in_it() -> None:
    decision = act("resolve", make_taken_case(), make_founder(case=9))
    assert decision.conversation is None and decision.case is not None


@pytest.mark.parametrize(
    ("word", "state", "key"),
    [("resolve", "claimed", "resolved"), ("reopen", "resolved", "reopened")],
)
def test_staff_read_that_the_founder_will_be_told_only_where_that_can_be(
    word: str, state: CaseState, key: str
) -> None:
    gone = act(word, make_case_in(state), None)
    assert sent_to_founder(gone) == [] and len(sent_to_staff(gone)) == 3
    assert gone.conversation is None and gone.case is not None
    assert phrase(f"staff.{key}_untold", "ko") in texts_of(gone.outgoing)
    known = texts_of(act(word, make_case_in(state), make_founder()).outgoing)
    # They may have blocked Naru: it is said before the delivery, which may fail.
    assert phrase(f"staff.{key}", "ko") in known
    assert phrase(f"staff.{key}", "ko").endswith("창업자에게 알립니다.")


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_reopening_puts_the_founder_back_into_the_case(state: CaseState) -> None:
    founder = make_founder("vi", case=None, pending=make_pending())
    decision = act("reopen", make_case_in(state), founder)
    assert decision.case and decision.case.state == "claimed" and decision.case.ended_at is None
    assert decision.conversation == replace(founder, case=7)
    assert texts_of(sent_to_founder(decision)) == [phrase("founder.reopened", "vi", number=7)]
    reopen, told, card = sent_to_staff(decision)
    assert (reopen.act, card.act) == ("reopen", "recard")  # the thread first: then it may be told
    assert told.content.text == phrase("staff.reopened", "ko")


@pytest.mark.parametrize("state", ["resolved", "closed"])
def test_a_case_whose_founder_has_since_begun_another_is_not_reopened(state: CaseState) -> None:
    turn = make_staff_turn(
        make_staff_message(kind="command", command="reopen"), make_case_in(state),
        make_founder(case=9), services=make_services(known_cases=[make_case(9)]),
    )  # fmt: skip
    decision = decide_staff_turn(turn)
    assert texts_of(decision.outgoing) == [phrase("staff.reopen_elsewhere", "ko", number=9)]
    assert decision.case is None


def test_an_unknown_command_is_passed_on_to_no_one() -> None:
    decision = act("rseolve", make_case(), make_founder())
    assert texts_of(decision.outgoing) == [phrase("staff.unknown_command", "ko")]
    assert len(sent_to_staff(decision)) == 1 and decision.case is None


def test_a_deletion_in_a_retired_thread_says_nothing() -> None:
    """There are no words to pass on, so no one has to be told where the case is now."""
    retired = replace(make_thread(), current=False)
    deleted = make_staff_message("잘못 쓴 말", "deleted")
    assert decide(deleted, make_case(), make_founder(), thread=retired) == Decision()
