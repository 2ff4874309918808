"""A talk in a founder's own words, from the trouble to a corrected case, on each messenger."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.running_app import AppFixtures
from tests.scenarios.relay.test_conversation import MESSENGERS, bind_rooms, run_relay_scenario

UNPAID = "바이어가 잔금을 석 달째 안 줍니다"


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("kinds", MESSENGERS, ids="-".join)
def test_a_talk_becomes_one_case_that_its_founder_corrects(
    tmp_path: Path, furniture: AppFixtures, kinds: tuple[str, str]
) -> None:
    with run_relay_scenario(tmp_path, furniture, kinds) as play:
        bind_rooms(play)
        founder = play.founder
        founder.says(UNPAID)
        founder.hears("사람이 살펴야")
        founder.says("계약서는 영문입니다")
        founder.hears("함께 적어 두었습니다")
        founder.says("네 전해주세요")
        founder.hears("어느 나라, 어느 도시의 일입니까?")
        founder.says("고마워요~")
        founder.hears("어느 나라, 어느 도시의 일인지 적어 주십시오")
        founder.says("베트남 하노이")
        assert "긴급도 높음" in founder.hears("접수번호 #1")
        case = play.hanoi.wait_for_case()
        case.hears(f"{UNPAID}\n│ 계약서는 영문입니다")
        founder.presses("fix:raise:1")
        founder.hears("긴급도 매우 높음")
        case.hears("창업자가 긴급도를 고쳤습니다: 높음 → 긴급")
        founder.says("언제 답 와요?")
        founder.hears("#1: 아직 담당자가 맡기 전입니다")
        case.hears("창업자: 언제 답 와요?")
        founder.presses("fix:place:1")
        founder.hears("나라와 도시를 적거나")
        founder.says("호치민")
        founder.hears("옮겼습니다")
        assert UNPAID in play.hcmc.wait_for_case().received_texts()[0]
