"""`naru doctor` against the messengers' servers: what it says is what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import App
from adapters.cli.doctor import CheckResult, run_checks
from adapters.settings import Settings
from bot.types import Binding
from ingest.errors import Unreadable
from tests.fakes.email.provider import MailProvider
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.running_app import build_slack_settings, build_telegram_settings

ROOM, SLACK_ROOM = -100777, "C0STAFF"


def examine(
    folder: Path, check: str, *rooms: Binding, shift: float = 0, **settings: Any
) -> CheckResult:
    """One check of the doctor, with some rooms bound."""
    app = App(
        Settings(data=folder, _env_file=None, **settings),
        now=lambda: datetime.now(UTC) + timedelta(seconds=shift),
    )
    if rooms:
        app.store.list_bindings = lambda: list(rooms)  # type: ignore[method-assign]
    try:
        return next(one for one in run_checks(app) if one.name == check)
    finally:
        app.engine.dispose()


def telegram_room() -> Binding:
    return Binding("hanoi", "telegram", str(ROOM))


def test_a_sound_telegram_names_its_bot_and_room(tmp_path: Path, telegram: TelegramServer) -> None:
    telegram.create_forum(ROOM)
    found = examine(tmp_path, "messengers", telegram_room(), **build_telegram_settings(telegram))
    assert found.ok, found.message
    assert "@naru_test_bot" in found.message
    assert "polling" in found.message
    assert "topics and pins" in found.message
    assert not telegram.calls_of("setMyCommands")  # a check changes nothing


def test_a_wrong_telegram_token_is_said(tmp_path: Path, telegram: TelegramServer) -> None:
    settings = build_telegram_settings(telegram) | {"telegram_token": "1:wrong"}
    found = examine(tmp_path, "messengers", **settings)
    assert not found.ok
    assert "NARU_TELEGRAM_TOKEN" in found.message


@pytest.mark.parametrize("trouble", ["topics", "rights", "kicked", "unknown"])
def test_a_telegram_room_that_cannot_work_is_named(
    tmp_path: Path, telegram: TelegramServer, trouble: str
) -> None:
    if trouble != "unknown":
        telegram.create_forum(ROOM)
    said = {"topics": "Switch Topics on", "rights": "lacks the right Manage topics"}
    if trouble == "topics":
        telegram.switch_topics(ROOM, on=False)
    elif trouble == "rights":
        telegram.add_bot(ROOM, can_manage_topics=False)
    elif trouble == "kicked":
        telegram.kick_bot(ROOM)
    found = examine(tmp_path, "messengers", telegram_room(), **build_telegram_settings(telegram))
    assert not found.ok
    assert f"room {ROOM} of hanoi" in found.message
    assert said.get(trouble, "cannot be entered") in found.message


def test_a_webhook_that_is_not_the_settings_is_told(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    telegram.webhook = {"url": "http://127.0.0.1:9/old", "max_connections": 40}
    polling = build_telegram_settings(telegram)
    found = examine(tmp_path, "messengers", **polling)
    assert not found.ok
    assert "http://127.0.0.1:9/old" in found.message
    assert "is not set, so Naru polls" in found.message
    other = {**polling, "telegram_webhook_url": "https://naru.example/telegram/webhook",
             "telegram_webhook_secret": "s"}  # fmt: skip
    found = examine(tmp_path, "messengers", **other)
    assert "not to NARU_TELEGRAM_WEBHOOK_URL" in found.message


def test_slack_is_asked_for_both_tokens_and_each_room(tmp_path: Path, slack: SlackServer) -> None:
    room = Binding("hanoi", "slack", SLACK_ROOM)
    settings = build_slack_settings(slack)
    found = examine(tmp_path, "messengers", room, **settings)
    assert not found.ok
    assert (
        f"Slack room {SLACK_ROOM} of hanoi cannot be entered (channel_not_found)" in found.message
    )
    assert examine(tmp_path, "messengers", **settings).ok
    wrong = examine(tmp_path, "messengers", **(settings | {"slack_app_token": "xapp-wrong"}))
    assert "NARU_SLACK_APP_TOKEN (invalid_auth)" in wrong.message
    wrong = examine(tmp_path, "messengers", **(settings | {"slack_bot_token": "xoxb-wrong"}))
    assert "NARU_SLACK_BOT_TOKEN" in wrong.message


def test_a_clock_that_is_wrong_is_told(tmp_path: Path, telegram: TelegramServer) -> None:
    settings = build_telegram_settings(telegram)
    assert examine(tmp_path, "clock", **settings).ok
    found = examine(tmp_path, "clock", shift=-400, **settings)
    assert not found.ok
    assert "s behind" in found.message
    assert "no messenger" in examine(tmp_path, "clock").message


def test_a_model_that_refuses_is_told_and_one_that_answers_is_named(tmp_path: Path) -> None:
    with OpenAIServer(api_key="right") as server:
        settings: dict[str, Any] = {"llm": "openai:small", "llm_base_url": server.base_url}
        assert "answered in" in examine(tmp_path, "model", llm_api_key="right", **settings).message
        found = examine(tmp_path, "model", llm_api_key="wrong", **settings)
    assert not found.ok
    assert "NARU_LLM_API_KEY" in found.message


def test_versions_and_disk_are_shown(tmp_path: Path) -> None:
    assert "Python 3." in examine(tmp_path, "versions").message
    assert "MB are free" in examine(tmp_path / "not" / "there", "disk").message


def test_of_kakaotalk_only_the_settings_are_checked(tmp_path: Path) -> None:
    secret: dict[str, Any] = {"kakao_secret": "a-secret-of-the-tests", "http_port": 8089}
    assert "KakaoTalk skill" in examine(tmp_path, "channels", **secret).message
    found = examine(tmp_path, "messengers", **secret)
    assert found.ok and "http://127.0.0.1:8089/kakao/skill" in found.message
    found = examine(tmp_path, "messengers", **secret, kakao_callback_hosts=" , ")
    assert not found.ok and "NARU_KAKAO_CALLBACK_HOSTS" in found.message


@pytest.mark.parametrize(
    ("wrong", "rooms", "said"),
    [
        ({}, 0, "reads its inbox"),
        ({"email_password": "another"}, 0, "does not take NARU_EMAIL_USER"),
        ({"email_smtp_url": "smtp://127.0.0.1:9"}, 0, "The SMTP server 127.0.0.1 cannot be used"),
        ({"email_imap_url": "imap://127.0.0.1:9"}, 0, "The IMAP server 127.0.0.1 cannot be used"),
        ({"email_imap_url": ""}, 0, "NARU_EMAIL_IMAP_URL is wrong"),
        ({"email_authserv_id": ""}, 1, "no mail counts as staff's"),
        ({"email_authserv_id": "off"}, 1, "anybody can write in the name of staff"),
    ],
)
def test_what_is_said_of_email(
    tmp_path: Path, wrong: dict[str, str], rooms: int, said: str
) -> None:
    bound = [Binding("vn-hanoi", "email", "desk@hanoi.test")] * rooms
    with MailProvider() as provider:
        found = examine(tmp_path, "messengers", *bound, **(provider.settings | wrong))
        assert provider.sent == [] and provider.imap.folders["Sent"].mails == []
    assert said in found.message
    assert found.ok == (not wrong or wrong == {"email_authserv_id": "off"})


def test_what_a_machine_lacks_to_read_every_pdf_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = examine(tmp_path, "fonts")
    assert found.ok and found.message.startswith("Korean ones are there; scanned pages are ")

    def lack() -> None:
        raise Unreadable("font_missing")

    monkeypatch.setattr("ingest.formats.pdf.reader.refuse_lost_letters", lack)
    monkeypatch.setattr("ingest.formats.pdf.ocr.find_tesseract", lambda: None)
    bare = examine(tmp_path, "fonts")
    assert bare.ok and "fonts-nanum" in bare.message and "tesseract-ocr-kor" in bare.message
