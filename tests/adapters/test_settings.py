"""Every setting, from the environment and from `.env`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.errors import SettingsError
from adapters.settings import Settings, read_settings

# The contract of DESIGN.md.
NAMES = {
    "data", "database_url", "chroma_url", "embedder", "llm", "llm_base_url", "llm_api_key",
    "telegram_token", "telegram_api_url", "telegram_webhook_url", "telegram_webhook_secret",
    "slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_api_url",
    "email_address", "email_user", "email_password", "email_imap_url", "email_smtp_url",
    "email_poll_seconds", "email_authserv_id",
    "kakao_secret", "kakao_callback_hosts", "http_host", "http_port", "console_port", "console_host", "console_url", "web_ask",
    "smtp_url", "smtp_sender", "log_format",
    "otel_exporter_otlp_endpoint", "admins", "contact",
    "emergency_route", "agenda_days", "questions_per_minute", "questions_per_hour",
    "room_questions_per_minute",
    "cases_per_day", "files_per_hour", "case_messages_per_hour", "consent", "privacy_contact",
    "hosting", "keep_events_days", "keep_event_keys_days", "keep_failures_days",
    "keep_messages_days", "keep_memory_days", "keep_conversations_days", "keep_cases_days",
    "keep_sealed_days", "keep_choices_days",
    "keep_audit_days", "keep_uploads_days",
}  # fmt: skip
SECRETS = {
    "llm_api_key", "telegram_token", "telegram_webhook_secret", "slack_bot_token",
    "slack_app_token", "slack_signing_secret", "kakao_secret", "email_password",
    "smtp_url",
}  # fmt: skip
VALUES = {name: f"value-of-{name}" for name in NAMES} | {
    "chroma_url": "http://chroma:8000",
    "llm_base_url": "http://127.0.0.1:1/v1",
    "telegram_api_url": "http://127.0.0.1:2",
    "telegram_webhook_url": "https://naru.example/telegram/webhook",
    "telegram_webhook_secret": "a_secret-1",
    "slack_api_url": "http://127.0.0.1:3/api/",
    "email_address": "naru@provider.test",
    "email_poll_seconds": "5.5",
    "http_port": "9090",
    "console_port": "9091",
    "smtp_sender": "staff@provider.test",
    "web_ask": "https://mission.example",
    "console_url": "https://console.naru.example",
    **{name: str(days) for days, name in enumerate(sorted(NAMES), 3) if name.endswith("_days")},
    "questions_per_minute": "7",
    "questions_per_hour": "70",
    "room_questions_per_minute": "17",
    "cases_per_day": "3",
    "files_per_hour": "4",
    "case_messages_per_hour": "5",
    "consent": "off",
    "log_format": "json",
    "otel_exporter_otlp_endpoint": "http://127.0.0.1:4",
    "emergency_route": "slack:C0123",
    "admins": "telegram:1001, slack:U0123",
}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without `.env`, in an environment without settings."""
    for name in [name for name in os.environ if name.startswith(("NARU_", "OTEL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reveal_setting(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def test_the_settings_are_those_of_the_contract_and_each_is_described() -> None:
    fields = Settings.model_fields
    assert set(fields) == NAMES
    assert all(field.description for field in fields.values())
    assert {name for name, field in fields.items() if field.annotation is SecretStr} == SECRETS


def test_without_any_setting_everything_has_its_default() -> None:
    settings = read_settings()
    assert settings.resolved_database_url == "sqlite:///data/naru.db"
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.list_secrets() == () and settings.admin_ids == frozenset()
    assert not settings.has_channel


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("NARU_TELEGRAM_WEBHOOK_SECRET", VALUES["telegram_webhook_secret"])
    monkeypatch.setenv(Settings.name_variable(name), VALUES[name])
    assert reveal_setting(read_settings(), name) == VALUES[name]


def test_all_are_read_from_a_file_and_the_environment_wins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{Settings.name_variable(name)}={value}" for name, value in VALUES.items()]
    (folder / ".env").write_text("\n".join([*lines, "OTHER=1"]), encoding="utf-8")
    monkeypatch.setenv("NARU_HTTP_PORT", "7070")
    settings = read_settings()
    values = VALUES | {"http_port": "7070"}
    assert {name: reveal_setting(settings, name) for name in NAMES} == values
    assert settings.admin_ids == {"telegram:1001", "slack:U0123"}
    assert set(settings.list_secrets()) == {VALUES[name] for name in SECRETS}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_an_empty_one_means_the_default(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    default = reveal_setting(read_settings(), name)
    monkeypatch.setenv(Settings.name_variable(name), "")
    assert reveal_setting(read_settings(), name) == default
    monkeypatch.delenv(Settings.name_variable(name))
    (folder / ".env").write_text(f"{Settings.name_variable(name)}=\n")
    assert reveal_setting(read_settings(), name) == default


def test_a_pasted_space_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARU_TELEGRAM_TOKEN", " 123:abc \n")
    assert read_settings().telegram_token.get_secret_value() == "123:abc"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"NARU_HTTP_PORT": "many"}, "NARU_HTTP_PORT is wrong: Input should be a valid integer"),
        ({"NARU_HTTP_PORT": "99999"}, "NARU_HTTP_PORT is wrong: .* 65535"),
        ({"NARU_HTTP_PORT": "-1"}, "NARU_HTTP_PORT is wrong"),
        ({"NARU_CHROMA_URL": "chroma:8000"}, "NARU_CHROMA_URL is wrong: chroma:8000"),
        ({"NARU_SLACK_API_URL": "slack.com"}, "NARU_SLACK_API_URL is wrong"),
        ({"NARU_TELEGRAM_API_URL": "ftp://x"}, "NARU_TELEGRAM_API_URL is wrong"),
        ({"NARU_LLM_BASE_URL": "localhost"}, "NARU_LLM_BASE_URL is wrong"),
        ({"NARU_ADMINS": "1001"}, "NARU_ADMINS is wrong: write telegram:1001"),
        ({"NARU_TELEGRAM_WEBHOOK_URL": "https://x.example"}, "needs NARU_TELEGRAM_WEBHOOK_SECRET"),
        ({"NARU_TELEGRAM_WEBHOOK_SECRET": "no spaces!"}, "NARU_TELEGRAM_WEBHOOK_SECRET is wrong"),
        ({"NARU_TELEGRAM_WEBHOOK_SECRET": "x" * 257}, "NARU_TELEGRAM_WEBHOOK_SECRET is wrong"),
        ({"NARU_KAKAO_SECRET": "too-short"}, "NARU_KAKAO_SECRET is wrong: use 16 to 256"),
    ],
)
def test_a_wrong_one_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], says: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=says) as caught:
        read_settings()
    assert "\n" not in str(caught.value)
    secret = values.get("NARU_TELEGRAM_WEBHOOK_SECRET")
    assert secret is None or secret not in str(caught.value)


def test_a_file_that_is_not_text_is_named(folder: Path) -> None:
    (folder / ".env").write_bytes(b"NARU_ADMINS=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read.*UTF-8"):
        read_settings()


@pytest.mark.parametrize(
    "name", ["NARU_TELEGRAM_TOKEN", "NARU_SLACK_BOT_TOKEN", "NARU_KAKAO_SECRET"]
)
def test_a_token_switches_its_channel_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "a-token-of-the-tests")
    assert read_settings().has_channel


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(Settings.name_variable(name), f"hidden-{name}")
    settings = read_settings()
    assert "hidden-" not in f"{settings!r} {settings}"


def test_a_password_in_an_address_is_a_secret_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARU_DATABASE_URL", "postgresql+psycopg://naru:hunter2@db/naru")
    monkeypatch.setenv("NARU_CHROMA_URL", "http://chroma:8000")
    assert read_settings().list_secrets() == ("hunter2",)
