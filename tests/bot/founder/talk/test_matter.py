"""What a founder sends before a case, and how all of it comes into the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.context import Decision
from bot.founder.talk import matter
from bot.founder.talk.matter import MAX_REMEMBERED_TURNS
from bot.founder.turn import decide_founder_turn
from bot.messages import Enclosure, Message
from bot.types import Conversation
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    HANOI,
    NOW,
    QUESTION,
    make_binding,
    make_case,
    make_command,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_oversized_file,
    make_pending,
    make_services,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

ONE, TWO, THREE = (make_file(f"{number}.pdf") for number in (1, 2, 3))
SECRET = "지우고 싶은 말입니다"
CONTACT = Enclosure("contact", "민수", "+84912")


def play(*messages: Message, talk: Conversation | None = None, **later: Any) -> Decision:
    """What the last of a founder's messages leads to, each decided on what is remembered."""
    services = replace(
        make_services(bindings=[make_binding()]), ask=RecordingAnswerer(make_answer("no_evidence"))
    )
    talk = talk or make_conversation(place=HANOI)
    decision = Decision()
    for number, message in enumerate(messages):
        services = replace(services, now=NOW + number * later.get("pause", timedelta(minutes=1)))
        decision = decide_founder_turn(make_turn(message, talk, services))
        talk = decision.conversation or talk
    return decision


def files_of(decision: Decision) -> list[str]:
    return [file.name for one in sent_to_staff(decision, "8.1") for file in one.content.files]


def words_of(decision: Decision) -> str:
    return "\n".join(texts_of(sent_to_staff(decision, "8.1")))


HUMAN = make_command("human")


@pytest.mark.parametrize(
    "messages",
    [
        (make_message("", files=(ONE,)), make_message(QUESTION)),
        (make_message(QUESTION), make_message("", files=(ONE,))),
        (make_message(QUESTION, files=(ONE,)), make_message("하나 더요. 언제까지인가요?")),
        (make_message("", "other", enclosures=(CONTACT,)), make_message(QUESTION, files=(ONE,))),
        (make_message("가" * 2_500, files=(ONE,)), make_message(QUESTION)),
    ],
)
def test_all_files_and_words_before_a_case_are_in_its_opening(messages: Any) -> None:
    decision = play(*messages, HUMAN)
    assert files_of(decision) == ["1.pdf"]
    said = words_of(decision)
    assert all(one.text in said for one in messages)
    assert ("[연락처] 민수 · +84912" in said) == any(one.enclosures for one in messages)
    assert decision.conversation and decision.conversation.pending is None


def test_an_album_of_three_is_one_question_with_three_files() -> None:
    decision = play(make_message(QUESTION, files=(ONE, TWO, THREE), album="9"), HUMAN)
    assert decision.new_case and decision.new_case.question == QUESTION
    assert files_of(decision) == ["1.pdf", "2.pdf", "3.pdf"]
    assert len(decision.new_lines) == 1


ASKED = (make_message(QUESTION), HUMAN)


@pytest.mark.parametrize(
    ("between", "reply"),
    [
        ((), make_message("하노이", files=(ONE,))),
        ((make_message("", files=(ONE,)),), make_message("하노이")),
        ((make_message("", files=(ONE,)),), make_message("", "location", location=(21.03, 105.85))),
        ((make_message("", "other", enclosures=(CONTACT,), files=(ONE,)),), make_message("하노이")),
    ],
)
def test_what_comes_while_the_place_is_asked_for_goes_along(between: Any, reply: Message) -> None:
    decision = play(*ASKED, *between, reply, talk=make_conversation())
    assert decision.new_case and decision.new_case.mission == "vn-hanoi"
    assert decision.new_case.question == QUESTION
    assert files_of(decision) == ["1.pdf"]
    assert ("[연락처]" in words_of(decision)) == any(one.enclosures for one in between)


def test_what_names_no_place_is_kept_and_the_place_is_asked_for_again() -> None:
    for message in (make_message("", files=(ONE,)), make_message("하노이", forwarded_from="김")):
        decision = play(*ASKED, message, talk=make_conversation())
        assert texts_of(decision.outgoing) == [phrase("founder.kept_for_case", "ko")]
        assert decision.conversation and decision.conversation.asking_place
    opened = play(
        *ASKED, make_message("환불 없음", forwarded_from="김"), make_message("하노이"),
        talk=make_conversation(),
    )  # fmt: skip
    assert "전달한 글 (김)\n│ 환불 없음" in words_of(opened)


