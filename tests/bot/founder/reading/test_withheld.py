"""A mould or machine that a partner keeps is a matter of the contract; the secret itself, or what is
made with the mould behind its owner's back, is stolen technology (see docs/sealed.md)."""

from __future__ import annotations

import pytest

from bot.founder.reading.triage import triage_message


@pytest.mark.parametrize("text", [
    "현지 파트너가 금형을 돌려주지 않습니다",
    "공장이 우리 금형을 안 돌려줘요",
    "계약이 끝났는데 금형 반환을 거부합니다",
    "금형을 못 돌려받고 있습니다",
    "시제품을 안 돌려줍니다",
    "금형을 인질로 잡고 잔금부터 내라고 합니다",
    "장비를 반환하지 않습니다",
    "the factory won't return our moulds",
    "They refuse to give back our tooling",
    "our partner kept the molds and refuses to return them",
    "the factory holds our moulds hostage",
    "Nhà máy không trả lại khuôn cho chúng tôi",
    "họ không trả lại máy móc",
])  # fmt: skip
def test_what_is_only_withheld_is_for_people_and_not_sealed(text: str) -> None:
    triage = triage_message(text)
    assert (triage.incident, triage.urgency) == ("contract", "high")
    assert triage.needs_person and not triage.sealed and not triage.suspect


@pytest.mark.parametrize("text", [
    "도면을 돌려주지 않습니다",
    "금형 도면을 돌려주지 않습니다",
    "소스코드를 안 돌려줘요",
    "금형을 가져갔습니다",
    "금형을 뺏겼습니다",
    "금형을 무단으로 다른 공장에 넘겼어요",
    "금형을 돌려주지 않고 경쟁사에 넘겼습니다",
    "금형을 안 돌려주고 몰래 제품을 찍어냅니다",
    "금형을 돌려주지 않고 그걸로 제품을 만들어 팔아요",
    "금형을 안 돌려줍니다. 그 금형으로 제품을 팔고 있습니다",
    "파트너가 우리 금형을 우리 허락 없이 쓰고 있어요",
    "저희가 준 도면으로 제품을 만들어 팔고 있어요",
    "they took our moulds",
    "the factory won't return our source code",
    "they won't return our moulds and are selling copies",
    "đối tác không trả lại bản vẽ",
    "nhà máy không trả khuôn và sản xuất hàng bán",
])  # fmt: skip
def test_the_secret_itself_or_use_of_what_is_withheld_is_stolen_technology(text: str) -> None:
    triage = triage_message(text)
    assert triage.incident == "technology" and triage.sealed


@pytest.mark.parametrize("text", [
    "금형을 돌려주지 않으면 어떻게 하나요?",
    "공장이 저희 금형으로 제품을 생산하고 있습니다. 원산지는 어디인가요?",
    "저희는 그 금형으로 제품을 만들어 팔고 있습니다. 바우처 되나요?",
    "we keep the moulds in Hanoi",
    "is the mould returned after the contract?",
])  # fmt: skip
def test_a_mould_that_is_only_spoken_of_is_no_trouble(text: str) -> None:
    triage = triage_message(text)
    assert not triage.sealed and triage.urgency == "normal"


def test_people_who_are_held_hostage_still_are() -> None:
    for text in ("직원을 인질로 잡고 있어요", "they hold our engineer hostage"):
        assert triage_message(text).incident == "kidnapping"
