"""What is logged of an answer: its words only with consent, and nothing of a sealed matter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.founder.privacy.consents import may_use
from bot.founder.privacy.policy import name_item_version
from bot.founder.turn import decide_founder_turn
from bot.types import Consent, FounderRules
from tests.bot.founder.privacy.known_persons import KnownPersons
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    FOUNDER,
    NOW,
    QUESTION,
    make_message,
    make_services,
    make_turn,
)


@pytest.mark.parametrize(("asks", "agreed", "kept"), [
    (True, False, False), (True, True, True), (False, False, True),
])  # fmt: skip
def test_words_are_logged_only_with_consent(asks: bool, agreed: bool, kept: bool) -> None:
    said = Consent(FOUNDER, "answers", name_item_version("answers"), agreed, NOW)
    people = KnownPersons(said) if agreed else KnownPersons()
    services = replace(
        make_services(RecordingAnswerer(make_answer())),
        rules=FounderRules(asks=asks),
        people=people,
    )
    services = replace(services, has_consent=lambda account, item: may_use(services, account, item))
    logged = decide_founder_turn(make_turn(make_message(QUESTION), None, services)).logged
    assert logged and logged.verdict
    assert (bool(logged.question), bool(logged.answer)) == (kept, kept)


def test_nothing_of_a_sealed_matter_is_logged() -> None:
    sealed = make_message("거래처가 우리 도면을 빼돌려 베꼈어요. 기술 유출입니다")
    assert (
        decide_founder_turn(
            make_turn(sealed, None, make_services(RecordingAnswerer(make_answer())))
        ).logged
        is None
    )
