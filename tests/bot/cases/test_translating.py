"""Below words in another language stands a marked translation, else their key terms; the words stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cases.staff_turn import decide_staff_turn
from bot.cases.translating import TERMS_SHOWN
from bot.context import Decision
from bot.founder.turn import decide_founder_turn
from knowledge.errors import GlossaryBroken
from knowledge.types import LANGUAGES, Language
from tests.bot.founder.founder_records import ScriptedBridge
from tests.samples.records import (
    make_binding,
    make_conversation,
    make_message,
    make_pending,
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

VIETNAMESE = "Chúng tôi chưa nhận được hoàn thuế của quý ba."
KOREAN = "세무서에 환급 신청서를 다시 내 주십시오."
TERMS = {"hoàn thuế": "세금 환급", **{f"t{n}": f"용어{n}" for n in range(9)}}


def founder_writes(
    text: str, bridge: ScriptedBridge, *, may_use_model: bool = True, **case: Any
) -> list[str]:
    """What staff get of the founder's message."""
    services = make_services(known_cases=[make_taken_case(7, **case)], threads=[make_thread()])
    services = replace(services, languages=bridge, has_consent=lambda *_: may_use_model)
    turn = make_turn(make_message(text), make_conversation(case=7, language="vi"), services)
    return texts_of(sent_to_staff(decide_founder_turn(turn)))


def staff_write(text: str, bridge: ScriptedBridge, language: Language, **case: Any) -> Decision:
    services = replace(make_services(threads=[make_thread()]), languages=bridge)
    talk = make_conversation(case=7, language=language)
    turn = make_staff_turn(make_staff_message(text), make_taken_case(7, **case), talk,
                           services=services)  # fmt: skip
    return decide_staff_turn(turn)


def test_staff_read_the_founders_words_and_below_them_a_marked_translation() -> None:
    (told,) = founder_writes(VIETNAMESE, ScriptedBridge("3분기 세금을 돌려받지 못했습니다."))
    assert told.index(VIETNAMESE) < told.index("[기계 번역] 3분기 세금을")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_founders_read_staffs_words_and_below_them_a_marked_translation(
    language: Language,
) -> None:
    (told,) = sent_to_founder(
        staff_write(KOREAN, ScriptedBridge("Please file it again."), language)
    )
    marked = phrase("own.translation", language, text="Please file it again.")
    assert told.content.text.index(KOREAN) < told.content.text.index(marked)


def test_who_reads_the_language_gets_the_words_alone() -> None:
    bridge = ScriptedBridge("x", TERMS)
    (told,) = sent_to_founder(staff_write(KOREAN, bridge, "ko"))
    assert "[" not in told.content.text.partition("\n")[2] and bridge.asked == []


@pytest.mark.parametrize("may_use_model", [True, False])
def test_without_a_translation_at_most_five_key_terms_are_told(may_use_model: bool) -> None:
    bridge = ScriptedBridge(None if may_use_model else "번역", TERMS)
    (told,) = founder_writes(VIETNAMESE, bridge, may_use_model=may_use_model)
    assert VIETNAMESE in told and "[용어] hoàn thuế = 세금 환급" in told
    assert told.count(" = ") == TERMS_SHOWN and "번역" not in told
    assert bridge.asked == ([VIETNAMESE] if may_use_model else [])


def test_nothing_of_a_sealed_case_is_translated() -> None:
    bridge = ScriptedBridge("x", TERMS)
    founder_writes(VIETNAMESE, bridge, sealed=True)
    staff_write(KOREAN, bridge, "vi", sealed=True)
    assert bridge.asked == []


def test_the_words_go_out_when_the_glossary_cannot_be_read() -> None:
    class BrokenBridge(ScriptedBridge):
        def find_key_terms(self, text: str, source: Language, target: Language) -> dict[str, str]:
            raise GlossaryBroken("customs.csv, line 3")

    (told,) = founder_writes(VIETNAMESE, BrokenBridge())
    assert VIETNAMESE in told


def test_the_question_of_a_new_case_is_translated_below_its_card() -> None:
    bridge = ScriptedBridge("세금을 돌려받지 못했습니다.")
    services = replace(make_services(bindings=[make_binding()]), languages=bridge)
    pending = make_pending(VIETNAMESE, language="vi")
    talk = make_conversation(language="vi", pending=pending, asking_place=True)
    decision = decide_founder_turn(make_turn(make_message("Hanoi"), talk, services))
    assert texts_of(sent_to_staff(decision, "8.1"))[-1] == "[기계 번역] 세금을 돌려받지 못했습니다."


def test_every_language_marks_a_translation_as_a_machines() -> None:
    marks = {phrase("own.translation", language, text="") for language in LANGUAGES}
    assert len(marks) == len(LANGUAGES)
