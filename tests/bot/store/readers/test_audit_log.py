"""The audit log is found by case, account and time, page by page; consents are counted as they are now."""

from __future__ import annotations

from datetime import timedelta

from bot.context import Decision
from bot.store import Store
from bot.store.readers.audit_log import PAGE_ENTRIES, AuditFilter, ConsentCount
from bot.types import Consent
from tests.bot.store.sample_records import NOW

DAY = timedelta(days=1)


def note(store: Store, key: str, who: str, act: str, days: int = 0) -> None:
    store.commit_without_message(key, Decision(audit=(who, act)), NOW + days * DAY)


def list_acts(store: Store, wanted: AuditFilter) -> list[str]:
    return [one.act for one in store.console.audit_log.list_entries(wanted)]


def test_entries_are_found(store: Store) -> None:
    acts = ("faq 1: made", "faq 12: made", "read the sealed case 1", "insight 1 of vn-hanoi")
    for number, act in enumerate(acts):
        note(store, act, f"slack:U{number}", act, number)
    assert list_acts(store, AuditFilter()) == list(reversed(acts))
    assert list_acts(store, AuditFilter(case=1)) == ["read the sealed case 1", "faq 1: made"]
    assert list_acts(store, AuditFilter(who="U1")) == ["faq 12: made"]
    assert list_acts(store, AuditFilter(who="%")) == []
    between = AuditFilter(since=NOW + DAY, until=NOW + 2 * DAY)
    assert list_acts(store, between) == ["faq 12: made"]
    assert list_acts(store, AuditFilter(only=["slack:U0"])) == ["faq 1: made"]
    assert list_acts(store, AuditFilter(only=[])) == []


def test_pages_follow_each_other(store: Store) -> None:
    for number in range(PAGE_ENTRIES + 2):
        note(store, str(number), "x", str(number))
    first = store.console.audit_log.list_entries(AuditFilter())
    rest = store.console.audit_log.list_entries(AuditFilter(before=first[-1].number))
    assert [one.act for one in (*first, *rest)] == [
        str(n) for n in reversed(range(PAGE_ENTRIES + 2))
    ]


def test_the_last_word_of_each_person_counts(store: Store) -> None:
    said = [("slack:U1", True), ("slack:U1", False), ("slack:U2", True)]
    consents = tuple(Consent(who, "model", "1", given, NOW) for who, given in said)
    store.commit_without_message("c", Decision(consents=consents), NOW)
    assert store.console.audit_log.count_consents() == [ConsentCount("model", "1", 1, 1)]
    note(store, "a", "erased", "a founder's records were erased at their request")
    note(store, "b", "x", "minutes of vn-hanoi")
    (entry,) = store.console.audit_log.list_privacy_entries()
    assert entry.who == "erased"
