"""What of a message's text stands out, and what of it stays on one line, in every messenger."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.messages import Content

_NO_BREAK = "\N{NO-BREAK SPACE}"
_SOURCE_MARK = re.compile(r"(?: (…))? (\[\d+\])")


def split_heading(line: str, headings: Iterable[str]) -> tuple[str, str]:
    """A line as what of it is a heading, all of it or its label, and the rest."""
    if line in headings:
        return line, ""
    label = next((one for one in headings if one.endswith(":") and line.startswith(f"{one} ")), "")
    return label, line.removeprefix(label)


def bind_marks(content: Content) -> str:
    """The text with the marks of its sources on the line of the word before them, as on paper."""
    sources = {line.partition(" ")[0] for line in content.details.split("\n")}
    return _SOURCE_MARK.sub(
        lambda match: _bind_mark(match) if match[2] in sources else match[0], content.text
    )


def _bind_mark(match: re.Match[str]) -> str:
    return _NO_BREAK + _NO_BREAK.join(part for part in match.groups() if part)
