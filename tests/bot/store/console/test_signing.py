"""How long a sign-in to the console is good, and which codes are."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pyotp
import pytest
from sqlalchemy import Engine, select

from bot.context import Decision
from bot.store import Store
from bot.store import tables as t
from bot.types import ConsoleNotice, RetentionPeriods
from tests.bot.store.sample_records import NOW

WHO, EMAIL = "telegram:1", "kim@example.org"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def begin(store: Store, account: str = WHO) -> str:
    return store.console.sessions.begin(account, "Firefox", "ko", NOW)


def test_a_session_ends_eight_hours_after_it_was_used(store: Store) -> None:
    sessions, cookie = store.console.sessions, begin(store)
    assert sessions.find(cookie, NOW + 7 * HOUR)
    assert sessions.find(cookie, NOW + 15 * HOUR - SECOND, is_use=False)  # an open page: no use
    assert sessions.find(cookie, NOW + 15 * HOUR) is None


def test_a_session_ends_after_a_day_however_it_is_used(store: Store) -> None:
    sessions, cookie = store.console.sessions, begin(store)
    for hours in range(1, 24):
        assert sessions.find(cookie, NOW + hours * HOUR)
    assert len(sessions.list_open(WHO, NOW + 24 * HOUR - SECOND)) == 1
    assert sessions.find(cookie, NOW + 24 * HOUR) is None
    assert sessions.list_open(WHO, NOW + 24 * HOUR) == []


def test_a_link_is_good_once_for_ten_minutes(store: Store) -> None:
    sessions = store.console.sessions
    token, late = sessions.make_link(WHO, NOW), NOW + timedelta(minutes=10)
    assert sessions.find_link(token, late - SECOND) == WHO
    assert sessions.spend_link(token, late) is None
    assert sessions.spend_link(token, late - SECOND) == WHO
    assert sessions.spend_link(token, late - SECOND) is None


def test_nothing_is_good_longer_for_a_clock_that_was_wrong(store: Store) -> None:
    sessions, accounts = store.console.sessions, store.console.accounts
    year = timedelta(days=365)
    cookie, link = begin(store), sessions.make_link(WHO, NOW)
    secret, _ = accounts.add(EMAIL, "test", NOW)
    codes = pyotp.TOTP(secret)
    assert accounts.check(EMAIL, codes.at(NOW), NOW)
    for _ in range(5):
        accounts.check(EMAIL, "wrong", NOW)
    before = NOW - year
    assert sessions.find(cookie, NOW - timedelta(minutes=1))
    assert sessions.find(cookie, before) is None
    assert sessions.list_open(WHO, before) == []
    assert sessions.find_link(link, before) is None
    assert sessions.spend_link(link, before) is None
    assert accounts.check(EMAIL, codes.at(before), before)
    assert not accounts.check(EMAIL, codes.at(before), before)


def test_an_address_that_a_database_does_not_take_has_no_account(store: Store) -> None:
    assert not store.console.accounts.check("kim\0@example.org", "123456", NOW)


def test_codes_that_are_tried_at_once_are_all_counted(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.console.accounts.add(EMAIL, "test", NOW)
    both = Barrier(2)

    def meet(*_: object) -> int:
        with contextlib.suppress(BrokenBarrierError):
            both.wait(0.2)
        return 0

    monkeypatch.setattr("bot.store.console.accounts.find_step", meet)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda code: store.console.accounts.check(EMAIL, code, NOW), ("1", "2")))
    with engine.connect() as connection:
        assert connection.execute(select(t.console_accounts.c.failures)).scalar() == 2


def test_one_session_or_all_are_ended_and_no_one_elses(store: Store) -> None:
    sessions = store.console.sessions
    cookies, other, link = [begin(store) for _ in range(3)], begin(store, "slack:U1"), ""
    own = sessions.find(cookies[0], NOW)
    link = sessions.make_link(WHO, NOW)
    assert own
    assert sessions.revoke("slack:U1", NOW, own.id) == 0  # by a guessed id
    assert sessions.revoke(WHO, NOW, own.id) == 1
    assert [bool(sessions.find(cookie, NOW)) for cookie in cookies] == [False, True, True]
    assert sessions.revoke(WHO, NOW) == 2
    assert sessions.find_link(link, NOW) is None
    assert sessions.find(other, NOW)


def test_no_token_and_no_code_is_kept(store: Store, engine: Engine) -> None:
    _, codes = store.console.accounts.add(EMAIL, "test", NOW)
    tokens = [store.console.sessions.make_link(WHO, NOW), begin(store), *codes]
    with engine.connect() as connection:
        rows: list[Any] = []
        for table in (t.console_links, t.console_sessions, t.console_accounts, t.recovery_codes):
            rows += connection.execute(select(table)).all()
    assert not any(token in str(row) for token in tokens for row in rows)


def test_a_code_is_good_one_step_early_or_late_and_once(store: Store) -> None:
    accounts = store.console.accounts
    secret, _ = accounts.add(EMAIL, "test", NOW)
    codes, step = pyotp.TOTP(secret), timedelta(seconds=30)
    for off in (-3, -2, 2, 3):
        assert not accounts.check(EMAIL, codes.at(NOW + off * step), NOW)
    assert accounts.check(EMAIL, codes.at(NOW - step), NOW)
    assert accounts.check(EMAIL, codes.at(NOW + step), NOW)
    for off in (-1, 0, 1):  # what comes after a code ends those before it
        assert not accounts.check(EMAIL, codes.at(NOW + off * step), NOW)
    assert accounts.check(EMAIL, codes.at(NOW + 2 * step), NOW + 2 * step)


@pytest.mark.parametrize(
    "code", ["", " ", "12345", "１２３", "가나다라마바", "\x00", "\udcff", "a" * 9999]
)
def test_what_is_no_code_is_none(store: Store, code: str) -> None:
    store.console.accounts.add(EMAIL, "test", NOW)
    assert not store.console.accounts.check(EMAIL, code, NOW)
    assert not store.console.accounts.check("\x00", code, NOW)


def test_codes_are_read_as_people_type_them(store: Store) -> None:
    secret, spare = store.console.accounts.add(EMAIL, "test", NOW)
    code = pyotp.TOTP(secret).at(NOW)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)
    assert store.console.accounts.check(EMAIL, f"{wide[:3]} {wide[3:]}", NOW)
    assert store.console.accounts.check(EMAIL, spare[0].upper().replace("a", "a-"), NOW)


def test_after_five_wrong_codes_none_is_right_and_longer_each_time(store: Store) -> None:
    accounts = store.console.accounts
    secret, _ = accounts.add(EMAIL, "test", NOW)
    now = NOW
    for wait in (timedelta(minutes=15), timedelta(minutes=30), HOUR):
        for _ in range(5):
            assert not accounts.check(EMAIL, "none", now)
        assert not accounts.check(
            EMAIL, pyotp.TOTP(secret).at(now + wait - SECOND), now + wait - SECOND
        )
        now += wait + SECOND
    assert accounts.check(EMAIL, pyotp.TOTP(secret).at(now), now)
    for _ in range(4):
        accounts.check(EMAIL, "none", now)
    later = now + HOUR
    assert accounts.check(EMAIL, pyotp.TOTP(secret).at(later), later)


def test_who_waits_for_others_wrong_codes_gets_in_by_a_recovery_code(store: Store) -> None:
    accounts = store.console.accounts
    secret, spare = accounts.add(EMAIL, "test", NOW)
    for code in ("none",) * 6:
        assert not accounts.check(EMAIL, code, NOW)
    assert not accounts.check(EMAIL, pyotp.TOTP(secret).at(NOW), NOW)
    assert accounts.check(EMAIL, spare[0], NOW)
    assert accounts.check(EMAIL, pyotp.TOTP(secret).at(NOW), NOW)
    assert not accounts.check(EMAIL, spare[0], NOW)


def test_a_sweep_cuts_what_opens_nothing_any_more(store: Store) -> None:
    console = store.console
    console.sessions.make_link(WHO, NOW)
    cookie = begin(store)
    console.notices.stay(WHO, "김영사", 1, "tab", NOW)
    told = ConsoleNotice("e1", WHO, "refused", "그런 공관은 없습니다")
    store.commit_without_message("told", Decision(notice=told), NOW)
    names = ("console_links", "console_sessions", "console_notices", "console_presence")

    def sweep(after: timedelta) -> list[int]:
        counts = store.sweep(RetentionPeriods(), NOW + after)
        return [counts[name] for name in names]

    assert sweep(timedelta(seconds=60)) == [0, 0, 0, 0]
    assert sweep(timedelta(seconds=61)) == [0, 0, 0, 1]
    assert console.sessions.find(cookie, NOW)
    assert sweep(24 * HOUR) == [0, 0, 0, 0]
    assert sweep(24 * HOUR + SECOND) == [1, 1, 0, 0]
    assert sweep(30 * 24 * HOUR + SECOND) == [0, 0, 1, 0]