def test_a_venue_that_answers_where_is_named_to_staff() -> None:
    venue = make_message(
        "", "location", location=(21.03, 105.85), enclosures=(Enclosure("venue", "롯데센터", ""),)
    )
    decision = play(*ASKED, venue, talk=make_conversation())
    assert decision.new_case and decision.new_case.mission == "vn-hanoi"
    assert "[장소] 롯데센터" in words_of(decision)


def test_a_shared_position_comes_into_the_case_and_not_only_its_city() -> None:
    spot = make_message("", "location", location=(21.03, 105.85))
    said = make_message(QUESTION)
    for messages in ((spot, said, HUMAN), (said, spot, HUMAN), (*ASKED, spot), (spot, HUMAN)):
        decision = play(*messages, talk=make_conversation())
        assert decision.new_case and decision.new_case.mission == "vn-hanoi"
        assert words_of(decision).count("[위치] 21.03, 105.85") == 1
    nowhere = make_message("", "location", location=(0.0, 0.0))
    assert "[위치] 0.0, 0.0" in words_of(play(said, nowhere, HUMAN))


def test_a_forwarded_place_is_not_taken_for_the_founders_own() -> None:
    forwarded = play(
        make_message("하노이 행사 안내", forwarded_from="김"), talk=make_conversation()
    )
    assert forwarded.conversation and forwarded.conversation.place is None
    assert forwarded.conversation.pending
    assert forwarded.conversation.pending.question == "전달한 글 (김)\n하노이 행사 안내"
    own = play(make_message("하노이 행사 안내"), talk=make_conversation())
    assert own.conversation and own.conversation.place == HANOI


def test_a_sticker_outside_of_a_case_is_no_part_of_the_matter() -> None:
    sticker = make_message("", "other", enclosures=(Enclosure("sticker", "🙏"),))
    decision = play(make_message(QUESTION), sticker)
    assert texts_of(decision.outgoing) == [phrase("founder.not_text", "ko")]
    assert "🙏" not in words_of(play(make_message(QUESTION), sticker, HUMAN))


def test_a_later_day_is_another_matter() -> None:
    messages = (make_message("", files=(ONE,)), make_message(QUESTION), HUMAN)
    assert files_of(play(*messages, pause=matter.MATTER_TIME + timedelta(seconds=1))) == []
    assert files_of(play(*messages, pause=matter.MATTER_TIME)) == ["1.pdf"]


def test_what_no_longer_fits_is_said_to_both_sides() -> None:
    sent = [
        make_message("", files=(make_file(f"{number}.pdf"),))
        for number in range(matter.MATTER_FILES + 2)
    ]
    decision = play(*sent, make_message(QUESTION), HUMAN)
    kept = files_of(decision)
    assert kept == [f"{number}.pdf" for number in range(2, matter.MATTER_FILES + 2)]
    assert phrase("staff.left_out", "ko", count=2) in words_of(decision)
    assert phrase("founder.left_out", "ko", count=2) in sent_to_founder(decision)[0].content.text
    long = make_message("나" * (matter.MATTER_CHARACTERS + 1))
    decision = play(long, make_message(QUESTION), HUMAN)
    assert phrase("staff.left_out", "ko", count=1) in words_of(decision)
    assert "나나" not in words_of(decision)


def test_questions_that_are_no_longer_remembered_are_in_the_opening_too() -> None:
    asked = [
        make_message(f"물류비 {number}천만 원까지 되나요?")
        for number in range(MAX_REMEMBERED_TURNS + 3)
    ]
    said = words_of(play(*asked, HUMAN))
    assert all(one.text in said for one in asked)


def test_an_unanswered_text_that_holds_an_answered_question_is_not_lost() -> None:
    long = make_message(f"{'가' * 2_500} {QUESTION}")
    said = words_of(play(make_message(QUESTION), long, make_message("하나 더 묻습니다"), HUMAN))
    assert long.text in said


