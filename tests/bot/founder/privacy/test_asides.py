"""A trouble that gets a case of its own has its own notice and its own yes."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Address
from bot.routing.recipient import name_notice_version, render_recipient
from tests.bot.founder.privacy.founder_of_hanoi import (
    AGREE,
    HANOI_MISSION,
    PERIODS,
    FounderOfHanoi,
)
from tests.samples.records import MISSIONS, button_keys, make_message, make_pending

STOLEN = "파트너가 우리 금형 도면을 빼돌렸어요"
UNPAID_IN_HCMC = "다른 일인데 호치민 바이어가 잔금을 석 달째 안 줍니다"


def test_an_urgent_trouble_with_a_case_of_its_own_has_its_own_notice_and_button() -> None:
    matter = replace(make_pending(STOLEN), aside=(make_pending(UNPAID_IN_HCMC),))
    founder = FounderOfHanoi(pending=matter)
    opened = founder.asks_for_a_person()
    (aside,) = opened.new_asides
    assert opened.new_case and (opened.new_case.mission, aside.mission) == ("vn-hanoi", "vn-hcmc")
    assert not opened.consents
    for case, mission in ((opened.new_case, HANOI_MISSION), (aside, MISSIONS.get("vn-hcmc"))):
        (told,) = [one for one in opened.outgoing if f"withdraw:{case.number}" in button_keys(one)]
        assert render_recipient(mission, PERIODS, "ko", is_asked=False) in told.content.text
        assert told.to == Address("telegram", "1001") and told.content.protect == case.sealed
    founder.services = replace(founder.services, get_case=lambda _: aside)
    ended = founder.presses(f"withdraw:{aside.number}")
    assert ended.case and (ended.case.number, ended.case.state) == (aside.number, "closed")
    assert [one.scope for one in ended.consents if not one.given] == ["vn-hcmc"]
    assert founder.talk.case == opened.new_case.number  # they are still in the other one


def test_a_trouble_of_its_own_that_is_not_urgent_goes_out_only_with_a_yes_to_its_mission() -> None:
    earlier = make_pending("호치민 창고 임대차 계약을 봐 주실 분", sealed=True)
    founder = FounderOfHanoi(pending=replace(make_pending(), aside=(earlier,)))
    asked = founder.asks_for_a_person()
    assert asked.new_case is None and button_keys(asked.outgoing[-1]) == [AGREE, "refuse"]
    again = founder.presses(AGREE)
    hcmc = name_notice_version(MISSIONS.get("vn-hcmc"), PERIODS)
    assert again.new_case is None and button_keys(again.outgoing[-1])[0] == f"agree:vn-hcmc:{hcmc}"
    assert [one.scope for one in again.consents] == ["vn-hanoi"]
    opened = founder.sends(make_message("네"))
    assert opened.new_case and [case.mission for case in opened.new_asides] == ["vn-hcmc"]
    assert [one.scope for one in opened.consents] == ["vn-hcmc"]
