"""Optional consents: each apart, none needed; and a language model that is told only what may be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.context import Services
from bot.founder.privacy.consents import has_agreed, hide_from_model
from bot.founder.privacy.policy import name_item_version
from bot.founder.turn import decide_founder_turn
from bot.types import OPTIONAL_ITEMS, Consent, FounderRules, OptionalItem
from knowledge.types import Question
from tests.bot.founder.privacy.known_persons import KnownPersons
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    FOUNDER,
    NOW,
    QUESTION,
    button_keys,
    make_message,
    make_services,
    make_turn,
    phrase,
    texts_of,
)

RULES = FounderRules(asks=True, model="openai")


def build(*consents: Consent, rules: FounderRules = RULES) -> tuple[Services, KnownPersons]:
    people = KnownPersons(*consents)
    return replace(make_services(), rules=rules, people=people), people


@pytest.mark.parametrize("item", OPTIONAL_ITEMS)
def test_each_is_given_and_taken_back_by_itself(item: OptionalItem) -> None:
    services, people = build()
    for is_on in (True, False):
        press = make_message(f"consent:{item}:{int(is_on)}", "button")
        decision = people.keep(decide_founder_turn(make_turn(press, None, services)))
        (said,) = decision.consents
        assert (said.account, said.item, said.given) == (FOUNDER, item, is_on)
        assert said.version == name_item_version(item) and said.at == NOW
        assert button_keys(decision.outgoing[0]) == [f"consent:{item}:{int(not is_on)}"]
        agreed = [one for one in OPTIONAL_ITEMS if has_agreed(services, FOUNDER, one)]
        assert agreed == ([item] if is_on else [])


def test_a_yes_to_another_text_is_none() -> None:
    services, _ = build(Consent(FOUNDER, "alerts", "00000000", True, NOW))
    assert not has_agreed(services, FOUNDER, "alerts")


@pytest.mark.parametrize("key", ["consent:model:1", "consent:everything:1", "consent:alerts:x"])
def test_what_is_not_asked_cannot_be_agreed_to(key: str) -> None:
    services, _ = build(rules=FounderRules(asks=True))
    decision = decide_founder_turn(make_turn(make_message(key, "button"), None, services))
    assert not decision.consents
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]


@pytest.mark.parametrize(
    ("rules", "agreed", "hidden"),
    [
        (RULES, False, True),
        (RULES, True, False),
        (FounderRules(model="openai"), False, False),  # the operator asks elsewhere
    ],
)
def test_no_model_sees_a_question_without_consent(
    rules: FounderRules, agreed: bool, hidden: bool
) -> None:
    said = Consent(FOUNDER, "model", name_item_version("model"), True, NOW)
    services, _ = build(*([said] if agreed else []), rules=rules)
    shown, plain = RecordingAnswerer(make_answer()), RecordingAnswerer(make_answer())
    services = replace(services, ask=plain, ask_with_preview=shown)
    services = hide_from_model(services, FOUNDER)
    services.ask(Question(QUESTION, "ko", NOW))
    assert services.ask_with_preview is not None
    services.ask_with_preview(Question(QUESTION, "ko", NOW))
    assert [one.quotes_only for one in (*plain.asked, *shown.asked)] == [hidden, hidden]
