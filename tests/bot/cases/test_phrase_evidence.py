"""What people show about which section answers which question, and what is never kept of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cases.phrase_evidence import (
    MAX_PHRASE_CHARACTERS,
    MAX_REMEMBERED_ANSWERS,
    find_staff_choice,
    prepare_phrase,
)
from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision, Services
from bot.founder.handover import open_case
from bot.founder.question import answer_question
from bot.founder.talk.deleted_words import remove_deleted_words
from bot.founder.turn import decide_founder_turn
from bot.store.retention.remains import FORGOTTEN_MEMORY
from bot.types import Case, Conversation
from knowledge.phrases.phrase import SectionChoice, SectionName
from tests.samples.answers import RecordingAnswerer, make_answer, make_citation, make_offer
from tests.samples.records import (
    FOUNDER,
    QUESTION,
    button_keys,
    make_case,
    make_conversation,
    make_line,
    make_message,
    make_pending,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_turn,
    texts_of,
)

SECTION = SectionName("freight", ("나루 물류바우처", "누가 신청할 수 있나요?"))
CITED = make_answer(citations=(make_citation("freight", heading=SECTION.heading),))
CONFIRMED = SectionChoice(FOUNDER, "ko", QUESTION, SECTION.document, SECTION.heading, "confirmed")


def ask(text: str = QUESTION, talk: Conversation | None = None, **values: Any) -> Decision:
    query = values.pop("query", text)
    services = make_services(RecordingAnswerer(replace(CITED, query=query)))
    return answer_question(make_turn(make_message(text, **values), talk, services))


def find_all_set_key(decision: Decision) -> str:
    return next(
        key for one in decision.outgoing for key in button_keys(one) if key.startswith("ok")
    )


def press(decision: Decision, key: str = "") -> Decision:
    message = make_message(key or find_all_set_key(decision), "button")
    return decide_founder_turn(make_turn(message, decision.conversation))


class TestConfirmed:
    def test_all_set_confirms_its_own_answer_once(self) -> None:
        first = ask()
        second = ask("서류는 언제까지 내야 합니까?", first.conversation)
        pressed = press(second, find_all_set_key(first))
        assert pressed.choice == CONFIRMED
        assert texts_of(pressed.outgoing) == texts_of(press(second, "ok").outgoing)
        assert press(pressed, find_all_set_key(first)).choice is None
        assert press(pressed, find_all_set_key(second)).choice == replace(
            CONFIRMED, question="서류는 언제까지 내야 합니까?"
        )

    def test_a_button_of_an_older_naru_still_ends_the_talk(self) -> None:
        pressed = press(ask(), "ok")
        assert pressed.choice is None and len(pressed.outgoing) == 1

    def test_personal_data_is_masked_before_it_is_remembered(self) -> None:
        asked = ask("제 번호는 010-1234-5678 인데 물류비가 나오나요?")
        assert asked.conversation and "1234" not in repr(asked.conversation.answered)
        choice = press(asked).choice
        assert choice and choice.question == "제 번호는 ●●●-●●●●-●●●● 인데 물류비가 나오나요?"

    @pytest.mark.parametrize(
        ("text", "values"),
        [
            (QUESTION, {"forwarded_from": "다른 사람"}),
            ("그럼 얼마예요?", {"query": "나루 물류바우처 그럼 얼마예요?"}),  # a follow-up
            ("물류비 " * 60, {}),
            ("네?", {}),
            ("직원이 뇌물을 달라는 건 어디에 신고하나요?", {}),  # words of sealed matters
        ],
    )
    def test_what_teaches_nothing_has_a_plain_button(self, text: str, values: Any) -> None:
        asked = ask(text, **values)
        assert asked.conversation and asked.conversation.answered == ()
        keys = [key for one in asked.outgoing for key in button_keys(one)]
        assert not any(key.startswith("ok:") for key in keys)

    def test_the_latest_answers_are_remembered_and_a_deleted_question_is_not(self) -> None:
        talk = make_conversation()
        for number in range(MAX_REMEMBERED_ANSWERS + 2):
            talk = ask(f"물류비 {number}번 질문입니까?", talk, id=f"m{number}").conversation or talk
        assert [one.question[4] for one in talk.answered] == ["2", "3", "4"]
        left = remove_deleted_words(talk, "물류비 3번 질문입니까?")
        assert [one.question[4] for one in left.answered] == ["2", "4"]


@pytest.mark.parametrize(("query", "own_words"), [(QUESTION, QUESTION), (f"나루 {QUESTION}", "")])
def test_a_follow_up_that_gets_offers_does_not_stand_for_itself(query: str, own_words: str) -> None:
    offered = make_answer("offered", offers=(make_offer(),), query=query)
    services = make_services(RecordingAnswerer(offered))
    decision = answer_question(make_turn(make_message(QUESTION), services=services))
    assert decision.conversation and decision.conversation.offered[-1].own_words == own_words


def test_what_was_confirmed_leaves_with_a_sealed_case_and_an_erasure() -> None:
    asked = ask().conversation
    assert asked and asked.answered and FORGOTTEN_MEMORY["answered"] == []
    sealed = make_pending(sealed=True)
    talk = replace(asked, pending=sealed, asking_place=True)
    opened = open_case(make_turn(make_message("하노이"), talk), None).conversation
    assert opened and opened.case and opened.answered == ()


def make_linking_services(**values: Any) -> Services:
    return replace(
        make_services(**values),
        find_linked_section=lambda text: SECTION if "물류바우처" in text else None,
    )


def answer(
    case: Case, text: str = "「나루 물류바우처」 › 누가", **values: Any
) -> SectionChoice | None:
    lines = values.pop("lines", ())
    services = make_linking_services(lines=lines)
    return find_staff_choice(services, make_staff_message(text, **values), case)


class TestAnsweredByStaff:
    def test_a_reply_that_names_a_section_answers_the_question_of_the_case(self) -> None:
        case = make_case()
        assert answer(case) == replace(CONFIRMED, source="staff")
        assert answer(case, "내일 전화드리겠습니다") is None

    def test_it_is_kept_with_the_reply_that_goes_out_unchanged(self) -> None:
        text = "「나루 물류바우처」 › 누가 신청할 수 있나요?"
        turn = make_staff_turn(
            make_staff_message(text), make_case(), make_conversation(case=7),
            services=make_linking_services(),
        )  # fmt: skip
        decision = decide_staff_turn(turn)
        assert decision.choice and decision.choice.conversation == FOUNDER
        assert any(one.endswith(text) for one in texts_of(decision.outgoing))

    def test_a_note_is_no_answer(self) -> None:
        turn = make_staff_turn(
            make_staff_message("// 「나루 물류바우처」"), make_case(), make_conversation(case=7),
            services=make_linking_services(),
        )  # fmt: skip
        assert decide_staff_turn(turn).choice is None

    @pytest.mark.parametrize(
        "case",
        [
            make_case(sealed=True),
            make_case(urgency="critical"),
            make_case(question="전달한 글 (누구)\n물류비가 되나요?"),
            make_case(question="가" * (MAX_PHRASE_CHARACTERS + 1)),
            make_case(question=""),
        ],
    )
    def test_nothing_is_kept_of_what_few_may_see_or_no_one_would_ask_again(
        self, case: Case
    ) -> None:
        assert answer(case) is None

    def test_a_reply_to_other_words_of_the_founder_answers_those(self) -> None:
        case = make_case()
        lines = (make_line(case.question), make_line("사무실 임차료는 따로 되나요?"))
        assert answer(case, quoted="사무실 임차료는 따로 되나요?", lines=lines) is None
        assert answer(case, quoted=case.question, lines=lines) is not None


def test_a_phrase_is_one_line_of_a_fitting_length() -> None:
    assert prepare_phrase(" 물류비는\n 얼마? ") == "물류비는 얼마?"
    assert prepare_phrase("왜") == prepare_phrase("가" * 201) == ""
    assert prepare_phrase("가" * 200) == "가" * 200
