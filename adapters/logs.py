"""What may stand in the log: no token, no key, no message text of the libraries'."""

from __future__ import annotations

import logging
from collections.abc import Sequence


class _Mask(logging.Filter):
    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if any(secret in text for secret in self._secrets):
            for secret in self._secrets:
                text = text.replace(secret, "***")
            record.msg, record.args = text, ()
        return True


class _MaskedFormatter(logging.Formatter):
    """Tracebacks pass here too, after the filters."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        text = self._inner.format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def mask(secrets: Sequence[str]) -> None:
    """Mask `secrets` in every handler, and quiet the libraries that log URLs with a token in them
    (httpx) or whole messages (slack_sdk, telegram)."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(_Mask(secrets))
        inner = handler.formatter or logging.Formatter()
        handler.setFormatter(_MaskedFormatter(inner, secrets))
    for name in ("httpx", "httpcore", "telegram", "slack_sdk", "slack_bolt", "openai", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
