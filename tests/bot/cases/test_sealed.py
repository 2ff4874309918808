"""What a room sees of a sealed case, and of numbers that are never kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cases import card as cases
from bot.cases.sealed import remind_of_unread
from bot.messages import Address
from tests.samples.records import (
    MISSIONS,
    button_keys,
    make_binding,
    make_case,
    make_conversation,
    make_file,
    make_line,
    make_services,
    make_thread,
)


def test_a_sealed_cases_thread_has_a_card_that_says_nothing_of_it() -> None:
    case = make_case(sealed=True, question="도면을 빼돌렸어요", found="「영업비밀」")
    record = [make_line("기술 유출"), make_line("원본 도면", files=(make_file("도면.pdf"),))]
    (card,) = cases.build_thread_opening(case, make_thread(), MISSIONS, record)
    assert (
        "내용은 담당자 개인 대화로만 볼 수 있습니다" in card.content.text and card.content.protect
    )
    assert not any(word in card.content.text for word in ("도면", "영업비밀", "유출", "Hanoi"))
    assert button_keys(card) == ["claim:7", "resolve:7", "reassign:7"]
    assert cases.render_case(case, MISSIONS).startswith("[봉인] #7 · ")


def test_a_card_and_a_record_show_no_number_that_is_never_kept() -> None:
    said = "900101-1234567, 여권 M12345678, 4111-1111-1111-1111, 010-1234-5678"
    shown = "●●●●●●-●●●●●●●, 여권 ●●●●●●●●●, ●●●●-●●●●-●●●●-●●●●, 010-1234-5678"
    assert shown in cases.render_card(make_case(question=said), MISSIONS).text
    assert cases.render_line(make_line(said)) == f"창업자: {shown}"


def test_a_sealed_case_without_a_reader_is_spoken_of_again_to_desk_and_founder() -> None:
    services = make_services(bindings=[make_binding("domestic", "C0DESK")])
    case, founder = make_case(sealed=True, question="도면을 빼돌렸어요"), make_conversation(case=7)
    desk, told = remind_of_unread(services, case, founder)
    assert desk.to.chat == "C0DESK" and "볼 수 있는 담당자가 없습니다" in desk.content.text
    assert told.to == founder.personal_address and told.content.text.startswith("#7 봉인된 건인데")
    assert not any("도면" in one.content.text for one in (desk, told))
    assert remind_of_unread(services, case, None) == (desk,)


@pytest.mark.parametrize("values", [{"sealed": False}, {"sealed": True, "state": "resolved"}])
def test_of_other_cases_nothing_is_said_again(values: dict[str, Any]) -> None:
    assert remind_of_unread(make_services(), make_case(**values), make_conversation()) == ()


def test_of_a_case_that_an_officer_reads_nothing_is_said_again() -> None:
    officer = Address("telegram", "77")
    services = replace(make_services(), find_duty_officers=lambda _: (officer,))
    assert remind_of_unread(services, make_case(sealed=True), make_conversation()) == ()
