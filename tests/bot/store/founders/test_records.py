"""Ratings, linked accounts, subscriptions and announcements, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.context import Decision
from bot.errors import Conflict
from bot.messages import Address, Content, Outgoing
from bot.store import Store
from bot.store.founders.announcements import ALERT_SPACING, Announcements
from bot.types import (
    AccountLink,
    Consent,
    Conversation,
    FounderRecord,
    LinkCode,
    Rating,
    Subscription,
    Unlinking,
    Unsubscribing,
)
from tests.bot.founder.founder_records import SLACK_ACCOUNT, make_slack_conversation
from tests.samples.records import FOUNDER, NOW, make_case, make_conversation

CODE = LinkCode("d" * 64, FOUNDER, NOW)
NO_WAIT = timedelta()
KAKAO_ACCOUNT = "kakaotalk:k1"


def write(store: Store, *records: FounderRecord) -> None:
    key = f"test {records}"
    store.commit_without_message(key, Decision(founder_records=records), NOW)


def link(store: Store, account: str = SLACK_ACCOUNT, other: str = FOUNDER) -> None:
    code = LinkCode(f"{account}{other}"[:64], other, NOW)
    write(store, code, AccountLink(code.digest, account, other))


def test_who_was_asked_is_remembered_and_asked_about_once(store: Store) -> None:
    assert store.founders.find_rating(7) is None
    write(store, Rating(7))
    write(store, Rating(7, "good"))
    write(store, Rating(7))  # asked by somebody else at the same time
    assert store.founders.find_rating(7) == Rating(7, "good")
    assert store.founders.list_scores() == {7: "good"}


def test_linked_accounts_are_one_firm_also_a_third_one(store: Store) -> None:
    assert store.founders.find_firm(FOUNDER) == FOUNDER
    link(store)
    link(store, KAKAO_ACCOUNT, SLACK_ACCOUNT)
    accounts = [FOUNDER, SLACK_ACCOUNT, KAKAO_ACCOUNT]
    assert len({store.founders.find_firm(one) for one in accounts}) == 1
    assert store.founders.list_accounts(FOUNDER) == [FOUNDER, KAKAO_ACCOUNT, SLACK_ACCOUNT]
    write(store, Unlinking(FOUNDER))
    assert store.founders.find_firm(FOUNDER) == FOUNDER
    assert store.founders.list_accounts(SLACK_ACCOUNT) == [SLACK_ACCOUNT, KAKAO_ACCOUNT]
    write(store, Unlinking(SLACK_ACCOUNT))  # no one is left alone in a firm of linked accounts
    assert store.founders.find_firm(KAKAO_ACCOUNT) == KAKAO_ACCOUNT


def test_a_code_is_used_once_and_a_newer_one_replaces_it(store: Store) -> None:
    write(store, CODE)
    assert store.founders.find_code(CODE.digest) == CODE
    newer = LinkCode("e" * 64, FOUNDER, NOW)
    write(store, newer)
    assert store.founders.find_code(CODE.digest) is None
    write(store, AccountLink(newer.digest, SLACK_ACCOUNT, FOUNDER))
    with pytest.raises(Conflict):
        write(store, AccountLink(newer.digest, KAKAO_ACCOUNT, FOUNDER))


def test_a_person_on_two_linked_messengers_is_not_told_twice_of_their_case(store: Store) -> None:
    begun = Decision(make_conversation(case=7), new_case=make_case(7))
    store.commit_without_message("case", begun, NOW)
    store.commit_without_message("slack", Decision(make_slack_conversation(case=7)), NOW)
    assert [one.account for one in store.list_joined(7)] == [SLACK_ACCOUNT]
    link(store)
    assert store.list_joined(7) == []


def test_subscriptions_are_ended_for_all_linked_accounts(store: Store) -> None:
    country = Subscription(FOUNDER, "country", "VN", ("베트남",), NOW, "alerts-1")
    programme = Subscription(SLACK_ACCOUNT, "programme", "바우처", ("바우처",), NOW, "alerts-1")
    write(store, country, programme, country)
    link(store)
    assert store.founders.list_subscriptions() == [programme, country]
    write(store, Unsubscribing(FOUNDER, "바우처"))
    assert store.founders.list_subscriptions([FOUNDER]) == [country]
    write(store, Unsubscribing(SLACK_ACCOUNT))
    assert store.founders.list_subscriptions() == []


def test_forgetting_covers_both_messengers_and_keeps_the_score(store: Store) -> None:
    ended = make_case(7, state="closed", ended_at=NOW)
    store.commit_without_message("1", Decision(make_conversation(), new_case=ended), NOW)
    store.commit_without_message("2", Decision(make_slack_conversation()), NOW)
    country = Subscription(SLACK_ACCOUNT, "country", "VN", ("베트남",), NOW, "alerts-1")
    write(store, Rating(7), country, CODE)
    write(store, Rating(7, "bad", "너무 늦었습니다"))
    link(store)
    store.commit_without_message("forget", Decision(erase_account=FOUNDER), NOW)
    assert store.list_conversations(FOUNDER) == store.list_conversations(SLACK_ACCOUNT) == []
    assert store.founders.list_accounts(FOUNDER) == [FOUNDER]
    assert store.founders.list_subscriptions() == []
    assert store.founders.find_code(CODE.digest) is None
    assert store.founders.find_rating(7) == Rating(7, "bad")


def test_a_copy_of_the_records_covers_both_messengers(store: Store) -> None:
    ended = make_case(7, state="closed", ended_at=NOW)
    agreed = Consent(SLACK_ACCOUNT, "alerts", "1", True, NOW)
    store.commit_without_message("1", Decision(make_conversation(), new_case=ended), NOW)
    store.commit_without_message("2", Decision(make_slack_conversation(), consents=(agreed,)), NOW)
    link(store)
    for account in (FOUNDER, SLACK_ACCOUNT):
        found = store.people.list_records(account)
        assert {one["key"] for one in found["conversations"]} == {"telegram:1001", "slack:D0MINA"}
        assert [one["number"] for one in found["cases"]] == [7]
        assert [one["account"] for one in found["consents"]] == [SLACK_ACCOUNT]
    write(store, Unlinking(FOUNDER))
    alone = store.people.list_records(FOUNDER)
    assert [one["key"] for one in alone["conversations"]] == ["telegram:1001"]


def test_what_was_asked_in_a_room_is_counted_over_all_persons_and_threads(store: Store) -> None:
    def talk(user: str, chat: str, *seconds: int, thread: str | None = None) -> Conversation:
        asked = tuple(NOW - timedelta(seconds=one) for one in seconds)
        key = f"telegram:{chat}:{thread}:{user}"
        return Conversation(key, "telegram", chat, thread, user, "ko", asked_at=asked)

    talks = [talk("1", "-100", 90, 20), talk("2", "-100", 5, thread="7"), talk("3", "-200", 1)]
    for one in talks:
        store.commit_without_message(one.key, Decision(one), NOW)
    found = store.founders.list_asked_in_room("telegram", "-100", NOW - timedelta(minutes=1))
    assert found == [NOW - timedelta(seconds=20), NOW - timedelta(seconds=5)]


def test_an_edition_is_announced_once_and_its_alerts_are_spaced(
    store: Store, engine: Engine
) -> None:
    announcements = Announcements(engine)
    alerts = [Outgoing(Address("telegram", str(chat)), Content("새 문서")) for chat in (1, 2, 3)]
    marks = [("a", "1"), ("b", "1")]
    assert announcements.announce(4, marks, alerts, NOW)
    assert not announcements.announce(4, marks, alerts, NOW)
    assert announcements.announce(5, [("a", "1"), ("a", "2")], [], NOW + timedelta(hours=1))
    assert announcements.list_editions() == [5, 4]
    assert announcements.list_versions() == {("a", "1"), ("b", "1"), ("a", "2")}
    claimed = [
        store.outbox.claim("s", NOW + wait, ["telegram"]) for wait in (NO_WAIT, ALERT_SPACING)
    ]
    assert [[one.key for one in some] for some in claimed] == [
        ["edition:4:telegram:1"],
        ["edition:4:telegram:2"],
    ]


def test_alerts_that_are_due_in_minutes_are_not_taken_for_those_of_a_wrong_clock(
    store: Store, engine: Engine
) -> None:
    alerts = [Outgoing(Address("telegram", str(chat)), Content("새 문서")) for chat in range(90)]
    assert Announcements(engine).announce(4, [("a", "1")], alerts, NOW)
    assert store.outbox.recall(NOW) == 0
    assert len(store.outbox.claim("s", NOW + ALERT_SPACING, ["telegram"], 90)) == 2
