"""Keeps tokens, keys, personal data, chat ids and the texts that libraries log out of the log."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence

# A chat, a person or a channel: behind its messenger's name, as in lanes, or as Slack writes ids.
_CHAT_ID = re.compile(
    r"(?<=\btelegram:)-?\d{3,}(?::-?\d+)*|(?<=\bslack:)\w{3,}(?::[\w.]+)*"
    r"|(?<=\bkakao:)\w{3,}"
    r"|(?<=chat_id[=:] )-?\d{3,}|(?<=chat_id=)-?\d{3,}|(?<![\w-])-100\d{10,}\b"
    r"|\b[UWCDGB](?=[A-Z]*\d)[A-Z0-9]{7,}\b"
)
_CODE_HEX_DIGITS = 8  # of the code that stands for a chat id

# C0 but for tab and line feed, delete, C1; other ends of lines; marks that turn the direction of writing.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

LINE_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%z"
LINE_FIELDS = {"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "exception"}
OWN_PACKAGES = frozenset({"adapters", "bot", "ingest", "knowledge"})


class _ThirdPartyFilter(logging.Filter):
    """Passes only warnings and errors of other packages, whatever the level.

    They log whole requests and messages: httpx the URL with the token, slack_sdk and openai texts.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OWN_PACKAGES


class _MaskedFormatter(logging.Formatter):
    """Masks the output of another formatter: message, arguments and traceback.

    Secrets and personal data are masked. A chat id becomes a code, always the same while the
    secrets are, so that what happened to one person can be followed without knowing whom.
    """

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
        # What follows a line break of a name or a text cannot pass for a line of its own.
        return self.mask(text).replace("\n", "\n  ")

    def mask(self, text: str) -> str:
        """`text` with nothing in it that the log may not hold."""
        # Its many patterns cost more than `naru --help`, which logs nothing.
        from knowledge.text.personal_data import mask_personal_data

        for secret in self.secrets:
            text = text.replace(secret, "***")
        return escape_controls(mask_personal_data(_CHAT_ID.sub(self._replace_chat, text)))

    def _replace_chat(self, match: re.Match[str]) -> str:
        key = hashlib.sha256("\n".join(self.secrets).encode()).digest()  # ids are easily guessed
        code = hashlib.blake2b(match.group().encode(), key=key).hexdigest()[:_CODE_HEX_DIGITS]
        return f"<{code}>"


class _MaskedJsonFormatter(_MaskedFormatter):
    """An object on each line: time, level, logger, message and, after an error, exception. What else a
    library adds to a record is dropped.

    Each value is masked before it is encoded: in JSON a line break is the letters \\n, next to which
    no pattern sees where a number begins.
    """

    def format(self, record: logging.LogRecord) -> str:
        try:
            said = record.getMessage()
        except (TypeError, ValueError, KeyError):
            said = f"{record.msg} (its arguments do not fit)"
        failed = self.inner.formatException(record.exc_info) if record.exc_info else ""
        bare = {"name": record.name, "levelname": record.levelname, "created": record.created,
                "msg": self.mask(said), "exc_text": self.mask(failed)}  # fmt: skip
        return self.inner.format(logging.makeLogRecord(bare))


def escape_controls(text: str) -> str:
    """`text` with the characters that steer a terminal or turn the direction of writing shown as
    codes, \\x1b; lines and tabs stay."""
    return _CONTROLS.sub(lambda found: ascii(found.group())[1:-1], text)


def mask_secrets(secrets: Sequence[str]) -> None:
    """Mask `secrets`, personal data and chat ids in every handler of the root logger, and drop
    other packages' chatter there.

    Secrets of earlier calls stay masked.
    """
    for handler in logging.getLogger().handlers:
        if not any(isinstance(one, _ThirdPartyFilter) for one in handler.filters):
            handler.addFilter(_ThirdPartyFilter())
        inner, known = handler.formatter or logging.Formatter(), list[str]()
        masked: type[_MaskedFormatter] = _MaskedFormatter
        if isinstance(inner, _MaskedFormatter):
            masked, known, inner = type(inner), list(inner.secrets), inner.inner
        longest_first = sorted({*known, *secrets}, key=len, reverse=True)
        handler.setFormatter(masked(inner, longest_first))


def write_json_lines() -> None:
    """From now on every handler of the root logger writes an object on each line, masked as before.
    Call it after `mask_secrets`."""
    from pythonjsonlogger.json import JsonFormatter

    form = "%(asctime)s %(levelname)s %(name)s %(message)s"
    for handler in logging.getLogger().handlers:
        secrets = (
            handler.formatter.secrets if isinstance(handler.formatter, _MaskedFormatter) else ()
        )
        inner = JsonFormatter(
            form, LINE_TIME_FORMAT, rename_fields=LINE_FIELDS, json_ensure_ascii=False
        )
        handler.setFormatter(_MaskedJsonFormatter(inner, secrets))
