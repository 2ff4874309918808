"""The addresses of sources as they are shown on a phone."""

from __future__ import annotations

import re

SHOWN_ADDRESS_CHARACTERS = 40  # a longer one is shown by its site, and takes less than a line
# The address at the end of a source's line, as a group, if it is longer than that.
SOURCE_ADDRESS = re.compile(
    rf"(?<= )(https?://[^\s<>|]{{{SHOWN_ADDRESS_CHARACTERS - 7},}})$", re.MULTILINE
)


def shorten_address(address: str) -> str:
    """The site of a web address with "…" for the rest: "mss.go.kr/…"."""
    site = re.sub(r"^https?://(?:www\.)?", "", address).split("/", 1)[0]
    return f"{site}/…"
