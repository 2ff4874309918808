"""The settings: NARU_… in the environment or a `.env` file. No other module reads either."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.errors import SettingsError


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
    contact: str = Field(
        default="",
        description="an address that is named to the web sites sources are read from",
        max_length=200,
        pattern=r"^[\x20-\x7e]*$",
    )

    @property
    def resolved_database_url(self) -> str:
        """The URL of the database: the one set, else of a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'naru.db'}"

    @property
    def admin_ids(self) -> frozenset[str]:
        """The admins as "channel:user"."""
        return frozenset(one.strip() for one in self.admins.split(",") if one.strip())

    @property
    def telegram_admin_ids(self) -> frozenset[int]:
        """The Telegram user ids of the admins, which are also the ids of their private chats."""
        parts = (one.partition(":") for one in self.admin_ids)
        return frozenset(
            int(user) for channel, _, user in parts if channel == "telegram" and user.isdecimal()
        )

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
