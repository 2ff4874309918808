"""How sections are offered, and which of them is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from bot.context import Decision, Services
from bot.founder import offers
from bot.founder.turn import decide_founder_turn
from bot.types import Conversation
from knowledge.types import LANGUAGES, Exchange, Language, ModelOutcome
from tests.bot.founder.offers.offered_talk import LABELS, OFFERED, TALK
from tests.samples.answers import RecordingAnswerer, RecordingShelf, make_answer, make_offer
from tests.samples.records import (
    NOW,
    QUESTION,
    button_keys,
    make_conversation,
    make_message,
    make_pending,
    make_services,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_staff,
    texts_of,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("하노이 물류바우처", 0),
        ("  「하노이  물류바우처」. ", 0),
        ("물류바우처", 0),
        ("수출바우처 (2026)", 1),
        ("수출바우처", 1),
        ("phieu ho tro", 3),
        ("1", 0),
        ("2번", 1),
        ("3번이요", 2),
        ("4.", 3),
        ("No. 2", 1),
        ("số 3", 2),
        ("#1", 0),
        ("0", None),
        ("5", None),
        ("2026", 1),  # not the number of a line but a part of one label
        ("바우처", None),  # of two labels
        ("나루", None),  # of every title
        ("하", None),
        ("네", None),  # which of them?
        ("", None),
        ("?", None),
        ("하노이 물류바우처 말고 다른 것", None),
    ],
)
def test_a_label_a_part_of_one_alone_or_its_number_names_it(typed: str, number: int | None) -> None:
    found = offers.find_named_choice(TALK, typed)
    assert found == (None if number is None else (OFFERED, number))


@pytest.mark.parametrize("typed", ["네", "Yes", "Đúng", "1"])
def test_a_yes_to_a_single_one_names_it(typed: str) -> None:
    single = replace(OFFERED, offers=OFFERED.offers[:1])
    assert offers.find_named_choice(replace(TALK, offered=(single,)), typed) == (single, 0)


def test_later_on_only_a_whole_label_does() -> None:
    later = replace(TALK, turns=(*TALK.turns, Exchange("다른 질문", "")))
    for typed in ("수출바우처", "2", "네"):
        assert offers.find_named_choice(later, typed) is None
    assert not offers.is_none_of_offers(later, "없음")
    assert offers.find_named_choice(later, "수출바우처 (2026)") == (OFFERED, 1)
    assert offers.find_named_choice(replace(TALK, offered=()), "수출바우처 (2026)") is None


def list_labels(labels: tuple[str, ...], language: Language = "ko") -> list[str]:
    answer = make_answer("offered", offers=tuple(make_offer(one) for one in labels))
    turn = make_turn(
        make_message(QUESTION), make_conversation(language=language, pending=make_pending())
    )
    (reply,) = offers.reply_with_offers(turn, answer).outgoing
    return [row[0].label for row in reply.content.buttons]


def test_buttons_are_short_and_stay_apart() -> None:
    long = "아주 긴 제목의 공고 " * 8
    labels = list_labels((f"{long} 가", f"{long} 나", "짧은 것"))
    assert len(set(labels)) == 4 and max(map(len, labels)) <= offers.LABEL_LIMIT_CHARACTERS
    assert [one[:2] for one in labels[:3]] == ["1.", "2.", "3."]
    assert list_labels(("가", "나"))[:2] == ["1. 가", "2. 나"]


def test_a_button_has_as_much_of_a_heading_as_a_phone_shows() -> None:
    korean, latin, *_ = list_labels(
        (
            "화장품 해외 인증 비용은 어디에서 누구에게 지원받나요?",
            "Mỗi doanh nghiệp được hỗ trợ bao nhiêu tiền?",
        )
    )
    assert korean == "1. 화장품 해외 인증 비용은 어디에서 누구에게 …"
    assert latin == "2. Mỗi doanh nghiệp được hỗ trợ …"


def decide(text: str, talk: Conversation, services: Services | None = None) -> Decision:
    return decide_founder_turn(make_turn(make_message(text), talk, services))


@pytest.mark.parametrize("text", ["1", "없음", LABELS[0]])
def test_in_an_open_case_nothing_is_chosen_by_words(text: str) -> None:
    shelf = RecordingShelf()
    services = make_services(known_cases=[make_taken_case()], threads=[make_thread()], shelf=shelf)
    decision = decide(text, replace(TALK, case=7), services)
    assert texts_of(sent_to_staff(decision)) == [f"창업자: {text}"] and shelf.chosen == []


@pytest.mark.parametrize("text", ["없음", "아니요.", "none of these", "Không có", "5", "5번"])
def test_none_of_them_in_words_offers_a_person_for_the_question(text: str) -> None:
    decision = decide(text, TALK)
    (reply,) = decision.outgoing
    assert reply.content.text == phrase("founder.none_of_offers", "ko")
    assert button_keys(reply) == ["human"]
    assert decision.conversation and decision.conversation.pending == make_pending(at=NOW)


@pytest.mark.parametrize("text", ["물류비는 언제 주나요?", "바우처"])
def test_the_next_question_is_asked_like_any_other(text: str) -> None:
    library = RecordingAnswerer(make_answer())
    decide(text, TALK, make_services(library))
    assert [one.text for one in library.asked] == [text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_offers_are_a_line_and_a_button_each_and_the_last_button_is_a_person(
    language: Language,
) -> None:
    sections = (make_offer("가 공고"), make_offer("물류 바우처 – 나 공고"))
    services = make_services(RecordingAnswerer(make_answer("offered", offers=sections)))
    decision = decide(QUESTION, make_conversation(language=language, fixed_language=True), services)
    (reply,) = decision.outgoing
    lines = "1. 가 공고 — 물류 바우처\n2. 물류 바우처 – 나 공고"
    assert reply.content.text == phrase("founder.offered", language, choices=lines)
    kept = decision.conversation
    assert kept and kept.offered[0].offers == sections
    assert kept.pending and kept.offered[0].asked == kept.pending
    token = kept.offered[0].token
    assert button_keys(reply) == [f"offer:{token}:0", f"offer:{token}:1", f"none:{token}"]
    assert [len(row) for row in reply.content.buttons] == [1, 1, 1]
    assert reply.content.buttons[2][0].label == phrase("founder.button_none", language)


def test_why_says_what_was_offered_and_that_it_was_not_sure_enough() -> None:
    offered = make_answer("offered", offers=OFFERED.offers[:2], confidence=0.4)
    services = make_services(RecordingAnswerer(offered))
    kept = decide(QUESTION, make_conversation(), services).conversation
    lines = f"1. {LABELS[0]} — 나루\n2. {LABELS[1]} — 나루"
    assert kept and kept.why.endswith(
        "답이 된다고 본 정도: 40%\n" + phrase("founder.why_offered", "ko", choices=lines)
    )


@pytest.mark.parametrize("outcome", get_args(ModelOutcome))
def test_why_says_what_a_language_model_did(outcome: ModelOutcome) -> None:
    offered = make_answer("offered", offers=OFFERED.offers[:2], model_outcome=outcome)
    services = make_services(RecordingAnswerer(offered))
    kept = decide(QUESTION, make_conversation(), services).conversation
    lines = {
        other: phrase(f"founder.why_model_{other}", "ko")
        for other in get_args(ModelOutcome)
        if other != "not_asked"
    }
    shown = {other for other, line in lines.items() if kept and line in kept.why}
    assert shown == {outcome} - {"not_asked"}


@pytest.mark.parametrize("text", ["파트너가 도면을 빼돌렸어요", "직원이 공항에서 체포됐어요"])
def test_nothing_is_offered_where_people_must_help(text: str) -> None:
    services = make_services(RecordingAnswerer(make_answer("offered", offers=OFFERED.offers)))
    decision = decide(text, make_conversation(), services)
    kept = decision.conversation
    assert kept and kept.offered == ()
    keys = [key for one in decision.outgoing for key in button_keys(one)]
    assert not any(key.startswith(("offer:", "none:")) for key in keys)
    assert not any(LABELS[0] in said for said in texts_of(decision.outgoing))


def test_sections_about_money_at_stake_are_offered_above_a_person() -> None:
    services = make_services(RecordingAnswerer(make_answer("offered", offers=OFFERED.offers)))
    decision = decide("하노이 바이어가 잔금을 안 줘요", make_conversation(), services)
    kept = decision.conversation
    assert kept and kept.pending and kept.pending.urgency == "high"
    keys = [key.split(":")[0] for one in decision.outgoing for key in button_keys(one)]
    assert "offer" in keys and keys[-1] == "none" and kept.awaited == "person"
    assert texts_of(decision.outgoing)[-1].startswith("이 일은 사람이 함께 살펴야 합니다.")
