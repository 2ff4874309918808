"""The settings: NARU_… in the environment or a `.env` file. No other module reads either."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.errors import SettingsError
from bot.types import RetentionPeriods

RETENTION_LIMIT_DAYS = 36_500
# The setting without which a messenger is off.
CHANNEL_TOKENS = {"telegram": "telegram_token", "slack": "slack_bot_token"}


def _days(default: int, what: str) -> Any:
    """A setting of how many days something is kept."""
    text = f"days that are kept: {what}"
    return Field(default=default, ge=1, le=RETENTION_LIMIT_DAYS, description=text)


if TYPE_CHECKING:
    from bot.context import QuestionRate
    from bot.messages import Address
    from bot.types import FounderRules


class ModelAccess(TypedDict):
    """How a language model's provider is reached; None for its own address, and for a key from its
    own environment variable."""

    base_url: str | None
    api_key: str | None


class Settings(BaseSettings):
    """All settings. The descriptions make the README's table."""

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
    http_host: str = Field(default="127.0.0.1", description="where webhooks and `/health` listen")
    http_port: int = Field(default=8080, ge=0, le=65535, description="its port")
    admins: str = Field(
        default="", description="`telegram:1001,slack:U0123`: who may `/bind` and ingest"
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
    keep_choices_days: int = _days(365, "which offered section was chosen for which question")
    keep_audit_days: int = _days(730, "the log of who did what")
    keep_uploads_days: int = _days(7, "uploads that were neither applied nor discarded")

    @property
    def retention(self) -> RetentionPeriods:
        """How long what is kept."""
        names = (field.name for field in fields(RetentionPeriods))
        return RetentionPeriods(
            **{name: timedelta(days=getattr(self, f"keep_{name}_days")) for name in names}
        )

    @property
    def llm_access(self) -> ModelAccess:
        """How the model's provider is reached."""
        key = self.llm_api_key.get_secret_value()
        return {"base_url": self.llm_base_url or None, "api_key": key or None}

    @property
    def resolved_database_url(self) -> str:
        """The URL of the database: the one set, else of a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'naru.db'}"

    @property
    def admin_ids(self) -> frozenset[str]:
        """The admins as "channel:user"."""
        return frozenset(one.strip() for one in self.admins.split(",") if one.strip())

    @property
    def emergency_address(self) -> Address | None:
        """The chat that is told of critical cases that no one answers, None without one."""
        from bot.messages import Address

        channel, _, chat = self.emergency_route.partition(":")
        return Address(channel, chat) if chat else None

    @property
    def telegram_admin_ids(self) -> frozenset[int]:
        """The Telegram user ids of the admins, which are also the ids of their private chats."""
        parts = (one.partition(":") for one in self.admin_ids)
        return frozenset(
            int(user) for channel, _, user in parts if channel == "telegram" and user.isdecimal()
        )

    @property
    def question_rate(self) -> QuestionRate:
        """How many questions of one person are looked up."""
        from bot.context import QuestionRate

        return QuestionRate(self.questions_per_minute, self.questions_per_hour)

    @property
    def founder_rules(self) -> FounderRules:
        """What the operator has set for founders."""
        from bot.types import FounderLimits, FounderRules

        return FounderRules(
            asks=self.consent == "ask",
            model=self.llm.partition(":")[0],
            contact=self.privacy_contact,
            hosting=self.hosting,
            channels=tuple(name for name in CHANNEL_TOKENS if self._is_set(name)),
            limits=FounderLimits(
                self.cases_per_day, self.files_per_hour, self.case_messages_per_hour
            ),
        )

    def _is_set(self, channel: str) -> bool:
        value = getattr(self, CHANNEL_TOKENS[channel], None)
        return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)

    @property
    def has_channel(self) -> bool:
        """Whether any messenger is configured."""
        tokens = (self.telegram_token, self.slack_bot_token)
        return any(token.get_secret_value() for token in tokens)

    def list_secrets(self) -> tuple[str, ...]:
        """Every secret that is set, including passwords in URLs, for masking the log."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        for address in (self.database_url, self.chroma_url, self.llm_base_url):
            found += re.findall(r"://[^/@:]*:([^/@]+)@", address)
        return tuple(secret for secret in found if secret)


def read_settings() -> Settings:
    """Read and check the settings. Raises SettingsError naming the first that is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "NARU_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name} is wrong: {first['msg']}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file .env cannot be read: {error}. Save it as UTF-8.") from error
    _check_addresses(settings)
    _check_webhook(settings)
    if settings.emergency_route and not re.fullmatch(r"[a-z]+:\S+", settings.emergency_route):
        raise SettingsError(
            "NARU_EMERGENCY_ROUTE is wrong: write slack:C0123 or telegram:-1001, not "
            f"{settings.emergency_route}."
        )
    for one in settings.admin_ids:
        if not re.fullmatch(r"[a-z]+:\S+", one):
            raise SettingsError(
                f"NARU_ADMINS is wrong: write telegram:1001,slack:U0123, not {one}."
            )
    return settings


def _check_addresses(settings: Settings) -> None:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        is_address = name.endswith("_url") and name != "database_url"
        if is_address and value and not re.match(r"https?://\S", value):
            raise SettingsError(
                f"NARU_{name.upper()} is wrong: {value} is no address; begin with https://."
            )


def _check_webhook(settings: Settings) -> None:
    secret = settings.telegram_webhook_secret.get_secret_value()
    if settings.telegram_webhook_url and not secret:
        raise SettingsError(
            "NARU_TELEGRAM_WEBHOOK_URL needs NARU_TELEGRAM_WEBHOOK_SECRET: without it anybody "
            "could post updates. Set both, or neither for polling."
        )
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise SettingsError(
            "NARU_TELEGRAM_WEBHOOK_SECRET is wrong: use 1 to 256 of A-Z a-z 0-9 _ - only."
        )


def read_version() -> str:
    """Naru's version, as its package says."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("naru")
    except PackageNotFoundError:  # run from a folder that is not installed
        return "unknown"
