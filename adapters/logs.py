"""Keeps tokens, keys and the message texts that libraries log out of the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence

OWN_PACKAGES = frozenset({"adapters", "bot", "ingest", "knowledge"})


class _ThirdPartyFilter(logging.Filter):
    """Passes only warnings and errors of other packages, whatever the level.

    They log whole requests and messages: httpx the URL with the token, slack_sdk and openai texts.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OWN_PACKAGES


class _MaskedFormatter(logging.Formatter):
    """Masks secrets in the output of another formatter: message, arguments and traceback."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self.inner = inner
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = self.inner.format(record)
        except (
            TypeError,
            ValueError,
            KeyError,
        ):  # logging itself would print the arguments unmasked
            text = f"{record.levelname} {record.name}: {record.msg} (its arguments do not fit)"
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def mask_secrets(secrets: Sequence[str]) -> None:
    """Mask `secrets` in every handler of the root logger and drop other packages' chatter there.

    Secrets of earlier calls stay masked.
    """
    for handler in logging.getLogger().handlers:
        if not any(isinstance(one, _ThirdPartyFilter) for one in handler.filters):
            handler.addFilter(_ThirdPartyFilter())
        inner, known = handler.formatter or logging.Formatter(), list[str]()
        if isinstance(inner, _MaskedFormatter):
            known, inner = list(inner.secrets), inner.inner
        longest_first = sorted({*known, *secrets}, key=len, reverse=True)
        handler.setFormatter(_MaskedFormatter(inner, longest_first))
