"""What may stand in the log: no token, no key, no message text of the libraries'."""

from __future__ import annotations

import logging
from collections.abc import Sequence

OWN_PACKAGES = frozenset({"adapters", "bot", "ingest", "knowledge"})


class _ThirdPartyFilter(logging.Filter):
    """Libraries tell what they do with whole requests and messages in it (httpx the URL with the
    token, slack_sdk and openai the text): of theirs only warnings are kept, at any level."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OWN_PACKAGES


class _MaskedFormatter(logging.Formatter):
    """Masks what another formatter made: the message, its arguments and the traceback."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self.inner = inner
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = self.inner.format(record)
        except (TypeError, ValueError, KeyError):  # else logging prints the arguments as they are
            text = f"{record.levelname} {record.name}: {record.msg} (its arguments do not fit)"
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def mask_secrets(secrets: Sequence[str]) -> None:
    """Mask `secrets` in every handler of the root logger, and quiet the libraries there."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(one, _ThirdPartyFilter) for one in handler.filters):
            handler.addFilter(_ThirdPartyFilter())
        inner, known = handler.formatter or logging.Formatter(), list[str]()
        if isinstance(inner, _MaskedFormatter):
            known, inner = list(inner.secrets), inner.inner
        longest_first = sorted({*known, *secrets}, key=len, reverse=True)
        handler.setFormatter(_MaskedFormatter(inner, longest_first))
