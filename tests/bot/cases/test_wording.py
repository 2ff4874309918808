"""A message as the other side reads it: enclosures, forwarded words and what is answered."""

from __future__ import annotations

import pytest

from bot.cases.staff_turn import decide_staff_turn
from bot.cases.wording import (
    can_be_passed_on,
    find_quoted_line,
    render_body,
    render_quote_for_founder,
    render_quote_for_staff,
)
from bot.context import Decision, mark_lines
from bot.founder.relay import relay_to_staff
from bot.messages import Enclosure, EnclosureKind, Message
from knowledge.types import LANGUAGES, Language
from tests.samples.records import (
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_message,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

ENCLOSURES: list[tuple[Enclosure, str]] = [
    (Enclosure("venue", "롯데센터", "54 Liễu Giai"), "[장소] 롯데센터 · 54 Liễu Giai"),
    (Enclosure("contact", "민수 김", "+84912"), "[연락처] 민수 김 · +84912"),
    (Enclosure("sticker", "🙏"), "[스티커] 🙏"),
    (Enclosure("poll", "언제?", "월\n화"), "[설문] 언제?\n- 월\n- 화"),
    (Enclosure("game", "🎲", "5"), "[게임] 🎲 · 5"),
    (Enclosure("story", "수출 채널"), "[스토리] 수출 채널"),
    (Enclosure("file_elsewhere", "a.gdoc", "https://x/a"), "[다른 곳에 있는 파일] a.gdoc · https://x/a"),
]  # fmt: skip
RECORD = [
    make_line("물류비는 얼마까지 지원하나요?"),
    make_line("서류를\n보내 주세요", "staff", role="lawyer"),
    make_line("사기 의심", "note", role="lawyer"),
    make_line("네"),
]


def relay_as_founder(message: Message) -> Decision:
    services = make_services(threads=[make_thread()], lines=RECORD)
    return relay_to_staff(
        make_turn(message, make_conversation(case=7), services), make_taken_case()
    )


def relay_as_staff(message: Message, language: Language = "ko") -> Decision:
    founder = make_conversation(case=7, language=language)
    services = make_services(threads=[make_thread()], lines=RECORD)
    return decide_staff_turn(make_staff_turn(message, make_case(), founder, services=services))


@pytest.mark.parametrize(("enclosure", "words"), ENCLOSURES)
def test_what_has_no_text_reaches_the_other_side_in_words(enclosure: Enclosure, words: str) -> None:
    marked = words.replace("\n", "\n│ ")
    decision = relay_as_founder(make_message("", "other", enclosures=(enclosure,)))
    assert texts_of(sent_to_staff(decision)) == [f"창업자: {marked}"]
    assert decision.new_lines[0][1].text == words
    decision = relay_as_staff(make_staff_message("", "other", enclosures=(enclosure,)))
    told = sent_to_founder(decision)[0].content.text
    assert told == f"[하노이 공관 · 변호사] #7\n{mark_lines(words)}"


def test_a_location_in_a_case_is_passed_on_both_ways_and_sets_no_place() -> None:
    spot = {"location": (21.03, 105.85)}
    decision = relay_as_founder(make_message("", "location", **spot))
    assert texts_of(sent_to_staff(decision)) == ["창업자: [위치] 21.03, 105.85"]
    assert decision.conversation and decision.conversation.place is None
    decision = relay_as_staff(make_staff_message("", "location", **spot), "vi")
    assert sent_to_founder(decision)[0].content.text.endswith("[vị trí] 21.03, 105.85")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*(one.kind for one, _ in ENCLOSURES), "location"])
def test_a_founder_reads_what_is_enclosed_in_their_language(
    kind: EnclosureKind, language: Language
) -> None:
    message = make_staff_message("", "other", enclosures=(Enclosure(kind, "x"),))
    text = sent_to_founder(relay_as_staff(message, language))[0].content.text
    assert text.endswith(f"\n{phrase(f'founder.enclosure_{kind}', language)} x")


def test_who_sends_an_unknown_kind_is_told_and_the_rest_goes_on() -> None:
    odd = (Enclosure("unsupported", "invoice"),)
    alone = relay_as_founder(make_message("", "other", enclosures=odd))
    assert texts_of(alone.outgoing) == [phrase("founder.not_passed_on", "ko")]
    assert not alone.new_lines
    mixed = relay_as_founder(make_message("이것도 봐 주세요", enclosures=odd))
    assert "이것도 봐 주세요" in sent_to_staff(mixed)[0].content.text
    assert texts_of(sent_to_founder(mixed)) == [phrase("founder.part_not_passed_on", "ko")]
    back = relay_as_staff(make_staff_message("답", enclosures=odd))
    assert texts_of(sent_to_staff(back))[0] == phrase("staff.part_not_passed_on", "ko")
    assert not can_be_passed_on(make_message("", "other"))


