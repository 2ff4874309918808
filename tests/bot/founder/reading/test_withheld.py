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


@pytest.mark.parametrize("text", [
    "they are holding our moulds hostage",
    "our tooling is being held hostage until we pay the balance",
    "the forwarder holds our container hostage until we pay",
    "they hold hostage our machines",
    "our partner is holding our original bill of lading hostage",
    "the factory boss is holding the moulds hostage",
    "they are holding our moulds until we pay",
    "금형을 인질 삼아 잔금을 요구합니다",
    "업체가 물건을 인질로 잡고 추가 비용을 요구합니다",
    "보증금을 모두 인질로 잡고 있습니다",
    "담당 직원이 우리 금형을 인질로 잡고 있어요",
    "금형이 공장에 붙잡혀 있습니다",
    "nhà máy giữ khuôn làm con tin",
    "giám đốc xưởng lấy hàng làm con tin",
    "khuôn của chúng tôi bị giữ ở nhà máy",
])  # fmt: skip
def test_a_thing_that_is_held_hostage_is_a_matter_of_the_contract(text: str) -> None:
    triage = triage_message(text)
    assert (triage.incident, triage.urgency, triage.sealed) == ("contract", "high", False)


@pytest.mark.parametrize("text", [
    "they are holding the source code hostage",
    "소스코드를 인질로 잡고 있습니다",
    "họ giữ bản vẽ của chúng tôi làm con tin",
])  # fmt: skip
def test_a_secret_that_is_held_hostage_is_stolen_technology(text: str) -> None:
    triage = triage_message(text)
    assert triage.incident == "technology" and triage.sealed


@pytest.mark.parametrize("text", [
    "직원을 인질로 잡고 있어요",
    "직원과 금형을 인질로 잡고 있습니다",
    "금형 때문에 우리 직원을 인질로 잡았어요",
    "과장님이 물건 값 때문에 인질로 잡혀 있어요",
    "they hold our engineer hostage",
    "they took hostages in the warehouse with our goods",
    "they are holding our engineer and our moulds hostage",
    "they are holding us hostage over the moulds",
    "the workers are holding our manager hostage for the goods",
    "nhân viên bị bắt làm con tin",
    "khách hàng bị bắt làm con tin",
    "họ giữ nhân viên và khuôn làm con tin",
    "họ giữ giám đốc của chúng tôi làm con tin vì khuôn",
])  # fmt: skip
def test_people_who_are_held_hostage_still_are(text: str) -> None:
    triage = triage_message(text)
    assert triage.incident == "kidnapping" and triage.sealed and triage.urgency == "critical"


def test_persons_held_among_goods_are_detained() -> None:
    for text in (
        "the police are holding our goods and our engineer",
        "they are holding our account manager",
    ):
        assert triage_message(text).incident == "detention"
