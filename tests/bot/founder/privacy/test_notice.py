"""Before a case opens its founder reads whom it goes to, and says yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.staff_turn import decide_staff_turn
from bot.founder.handover import handle_place_timeout
from bot.missions.missions import Missions
from bot.routing.recipient import render_recipient
from bot.types import FounderRules, RetentionPeriods
from knowledge.types import LANGUAGES, Language
from tests.bot.founder.privacy.founder_of_hanoi import (
    AGREE,
    HANOI_MISSION,
    PERIODS,
    FounderOfHanoi,
)
from tests.samples.records import (
    FOUNDER,
    HANOI,
    HCMC,
    MISSIONS,
    NOW,
    button_keys,
    make_binding,
    make_case,
    make_command,
    make_conversation,
    make_message,
    make_pending,
    make_services,
    make_staff_message,
    make_staff_turn,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)


def test_nothing_goes_out_before_the_button() -> None:
    founder = FounderOfHanoi()
    asked = founder.asks_for_a_person()
    assert asked.new_case is None and not asked.new_lines and not asked.new_threads
    (shown,) = asked.outgoing
    assert render_recipient(HANOI_MISSION, PERIODS, "ko") in shown.content.text
    assert shown.content.text.startswith(phrase("privacy.notice_before", "ko"))
    assert button_keys(shown) == [AGREE, "refuse"]
    assert founder.talk.pending and founder.talk.awaited == "consent"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_names_each_item_of_the_law(language: Language) -> None:
    text = render_recipient(HANOI_MISSION, PERIODS, language)
    country = {"ko": "베트남", "en": "Vietnam", "vi": "Việt Nam"}[language]
    assert text.count(country) >= 2  # the recipient's, and the transfer's
    assert {"ko": "하노이", "en": "Hanoi", "vi": "Hanoi"}[language] in text
    assert "365" in text
    blank = {"mission": "…", "country": "…", "cases": "…", "sealed": "…"}
    for line in phrase("privacy.notice", language, **blank).splitlines():
        assert line.split(":")[0] in text
    assert phrase("privacy.notice_refusal", language) in text
    assert phrase("privacy.notice_numbers", language) in text


def test_a_desk_in_korea_is_no_transfer_abroad() -> None:
    text = render_recipient(MISSIONS.get("domestic"), PERIODS, "ko")
    assert "국외" not in text


def test_the_button_opens_the_case_and_is_kept_with_its_version() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    opened = founder.presses(AGREE)
    assert opened.new_case and opened.new_case.mission == "vn-hanoi"
    (consent,) = opened.consents
    assert (consent.account, consent.item, consent.scope) == (FOUNDER, "handover", "vn-hanoi")
    assert consent.given and consent.at == NOW and AGREE.endswith(consent.version)


def test_a_yes_in_words_is_a_yes() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    opened = founder.sends(make_message("네"))
    assert opened.new_case and opened.consents


def test_a_no_in_words_passes_nothing_on() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    refused = founder.sends(make_message("아니요"))
    assert refused.new_case is None and not refused.consents
    assert texts_of(refused.outgoing) == [phrase("privacy.refused", "ko")]


def test_who_refuses_loses_no_other_service_and_no_words() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    refused = founder.presses("refuse")
    assert texts_of(refused.outgoing) == [phrase("privacy.refused", "ko")]
    assert founder.talk.pending is not None and founder.talk.case is None
    assert founder.asks_for_a_person().new_case is None  # asked anew
    assert founder.presses(AGREE).new_case


def test_who_agreed_is_not_asked_again_for_the_same_text() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    founder.presses(AGREE)
    founder.talk = make_conversation(place=HANOI, pending=make_pending())
    assert founder.asks_for_a_person().new_case


def test_another_text_or_another_mission_is_asked_anew() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    founder.presses(AGREE)
    fresh = make_conversation(place=HCMC, pending=make_pending())
    founder.talk = fresh
    assert founder.asks_for_a_person().new_case is None
    founder.talk = replace(fresh, place=HANOI)
    longer = RetentionPeriods(cases=timedelta(days=500))
    founder.services = replace(founder.services, retention=longer)
    assert founder.asks_for_a_person().new_case is None


def test_a_button_of_a_notice_that_has_changed_shows_the_new_one() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    founder.services = replace(
        founder.services, retention=RetentionPeriods(cases=timedelta(days=500))
    )
    again = founder.presses(AGREE)
    assert again.new_case is None and "500" in again.outgoing[0].content.text


def test_a_button_without_a_matter_is_out_of_date() -> None:
    founder = FounderOfHanoi(pending=None)
    assert texts_of(founder.presses(AGREE).outgoing) == [phrase("founder.stale_button", "ko")]
    assert texts_of(founder.presses("refuse").outgoing) == [phrase("founder.stale_button", "ko")]


@pytest.mark.parametrize("urgency", ["critical", "high"])
def test_what_is_urgent_opens_at_once_and_the_notice_comes_with_it(urgency: str) -> None:
    question = {"critical": "직원이 공항에서 체포됐어요", "high": "바이어가 잔금을 안 줘요"}[
        urgency
    ]
    founder = FounderOfHanoi(pending=make_pending(question, urgency=urgency))
    opened = founder.asks_for_a_person()
    assert opened.new_case and opened.new_case.urgency == urgency
    (notice,) = [one for one in opened.outgoing if button_keys(one) == ["withdraw:8"]]
    told = notice.content.text
    assert render_recipient(HANOI_MISSION, PERIODS, "ko", is_asked=False) in told
    assert "넘기기 전에" not in told and "동의하지 않으시면" not in told  # it has gone out already


def test_what_was_told_can_be_taken_back() -> None:
    founder = FounderOfHanoi(pending=None, case=7)
    case = make_case()
    founder.services = replace(
        founder.services, get_case=lambda _: case, list_cases=lambda _: [case]
    )
    ended = founder.presses("withdraw:7")
    assert ended.case and ended.case.state == "closed"
    (said,) = ended.consents
    assert not said.given and said.scope == "vn-hanoi"
    assert "#7" in texts_of(ended.outgoing)[0]
    case = ended.case
    assert texts_of(founder.presses("withdraw:7").outgoing) == [
        phrase("founder.stale_button", "ko")
    ]


def test_a_matter_that_waits_for_its_button_is_shown_once_more() -> None:
    founder = FounderOfHanoi()
    (timer,) = founder.asks_for_a_person().timers
    assert timer.at == NOW + timedelta(hours=1)
    turn = make_turn(make_message("", "other"), founder.talk, founder.services)
    reminded = handle_place_timeout(turn)
    assert reminded.new_case is None and not reminded.timers
    assert button_keys(reminded.outgoing[0]) == [AGREE, "refuse"]


def test_a_place_that_is_not_named_in_time_still_asks_first() -> None:
    founder = FounderOfHanoi(place=None)
    founder.asks_for_a_person()
    turn = make_turn(make_message("", "other"), founder.talk, founder.services)
    asked = handle_place_timeout(turn)
    assert asked.new_case is None and button_keys(asked.outgoing[0])[0].startswith(
        "agree:domestic:"
    )


def test_human_as_the_very_first_message_is_not_lost_behind_the_notice_saas_starter_684() -> None:
    founder = FounderOfHanoi(pending=None, place=None, greeted=False)
    founder.services = replace(founder.services, bindings=(make_binding(),))
    founder.sends(make_command("human", "계약서를 봐 주실 분이 필요합니다"))
    asked = founder.sends(make_message("하노이"))
    assert button_keys(asked.outgoing[-1]) == [AGREE, "refuse"]
    opened = founder.presses(AGREE)
    assert opened.new_case and "계약서" in opened.new_case.question
    assert founder.talk.case == opened.new_case.number
    assert any("계약서" in text for text in texts_of(sent_to_staff(opened, "8.1")))


def test_a_handover_is_never_silent_chatwoot_13881() -> None:
    founder = FounderOfHanoi()
    for step in (founder.asks_for_a_person(), founder.presses("refuse")):
        assert step.outgoing and all(one.content.text for one in step.outgoing)
    founder.asks_for_a_person()
    opened = founder.presses(AGREE)
    receipt = "\n".join(texts_of(sent_to_founder(opened)))
    assert "#8" in receipt and HANOI_MISSION.name_ko in receipt
    twice = founder.presses(AGREE)  # pressed again: no second case
    assert twice.new_case is None and twice.outgoing


def test_what_is_added_while_the_notice_waits_goes_along() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    founder.sends(make_message("금액은 3만 달러이고 계약서는 영문입니다"))
    opened = founder.presses(AGREE)
    said = " ".join(line.text for _, line in opened.new_lines)
    assert opened.new_case and "3만 달러" in f"{opened.new_case.question} {said}"


def test_an_operator_who_asks_elsewhere_opens_at_once() -> None:
    founder = FounderOfHanoi()
    founder.services = replace(founder.services, rules=FounderRules())
    opened = founder.asks_for_a_person()
    assert opened.new_case and not opened.consents


def test_the_receipt_of_an_agreed_case_repeats_no_notice() -> None:
    founder = FounderOfHanoi()
    founder.asks_for_a_person()
    texts = texts_of(founder.presses(AGREE).outgoing)
    assert not any("국외 이전" in text for text in texts)


ABROAD = replace(HANOI_MISSION, id="kh-phnom-penh", country="KH", regions=("KH-12",))
NEIGHBOURS = Missions([*(one for one in MISSIONS if one.id != "domestic"), ABROAD])


@pytest.mark.parametrize(
    ("wanted", "asks", "told"),
    [
        ("kh-phnom-penh", True, True),
        ("vn-hcmc", True, False),  # the same country
        ("kh-phnom-penh", False, False),  # the operator tells elsewhere
    ],
)
def test_a_move_to_another_country_tells_again(wanted: str, asks: bool, told: bool) -> None:
    services = replace(
        make_services(threads=[make_thread()]),
        missions=NEIGHBOURS,
        rules=FounderRules(asks=asks),
    )
    message = make_staff_message(wanted, "command", command="reassign")
    turn = make_staff_turn(message, make_case(), make_conversation(case=7), services=services)
    decision = decide_staff_turn(turn)
    assert decision.case and decision.case.mission == wanted
    notices = [one for one in decision.outgoing if button_keys(one) == ["withdraw:7"]]
    assert bool(notices) == told
    if told:
        assert render_recipient(ABROAD, PERIODS, "ko", is_asked=False) in notices[0].content.text
        assert "캄보디아" in notices[0].content.text
