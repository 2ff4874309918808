"""One founder's two messengers: a code that is shown once, typed within ten minutes, and told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.context import Decision
from bot.founder.linking.link import CODE_LIFETIME, MAX_TRIES, digest_code
from bot.founder.turn import decide_founder_turn
from bot.types import AccountLink, Conversation, LinkCode, Unlinking
from knowledge.types import LANGUAGES, Language
from tests.bot.founder.founder_records import (
    SLACK_ACCOUNT,
    KnownFounders,
    make_founder_services,
    make_slack_conversation,
    make_slack_message,
)
from tests.samples.records import (
    FOUNDER,
    NOW,
    button_keys,
    make_command,
    make_conversation,
    make_message,
    make_turn,
    phrase,
    texts_of,
)

TALKS = [make_conversation(), make_slack_conversation(language="vi")]
DIGEST = digest_code("ABCDEFGHJK")
CODE = LinkCode(DIGEST, FOUNDER, NOW - timedelta(minutes=9))
LINKED = KnownFounders(linked=[frozenset({FOUNDER, SLACK_ACCOUNT})])


def type_code(
    text: str, code: LinkCode | None = CODE, talk: Conversation | None = None
) -> Decision:
    founders = KnownFounders(codes=[code] if code else [])
    services = make_founder_services(founders, TALKS)
    return decide_founder_turn(make_turn(make_slack_message(text), talk or TALKS[1], services))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_shown_and_only_its_digest_is_kept(language: Language) -> None:
    turn = make_turn(
        make_command("link"), make_conversation(language=language), make_founder_services()
    )
    decision = decide_founder_turn(turn)
    assert "NARU-ABCDE-FGHJK" in texts_of(decision.outgoing)[0]
    assert decision.founder_records == (LinkCode(DIGEST, FOUNDER, NOW),)
    assert all(one.forget_sent and one.content.protect for one in decision.outgoing)


@pytest.mark.parametrize("text", ["NARU-ABCDE-FGHJK", " naru abcde fghjk ", "naruABCDEFGHJK"])
def test_typed_on_the_other_messenger_it_joins_both_and_both_are_told(text: str) -> None:
    decision = type_code(text)
    assert decision.founder_records == (AccountLink(DIGEST, SLACK_ACCOUNT, FOUNDER),)
    here, there = decision.outgoing
    assert (here.to.channel, there.to.channel) == ("slack", "telegram")
    assert here.content.text == phrase("own.linked", "vi", name="Telegram")
    assert there.content.text == phrase("own.linked_there", "ko", name="Slack")


@pytest.mark.parametrize("code", [None, replace(CODE, made_at=NOW - CODE_LIFETIME)])
def test_a_wrong_or_old_code_joins_nothing_and_is_counted(code: LinkCode | None) -> None:
    decision = type_code("NARU-ABCDE-FGHJK", code)
    assert decision.founder_records == ()
    assert texts_of(decision.outgoing) == [phrase("own.link_unknown", "vi")]
    assert decision.conversation and decision.conversation.tried_codes == (NOW,)


def test_after_five_tries_in_an_hour_no_code_is_looked_up() -> None:
    tried = make_slack_conversation(tried_codes=(NOW - timedelta(minutes=30),) * MAX_TRIES)
    assert type_code("NARU-ABCDE-FGHJK", talk=tried).founder_records == ()
    later = replace(tried, tried_codes=(NOW - timedelta(minutes=61),) * MAX_TRIES)
    assert type_code("NARU-ABCDE-FGHJK", talk=later).founder_records != ()


@pytest.mark.parametrize(
    "values", [{"private": False}, {"is_unverified": True}], ids=["others", "forged"]
)
def test_where_others_read_or_anybody_may_write_no_code_is_shown_or_taken(
    values: dict[str, Any],
) -> None:
    services = make_founder_services(KnownFounders(codes=[CODE]), TALKS)
    shown = decide_founder_turn(make_turn(make_command("link", **values), None, services))
    typed = make_slack_message("NARU-ABCDE-FGHJK", **values)
    taken = decide_founder_turn(make_turn(typed, TALKS[1], services))
    assert shown.founder_records == taken.founder_records == ()


def test_ones_own_code_joins_nothing() -> None:
    services = make_founder_services(KnownFounders(codes=[CODE]), TALKS)
    turn = make_turn(make_message("NARU-ABCDE-FGHJK"), TALKS[0], services)
    assert decide_founder_turn(turn).founder_records == ()


@pytest.mark.parametrize("message", [make_command("link", "off"), make_message("unlink", "button")])
def test_unlinking_is_told_on_both(message: object) -> None:
    services = make_founder_services(LINKED, TALKS)
    decision = decide_founder_turn(make_turn(message, TALKS[0], services))  # type: ignore[arg-type]
    assert decision.founder_records == (Unlinking(FOUNDER),)
    assert [one.to.channel for one in decision.outgoing] == ["telegram", "slack"]


def test_what_is_linked_is_shown_with_a_button_that_unlinks() -> None:
    turn = make_turn(make_command("link"), TALKS[0], make_founder_services(LINKED, TALKS))
    (shown,) = decide_founder_turn(turn).outgoing
    assert "Slack" in shown.content.text and button_keys(shown) == ["unlink"]


def test_before_forgetting_the_founder_hears_that_it_covers_both() -> None:
    turn = make_turn(make_command("forget"), TALKS[0], make_founder_services(LINKED, TALKS))
    assert phrase("own.forget_linked", "ko") in texts_of(decide_founder_turn(turn).outgoing)[0]
