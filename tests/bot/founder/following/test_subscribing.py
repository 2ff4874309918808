"""`/subscribe`: what is kept, as what it is agreed to, and the way out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.buttons import name_topic
from bot.context import Decision
from bot.founder.following.subscribing import MAX_SUBSCRIPTIONS
from bot.founder.privacy.policy import name_item_version
from bot.founder.turn import decide_founder_turn
from bot.messages import Message
from bot.types import Consent, Subscription, Unsubscribing
from knowledge.types import LANGUAGES, Language
from tests.bot.founder.founder_records import (
    SLACK_ACCOUNT,
    KnownFounders,
    ScriptedBridge,
    make_founder_services,
)
from tests.samples.records import (
    FOUNDER,
    HANOI,
    NOW,
    button_keys,
    make_command,
    make_conversation,
    make_message,
    make_turn,
    phrase,
    texts_of,
)

CONSENT_TEXT = name_item_version("alerts")
HELD = Subscription(FOUNDER, "country", "VN", ("베트남",), NOW, CONSENT_TEXT)
STOP = Unsubscribing(FOUNDER)


def decide(message: Message, *held: Subscription, language: Language = "ko") -> Decision:
    services = make_founder_services(KnownFounders(subscriptions=held))
    services = replace(services, languages=ScriptedBridge())
    talk = make_conversation(language=language, place=HANOI)
    return decide_founder_turn(make_turn(message, talk, services))


def test_countries_and_programmes_are_kept_with_their_other_names_and_the_consent() -> None:
    decision = decide(make_command("subscribe", "Hanoi, 수출바우처"))
    country, programme = decision.founder_records
    assert isinstance(country, Subscription) and isinstance(programme, Subscription)
    assert (country.kind, country.value, country.consent) == ("country", "VN", CONSENT_TEXT)
    assert {"베트남", "Vietnam", "Việt Nam"} <= set(country.forms)
    assert programme.forms == ("수출바우처", "export voucher")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reply_says_what_is_agreed_to_and_has_the_way_out(language: Language) -> None:
    (reply,) = decide(make_message("follow:VN", "button"), language=language).outgoing
    name = {"ko": "베트남", "en": "Vietnam", "vi": "Việt Nam"}[language]
    assert reply.content.text == phrase("own.following", language, topics=name)
    assert button_keys(reply) == ["unfollow"]


def test_subscribing_is_a_consent_on_each_linked_messenger_and_the_last_end_takes_it_back() -> None:
    founders = KnownFounders(linked=[frozenset({FOUNDER, SLACK_ACCOUNT})])
    services = replace(make_founder_services(founders), languages=ScriptedBridge())
    talk = make_conversation(place=HANOI)
    agreed = decide_founder_turn(make_turn(make_command("subscribe", "Hanoi"), talk, services))
    founders.subscriptions = (HELD, replace(HELD, value="KR"))
    one_left = decide_founder_turn(
        make_turn(make_message(f"unfollow:{name_topic('KR')}", "button"), talk, services)
    )
    ended = decide_founder_turn(make_turn(make_message("unfollow", "button"), talk, services))
    assert one_left.consents == ()
    for decision, given in ((agreed, True), (ended, False)):
        assert list(decision.consents) == [
            Consent(account, "alerts", CONSENT_TEXT, given, NOW)
            for account in (FOUNDER, SLACK_ACCOUNT)
        ]


def test_what_is_subscribed_to_is_listed_and_the_own_country_offered() -> None:
    (empty,) = decide(make_command("subscribe")).outgoing
    assert button_keys(empty) == ["follow:VN"]
    (listed,) = decide(make_command("subscribe"), HELD).outgoing
    assert "베트남" in listed.content.text
    assert button_keys(listed) == [f"unfollow:{name_topic('VN')}", "unfollow"]


@pytest.mark.parametrize(
    ("message", "record"),
    [(make_message("unfollow", "button"), STOP), (make_command("subscribe", "off"), STOP),
     (make_message(f"unfollow:{name_topic('VN')}", "button"), Unsubscribing(FOUNDER, "VN"))],
)  # fmt: skip
def test_one_tap_ends_it(message: Message, record: Unsubscribing) -> None:
    decision = decide(message, HELD)
    assert decision.founder_records == (record,)
    assert texts_of(decision.outgoing) == [phrase("own.follow_ended", "ko")]


@pytest.mark.parametrize("text", ["가", "x" * 61])
def test_what_names_nothing_is_asked_about(text: str) -> None:
    decision = decide(make_command("subscribe", text))
    assert decision.founder_records == ()
    assert texts_of(decision.outgoing) == [phrase("own.follow_unclear", "ko")]


@pytest.mark.parametrize("key", ["follow:QQ", "follow:", f"unfollow:{name_topic('JP')}"])
def test_a_forged_button_subscribes_to_nothing(key: str) -> None:
    assert decide(make_message(key, "button"), HELD).founder_records == ()


def test_nothing_is_kept_twice_and_there_is_a_limit() -> None:
    assert decide(make_command("subscribe", "Hanoi"), HELD).founder_records == ()
    many = [replace(HELD, value=f"{n}", kind="programme") for n in range(MAX_SUBSCRIPTIONS)]
    assert decide(make_command("subscribe", "Hanoi"), *many).founder_records == ()