def test_a_question_that_was_kept_before_times_were_is_not_lost() -> None:
    talk = make_conversation(pending=make_pending(), asking_place=True)
    decision = play(make_message("", files=(ONE,)), make_message("하노이"), talk=talk)
    assert decision.new_case and decision.new_case.question == QUESTION
    assert files_of(decision) == ["1.pdf"]


def test_what_is_added_can_make_the_matter_more_urgent() -> None:
    added = matter.add_words(make_pending(urgency="high"), "직원이 지금 체포됐습니다")
    assert (added.urgency, added.sealed) == ("critical", True)
    assert matter.add_words(make_pending(urgency="high"), "네").urgency == "high"


def test_a_file_is_refused_only_if_no_room_could_take_it() -> None:
    large = replace(make_file(size=30 << 20), channel="slack")
    on_slack = make_message(QUESTION, files=(large,), account="slack:U1")
    decision = play(on_slack)  # the room is on Slack
    assert phrase("founder.file_too_large", "ko", most=20) not in texts_of(decision.outgoing)
    assert decision.conversation and decision.conversation.pending
    assert decision.conversation.pending.files == (large,)


def test_a_question_after_sealed_words_stays_under_their_seal() -> None:
    secret = make_message("파트너가 도면을 빼돌렸어요", files=(ONE,))
    decision = play(secret, make_message(QUESTION, files=(TWO,)), HUMAN)
    case = decision.new_case
    assert case and (case.sealed, case.urgency) == (True, "high")
    assert case.question == f"{secret.text}\n{QUESTION}"
    kept = {file.name for _, line in decision.new_lines for file in line.files}
    assert kept == {"1.pdf", "2.pdf"} and "도면" not in words_of(decision)


def test_words_that_only_ask_about_sealed_matters_are_in_no_other_question() -> None:
    asked = make_pending("파트너가 도면을 빼돌렸어요", at=NOW, files=(ONE,))  # not sealed itself
    latest = make_pending(at=NOW)
    assert matter.carry_over(asked, latest, ()) == latest
    assert matter.carry_over(asked, latest, (), is_follow_up=True).earlier == (asked.question,)


def test_sealed_words_that_come_with_a_question_seal_its_case() -> None:
    secret = make_message("파트너가 도면을 빼돌렸어요", forwarded_from="김")
    decision = play(*ASKED, secret, make_message("하노이"), talk=make_conversation())
    assert decision.new_case and decision.new_case.sealed
    assert "도면" not in words_of(decision)


def test_a_file_that_no_case_could_pass_on_is_refused_when_it_comes() -> None:
    refused = phrase("founder.file_too_large", "ko", most=20)
    alone = play(make_message("", files=(make_oversized_file(),)))
    assert texts_of(alone.outgoing) == [refused] and alone.conversation is None
    mixed = make_message(QUESTION, files=(make_oversized_file(), ONE))
    assert texts_of(play(mixed).outgoing)[-1] == refused
    assert files_of(play(mixed, HUMAN)) == ["1.pdf"]


def test_words_after_the_command_in_an_open_case_go_to_staff() -> None:
    services = make_services(known_cases=[make_case()], threads=[make_thread()])
    talk = make_conversation(case=7)
    command = make_command("human", "세관에서 급하답니다", files=(ONE,))
    services = replace(services, ask=RecordingAnswerer(make_answer("no_evidence")))
    decision = decide_founder_turn(make_turn(command, talk, services))
    assert sent_to_staff(decision)[0].content.text == "창업자: 세관에서 급하답니다"
    assert decision.new_lines == ((7, make_line("세관에서 급하답니다", files=(ONE,))),)
    bare = decide_founder_turn(make_turn(HUMAN, talk, services))
    assert texts_of(bare.outgoing) == [phrase("founder.already_open", "ko", number=7)]


def test_an_old_button_opens_no_case_of_a_newer_question() -> None:
    press = make_message("noplace", "button")
    talk = make_conversation(pending=make_pending())
    decision = decide_founder_turn(make_turn(press, talk))
    assert decision.new_case is None
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]
    asked = make_conversation(pending=make_pending(), asking_place=True)
    assert decide_founder_turn(make_turn(press, asked)).new_case
