"""Headers that no mail program should have written: each has a value, whatever is in it."""

from __future__ import annotations

from email.policy import EmailPolicy
from typing import Any

HEADER_LIMIT_CHARACTERS = 20_000  # that are parsed; the library's parsers grow with the square


class TolerantPolicy(EmailPolicy):
    """Python's policy for mails, but that what its parsers cannot read is kept as it was written,
    or is taken as empty if it says what a part is and how to read it."""

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """The header as a library's object, else as plain text."""
        if len(value) <= HEADER_LIMIT_CHARACTERS:
            try:
                return super().header_fetch_parse(name, value)
            except Exception:  # noqa: S110  # the parsers raise anything: AttributeError, IndexError …
                pass
        if name.lower().startswith("content-"):
            return self.header_factory(name, "")
        return " ".join(str(value).encode("utf-8", "replace").decode().split())
