"""The settings, and what is made of them."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from pydantic import SecretStr

from adapters.settings.fields import SettingFields

if TYPE_CHECKING:
    from bot.context import QuestionRate
    from bot.messages import Address
    from bot.types import FounderRules, RetentionPeriods

# The setting without which a messenger is off.
CHANNEL_TOKENS = {
    "telegram": "telegram_token", "slack": "slack_bot_token", "email": "email_address",
    "kakao": "kakao_secret", "web": "web_ask",
}  # fmt: skip


class ModelAccess(TypedDict):
    """How a language model's provider is reached; None for its own address, and for a key from its
    own environment variable."""

    base_url: str | None
    api_key: str | None


class Settings(SettingFields):
    """All settings."""

    @property
    def console_address(self) -> str:
        """Where people open the console; "" where it is off."""
        if not self.console_port:
            return ""
        return self.console_url or f"http://{self.console_host}:{self.console_port}"

    @property
    def ask_frames(self) -> tuple[str, ...]:
        """The sites that may show the founders' page in a frame."""
        sites = (one.strip() for one in self.web_ask.split(","))
        return tuple(one for one in sites if one and one != "self")

    @property
    def retention(self) -> RetentionPeriods:
        """How long what is kept."""
        from bot.types import RetentionPeriods  # like the rules below: who only ingests needs none

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
        listed = (one.strip() for one in self.admins.split(",") if one.strip())
        return frozenset(one.lower() if one.startswith("email:") else one for one in listed)

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
    def kakao_hosts(self) -> tuple[str, ...]:
        """The hosts that replies to KakaoTalk may be posted to."""
        hosts = (one.strip().lower() for one in self.kakao_callback_hosts.split(","))
        return tuple(host for host in hosts if host)

    @property
    def question_rate(self) -> QuestionRate:
        """How many questions of one person, and in one room, are looked up."""
        from bot.context import QuestionRate

        return QuestionRate(
            self.questions_per_minute, self.questions_per_hour, self.room_questions_per_minute
        )

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
        value = getattr(self, CHANNEL_TOKENS[channel])
        return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)

    @property
    def has_channel(self) -> bool:
        """Whether any messenger is configured."""
        return any(map(self._is_set, CHANNEL_TOKENS))

    @property
    def sends_links(self) -> bool:
        """Whether a messenger is set up in which staff get a link to the console."""
        return self._is_set("telegram") or self._is_set("slack")

    @classmethod
    def name_variable(cls, name: str) -> str:
        """The variable of the environment that sets a field: NARU_…, or a name of another standard."""
        alias = cls.model_fields[name].validation_alias
        return str(alias) if alias else f"NARU_{name.upper()}"

    def list_secrets(self) -> tuple[str, ...]:
        """Every secret that is set, including passwords in URLs, for masking the log."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        for address in (
            self.database_url, self.chroma_url, self.llm_base_url, self.otel_exporter_otlp_endpoint,
        ):  # fmt: skip
            found += re.findall(r"://[^/@:]*:([^/@]+)@", address)
        return tuple(secret for secret in found if secret)
