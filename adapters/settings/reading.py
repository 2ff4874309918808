"""Reading the settings and checking what fits together."""

from __future__ import annotations

import re

from pydantic import ValidationError

from adapters.errors import SettingsError
from adapters.settings.settings import Settings


def read_settings() -> Settings:
    """Read and check the settings. Raises SettingsError naming the first that is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        name = Settings.name_variable(name) if name in Settings.model_fields else name
        raise SettingsError(f"{name} is wrong: {first['msg']}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file .env cannot be read: {error}. Save it as UTF-8.") from error
    _check_addresses(settings)
    _check_webhook(settings)
    _check_kakao(settings)
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
        others = (
            "database_url",
            "email_imap_url",
            "email_smtp_url",
            "smtp_url",
        )  # checked where they are read
        is_address = name.endswith(("_url", "_endpoint")) and name not in others
        if is_address and value and not re.match(r"https?://\S", value):
            raise SettingsError(
                f"{settings.name_variable(name)} is wrong: {value} is no address; begin with https://."
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


def _check_kakao(settings: Settings) -> None:
    secret = settings.kakao_secret.get_secret_value()
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
        raise SettingsError(
            "NARU_KAKAO_SECRET is wrong: use 16 to 256 of A-Z a-z 0-9 _ - only; "
            "`openssl rand -hex 24` makes one."
        )


def read_version() -> str:
    """Naru's version, as its package says."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("naru")
    except PackageNotFoundError:  # run from a folder that is not installed
        return "unknown"
