"""No one presses a button that is not theirs: every key that Naru writes, in every kind of place."""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest

from bot import buttons
from bot.admin.library_commands import AdminTurn, decide_library_command
from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision
from bot.founder import public_place
from bot.founder.public_place import own_buttons
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Button, Content, Outgoing
from bot.types import FounderRules
from tests.samples.library_records import InMemoryLibrary
from tests.samples.records import (
    HANOI,
    make_case,
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
    texts_of,
)

FOUNDER_KEYS = {
    "ALL_SET_KEY": buttons.ALL_SET_KEY,
    "PERSON_KEY": buttons.PERSON_KEY,
    "SKIP_PLACE_KEY": buttons.SKIP_PLACE_KEY,
    "ERASE_KEY": buttons.ERASE_KEY,
    "REFUSE_KEY": buttons.REFUSE_KEY,
    "write_language_key": buttons.write_language_key("vi"),
    "write_place_key": buttons.write_place_key("하노이"),
    "write_all_set_key": buttons.write_all_set_key("0a1b2c3d"),
    "write_offer_key": buttons.write_offer_key("0a1b2c3d", 0),
    "write_none_key": buttons.write_none_key("0a1b2c3d"),
    "write_correction_key": buttons.write_correction_key("unseal", 7),
    "write_settled_key": buttons.write_settled_key(7),
    "write_taker_key": buttons.write_taker_key("leaver"),
    "write_matter_key": buttons.write_matter_key("telegram:-5:1001"),
    "write_agree_key": buttons.write_agree_key("vn-hanoi", "0a1b2c3d"),
    "write_withdraw_key": buttons.write_withdraw_key(7),
    "write_consent_key": buttons.write_consent_key("alerts", is_on=True),
    "UNLINK_KEY": buttons.UNLINK_KEY,
    "UNFOLLOW_KEY": buttons.UNFOLLOW_KEY,
    "write_rating_key": buttons.write_rating_key("good", 7),
    "write_words_key": buttons.write_words_key(7),
    "write_follow_key": buttons.write_follow_key("VN"),
    "write_unfollow_key": buttons.write_unfollow_key("VN"),
    "write_share_key": buttons.write_share_key(7),
}
STAFF_KEYS = {
    "write_case_key": buttons.write_case_key("resolve", 7),
    "write_admit_key": buttons.write_admit_key("1001"),
    "write_role_key": buttons.write_role_key("lead", "1001"),
    "write_forward_key": buttons.write_forward_key(8, 0),
    "write_insight_key": buttons.write_insight_key("ask", 3),
    "write_faq_key": buttons.write_faq_key("approve", 7),
    "write_hand_key": buttons.write_hand_key(7, "telegram:1001"),
    "write_stand_in_key": buttons.write_stand_in_key("telegram:1001"),
}
ADMIN_KEYS = {
    "KEEP_EDITION_KEY": buttons.KEEP_EDITION_KEY,
    "write_apply_key": buttons.write_apply_key("0a1b2c3d", "0123"),
    "write_discard_key": buttons.write_discard_key("0a1b2c3d"),
    "write_rollback_key": buttons.write_rollback_key(4, 7),
}
OTHER = "telegram:2002"


def changes_nothing(decision: Decision) -> bool:
    """Whether a decision only says something."""
    said = replace(decision, outgoing=(), conversation=None, audit=None, forget_message=False)
    return said == Decision()


def test_every_key_that_is_written_is_tried_here() -> None:
    written = {
        name
        for name, value in inspect.getmembers(buttons)
        if (name.startswith("write_") and callable(value)) or name.endswith("_KEY")
    }
    tried = FOUNDER_KEYS.keys() | STAFF_KEYS.keys() | ADMIN_KEYS.keys()
    assert written - {"write_owned_key"} == tried


@pytest.mark.parametrize("name", FOUNDER_KEYS)
def test_in_a_group_another_persons_press_changes_nothing(name: str) -> None:
    shown = Outgoing(
        Address("telegram", "-5", person="1001"),
        Content("…", buttons=((Button(FOUNDER_KEYS[name], "…"),),)),
    )
    ((button,),) = own_buttons(shown).content.buttons
    talk = replace(
        make_conversation(pending=make_pending(), place=HANOI), key="telegram:-5:2002",
        chat="-5", user="2002", private=False, version=1,
    )  # fmt: skip
    services = replace(make_services(known_cases=[make_case()]), rules=FounderRules(asks=True))
    press = make_message(button.key, "button", account=OTHER, chat="-5", private=False)
    refused = public_place.decide_public_turn(make_turn(press, talk, services))
    assert changes_nothing(refused) and refused.conversation is None


@pytest.mark.parametrize("name", FOUNDER_KEYS)
def test_a_key_of_another_person_changes_nothing_in_private_either(name: str) -> None:
    owned = buttons.write_owned_key(FOUNDER_KEYS[name], "1001")
    press = make_message(owned, "button", account=OTHER)
    decision = decide_founder_turn(make_turn(press, make_conversation()))
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]
    assert changes_nothing(decision)


@pytest.mark.parametrize("name", FOUNDER_KEYS)
def test_in_a_case_of_somebody_else_a_founders_key_does_nothing(name: str) -> None:
    case = make_case(conversation="telegram:9")
    services = make_services(known_cases=[case], threads=[make_thread()])
    press = make_message(FOUNDER_KEYS[name], "button")
    decision = decide_founder_turn(make_turn(press, make_conversation(), services))
    assert decision.case is None and decision.new_case is None


@pytest.mark.parametrize("name", FOUNDER_KEYS)
def test_in_a_staff_thread_a_founders_key_does_nothing_for_the_founder(name: str) -> None:
    press = make_staff_message(FOUNDER_KEYS[name], "button")
    decision = decide_staff_turn(make_staff_turn(press, make_taken_case(), make_conversation()))
    assert decision.case is None and decision.erase_account is None and not decision.consents


@pytest.mark.parametrize("name", [*STAFF_KEYS, *ADMIN_KEYS])
def test_a_founder_who_presses_a_key_of_staff_or_admins_changes_nothing(name: str) -> None:
    key = (STAFF_KEYS | ADMIN_KEYS)[name]
    case = make_case()
    services = make_services(known_cases=[case], threads=[make_thread()])
    press = make_message(key, "button")
    decision = decide_founder_turn(make_turn(press, make_conversation(case=7), services))
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]
    assert changes_nothing(decision)


@pytest.mark.parametrize("name", ADMIN_KEYS)
def test_a_key_of_an_admin_is_refused_to_others(name: str) -> None:
    press = make_message(ADMIN_KEYS[name], "button", account=OTHER)
    visit = AdminTurn(press, make_conversation(), False, lambda: InMemoryLibrary())
    decision = decide_library_command(visit)
    assert changes_nothing(decision) and decision.audit is not None
    assert decision.audit[1].endswith("refused, no admin")
