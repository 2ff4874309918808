"""`naru console`, and staff who have no messenger."""

from __future__ import annotations

import re

import pyotp
import pytest

from adapters.bootstrap import App
from adapters.settings import Settings
from tests.adapters.cli.conftest import RunCommand

EMAIL = "kim@example.org"
OWN = ("--mission", "vn-hanoi")


@pytest.fixture(autouse=True)
def _own(own_library: None) -> None:
    """Each test has its own data."""


@pytest.fixture
def app() -> App:
    return App(Settings(_env_file=None))


def test_staff_without_a_messenger_get_codes_once(run: RunCommand, app: App) -> None:
    told = run("staff", "add", EMAIL.upper(), *OWN, "--seat", "lawyer", "--name", "김변호").out
    assert f"console:{EMAIL} is staff of vn-hanoi: lawyer." in told
    assert "▀" in told  # the code for a phone
    uri = re.search(r"otpauth://\S+", told)
    codes = re.findall(r"^  ([0-9a-f]{20})$", told, re.MULTILINE)
    assert uri
    assert len(codes) == 10
    totp, accounts, now = pyotp.parse_uri(uri.group()), app.store.console.accounts, app.now()
    assert (totp.issuer, totp.name) == ("Naru", EMAIL)
    assert isinstance(totp, pyotp.TOTP)
    assert accounts.check(EMAIL, totp.at(now), now)
    assert not accounts.check(EMAIL, totp.at(now), now)
    assert accounts.check(EMAIL, codes[0], now)
    again = run("staff", "add", EMAIL, "--mission", "vn-hcmc").out
    assert "otpauth" not in again  # another body, the same account
    assert run("staff", "list", "vn-hanoi", "--json").json[0]["account"] == f"console:{EMAIL}"
    cookie = app.store.console.sessions.begin(f"console:{EMAIL}", "x", "ko", now)
    renewed = run("staff", "add", EMAIL, *OWN, "--renew", "--json").json
    assert len(renewed["recovery_codes"]) == 10
    assert not accounts.check(EMAIL, codes[1], now)
    assert app.store.console.sessions.find(cookie, app.now()) is None


def test_who_is_removed_everywhere_has_no_account(run: RunCommand, app: App) -> None:
    for mission in ("vn-hanoi", "vn-hcmc"):
        run("staff", "add", EMAIL, "--mission", mission)
    cookie = app.store.console.sessions.begin(f"console:{EMAIL}", "x", "ko", app.now())
    assert run("staff", "remove", EMAIL, *OWN, "--json").json["removed"]
    assert app.store.console.accounts.list_all() == [EMAIL]
    assert app.store.console.sessions.find(cookie, app.now())
    run("staff", "remove", "vn-hcmc", f"console:{EMAIL}")
    assert app.store.console.accounts.list_all() == []
    assert app.store.console.sessions.find(cookie, app.now()) is None


def test_a_link_is_printed_for_staff_and_admins(
    run: RunCommand, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("staff", "add", "vn-hanoi", "telegram:1001")
    off = run("console", "telegram:1001")
    assert off.code == 1
    assert "NARU_CONSOLE_PORT" in off.err
    monkeypatch.setenv("NARU_CONSOLE_PORT", "8090")
    monkeypatch.setenv("NARU_CONSOLE_URL", "https://naru.example/")
    monkeypatch.setenv("NARU_ADMINS", "telegram:9")
    run("staff", "add", EMAIL, *OWN)
    for user, account in (
        ("telegram:1001", "telegram:1001"), ("telegram:9", "telegram:9"), (EMAIL, f"console:{EMAIL}"),
    ):  # fmt: skip
        made = run("console", user, "--json").json
        token = made["link"].removeprefix("https://naru.example/sign-in/")
        assert app.store.console.sessions.find_link(token, app.now()) == account == made["account"]
    assert "https://naru.example" in run("console", EMAIL).out
    refused = run("console", "telegram:1002")
    assert refused.code == 1
    assert "staff of no mission" in refused.err
