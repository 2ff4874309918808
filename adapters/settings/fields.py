"""Every setting with its description. What is made of them is in settings.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

RETENTION_LIMIT_DAYS = 36_500


def _days(default: int, what: str) -> Any:
    """A setting of how many days something is kept."""
    text = f"days that are kept: {what}"
    return Field(default=default, ge=1, le=RETENTION_LIMIT_DAYS, description=text)


class SettingFields(BaseSettings):
    """The descriptions make the table of docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="NARU_", env_file=".env", env_file_encoding="utf-8", extra="ignore",
        env_ignore_empty=True, str_strip_whitespace=True,
    )  # fmt: skip

    data: Path = Field(default=Path("data"), description="folder of the database and the indexes")
    database_url: str = Field(
        default="", description="`postgresql+psycopg://…`; empty: one SQLite file under `NARU_DATA`"
    )
    chroma_url: str = Field(
        default="",
        description="a Chroma server, `http://host:8000`; empty: folders under `NARU_DATA`",
    )
    embedder: str = Field(
        default="multilingual-e5-small-q4",
        description="the shipped model, or any sentence-transformers name or folder",
    )
    llm: str = Field(
        default="",
        description="a LangChain `init_chat_model` name (`openai:…`, `anthropic:…`, "
        "`ollama:…`); empty: answers are quotes only",
    )
    llm_base_url: str = Field(default="", description="another address of the model's provider")
    llm_api_key: SecretStr = Field(default=SecretStr(""), description="the provider's key")
    telegram_token: SecretStr = Field(
        default=SecretStr(""), description="BotFather's token; empty: Telegram is off"
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="root of a local Bot API server otherwise"
    )
    telegram_webhook_url: str = Field(
        default="", description="public `https://…/telegram/webhook`; empty: polling"
    )
    telegram_webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="1–256 characters `A-Z a-z 0-9 _ -`; needed with a webhook",
    )
    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), description="`xoxb-…`; empty: Slack is off"
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="`xapp-…`: Socket Mode (wins over HTTP)"
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="HTTP mode: requests are verified with it"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="GovSlack and proxies have another"
    )
    kakao_secret: SecretStr = Field(
        default=SecretStr(""),
        description="16–256 characters `A-Z a-z 0-9 _ -` that skill requests bring; empty: KakaoTalk is off",
    )
    kakao_callback_hosts: str = Field(
        default="kakao.com", description="hosts that KakaoTalk's callbacks are on, with commas"
    )
    email_address: str = Field(
        default="",
        description="Naru's mail address; empty: e-mail is off",
        pattern=r"^(?:[^\s@]+@[^\s@]+)?$",
    )
    email_user: str = Field(default="", description="the login; empty: the address")
    email_password: SecretStr = Field(
        default=SecretStr(""), description="its password; many providers want an app password"
    )
    email_imap_url: str = Field(
        default="", description="`imaps://host:993`, or `imap://host:143` for STARTTLS"
    )
    email_smtp_url: str = Field(
        default="", description="`smtps://host:465`, or `smtp://host:587` for STARTTLS"
    )
    email_poll_seconds: float = Field(
        default=30.0, ge=0.1, le=600, description="seconds until the inbox is looked at again"
    )
    email_authserv_id: str = Field(
        default="",
        description="whose Authentication-Results are believed, such as `mx.google.com`; empty: no "
        "mail counts as staff's; `off`: every mail does",
    )
    http_host: str = Field(
        default="127.0.0.1", description="where webhooks, health and metrics listen"
    )
    http_port: int = Field(default=8080, ge=0, le=65535, description="its port")
    console_port: int = Field(
        default=0, ge=0, le=65535, description="the staff console's port; 0: it is off"
    )
    console_host: str = Field(default="127.0.0.1", description="where the console listens")
    console_url: str = Field(
        default="",
        description="public address of the console, `https://…`, for links; empty: host and port",
        pattern=r"^(?:https?://\S+)?$",
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="where mails to staff without a messenger go out: `smtps://user:password@host:465`, or "
        "`smtp://…` for STARTTLS, with `%40` for an @ in the user; empty: there are none",
    )
    smtp_sender: str = Field(
        default="",
        description="the address that they come from; empty: NARU_EMAIL_ADDRESS, else the user",
        pattern=r"^(?:[^\s@]+@[^\s@]+)?$",
    )
    web_ask: str = Field(
        default="",
        description="sites that may show the founders' page `/ask` in a frame, `https://…` with commas "
        "between them; `self`: the page, in no frame; empty: it is off",
        pattern=r"^(?:self|https?://[^\s,/;]+(?:\s*,\s*https?://[^\s,/;]+)*)?$",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="the log of `naru serve`: `text`, or `json` for an object on each line",
    )
    otel_exporter_otlp_endpoint: str = Field(
        default="",
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="a collector of traces that takes OTLP over HTTP, `http://127.0.0.1:4318`; needs "
        "the extra `otel`; empty: no traces",
    )
    admins: str = Field(
        default="",
        description="`telegram:1001,slack:U0123`: who may `/bind` and ingest; `console:kim@example.org` for one who works on the console only",
    )
    emergency_route: str = Field(
        default="",
        description="`slack:C0123` or `telegram:-1001`: the chat that is told of critical cases no one "
        "answers; without it the domestic desk is",
    )
    questions_per_minute: int = Field(
        default=10, ge=0, description="of one person that are looked up; 0: any number"
    )
    questions_per_hour: int = Field(default=100, ge=0, description="the same in an hour")
    room_questions_per_minute: int = Field(
        default=20, ge=0, description="of all persons in one room that are looked up; 0: any number"
    )
    agenda_days: int = Field(
        default=3, ge=1, le=60, description="days before its meeting that a body gets the agenda"
    )
    cases_per_day: int = Field(
        default=5,
        ge=0,
        description="that one person opens, critical ones not counted; 0: any number",
    )
    files_per_hour: int = Field(
        default=30, ge=0, description="of one person that are passed on; 0: any number"
    )
    case_messages_per_hour: int = Field(
        default=60, ge=0, description="of one person that are passed on in a case; 0: any number"
    )
    consent: Literal["ask", "off"] = Field(
        default="ask",
        description="`ask`: founders read who gets their case and agree before it opens; `off`: the "
        "operator has asked them elsewhere",
    )
    privacy_contact: str = Field(
        default="", description="who answers for personal data, as `/privacy` names them"
    )
    hosting: str = Field(
        default="",
        description="who runs the machine, and in which country, as `/privacy` names them",
    )
    contact: str = Field(
        default="",
        description="an address that is named to the web sites sources are read from",
        max_length=200,
        pattern=r"^[\x20-\x7e]*$",
    )

    keep_events_days: int = _days(1, "contents of handled events")
    keep_event_keys_days: int = _days(30, "digests that tell a repeat of an event")
    keep_failures_days: int = _days(30, "events and messages that were given up")
    keep_messages_days: int = _days(7, "sent messages")
    keep_memory_days: int = _days(30, "what a conversation remembers after its last message")
    keep_conversations_days: int = _days(365, "addresses and languages of conversations after it")
    keep_cases_days: int = _days(365, "words of a case after its end")
    keep_sealed_days: int = _days(90, "words of a sealed case after its end")
    keep_choices_days: int = _days(365, "which offered section was chosen for which question")
    keep_audit_days: int = _days(730, "the log of who did what")
    keep_uploads_days: int = _days(7, "uploads that were neither applied nor discarded")