def test_forwarded_words_stand_below_their_author() -> None:
    message = make_message("환불은 없습니다.\n끝.", forwarded_from="바이어 김")
    assert texts_of(sent_to_staff(relay_as_founder(message))) == [
        "창업자: 전달한 글 (바이어 김)\n│ 환불은 없습니다.\n│ 끝."
    ]
    back = relay_as_staff(make_staff_message("내일까지입니다", forwarded_from="세관"), "vi")
    told = sent_to_founder(back)[0].content.text
    assert told.endswith("\n│ Tin chuyển tiếp (세관)\n│ 내일까지입니다")
    hidden = make_message("x", forwarded_from="?")
    assert render_body(hidden, "en") == "Forwarded (author not shown)\nx"
    file_only = make_message("", forwarded_from="세관 공지")
    assert render_body(file_only, "ko") == "전달한 글 (세관 공지)"


def test_forwarded_words_are_not_answered_from_the_library_in_a_case() -> None:
    message = make_message("물류비는 얼마까지 지원하나요?", forwarded_from="바이어 김")
    services = make_services(threads=[make_thread()])  # fails if the library is asked
    decision = relay_to_staff(make_turn(message, make_conversation(case=7), services), make_case())
    assert decision.to_acknowledge == message


@pytest.mark.parametrize(
    ("quoted", "author", "line"),
    [
        ("[하노이 공관 · 변호사] #7\n서류를\n보내 주세요", "", "> 변호사: 서류를 보내 주세요\n"),
        ("보내 주세요", "", "> 변호사: 보내 주세요\n"),  # a part of it
        ("창업자: 물류비는 얼마까지 지원하나요?", "", "> 창업자: 물류비는 얼마까지 지원하나요?\n"),
        ("딴 데서 온 말", "바이어 김", "> 바이어 김: 딴 데서 온 말\n"),
        ("딴 데서 온 말", "", "> 딴 데서 온 말\n"),
        ("", "바이어 김", ""),
    ],
)
def test_staff_read_what_a_founder_answers_and_who_wrote_it(
    quoted: str, author: str, line: str
) -> None:
    message = make_message("네", quoted=quoted, quoted_author=author)
    assert render_quote_for_staff(message, RECORD) == line


@pytest.mark.parametrize(
    ("quoted", "line"),
    [
        ("창업자: 물류비는 얼마까지 지원하나요?", "> you: 물류비는 얼마까지 지원하나요?\n"),
        ("창업자: 네", "> you: 네\n"),
        ("서류를\n보내 주세요", "> lawyer: 서류를 보내 주세요\n"),
        ("// 사기 의심", ""),  # a note stays among staff
        ("#7 · 보통 · 미배정\n나루가 찾은 것: 없음", ""),  # so does a card
        ("이 사람 말 믿지 마세요", ""),  # and what was never passed on
    ],
)
def test_a_founder_reads_what_staff_answer_only_if_it_was_theirs_to_read(
    quoted: str, line: str
) -> None:
    message = make_staff_message("맞습니다", quoted=quoted, quoted_author="Kim")
    assert render_quote_for_founder(message, RECORD, "en") == line
    told = sent_to_founder(relay_as_staff(message, "en"))[0].content.text
    assert told.endswith(f"\n{line}맞습니다")


def test_of_two_lines_the_longer_below_the_head_is_meant() -> None:
    record = [make_line("서류 네"), make_line("네")]
    assert find_quoted_line("창업자: 서류 네", record) == record[0]
    assert find_quoted_line("보냈네", record) is None


def test_a_deletion_by_staff_is_said_only_of_what_was_passed_on() -> None:
    deleted = relay_as_staff(make_staff_message("서류를\n보내 주세요", "deleted"), "vi")
    (told,) = sent_to_founder(deleted)
    assert told.content.text.endswith(phrase("founder.staff_deleted", "vi"))
    assert "서류" not in told.content.text and len(deleted.new_lines) == 1
    for text in ("// 사기 의심", "사기 의심", "/claim", ""):
        assert relay_as_staff(make_staff_message(text, "deleted")) == Decision()
    file = make_file()
    alone = make_staff_message("", "deleted", files=(file,))
    assert relay_as_staff(alone) == Decision()
    services = make_services(lines=[make_line("", "staff", files=(file,))])
    founder = make_conversation(case=7)
    gone = decide_staff_turn(make_staff_turn(alone, make_case(), founder, services=services))
    assert len(sent_to_founder(gone)) == 1


def test_a_founders_deletion_brings_no_file_again() -> None:
    message = make_message("지울 말", "deleted", files=(make_file(),))
    (told,) = sent_to_staff(relay_as_founder(message))
    assert told.content.text == phrase("staff.founder_deleted", "ko") and not told.content.files


def test_what_naru_said_is_quoted_without_an_author() -> None:
    record = [make_line("물류비는 3천만 원까지입니다", "bot")]
    answered = make_message("그건 아닌 것 같은데요", quoted="물류비는 3천만 원까지입니다")
    assert render_quote_for_staff(answered, record) == "> 물류비는 3천만 원까지입니다\n"
