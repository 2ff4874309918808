"""The sources of an answer as they are shown on a phone: titles that lead to their pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

SHOWN_ADDRESS_CHARACTERS = 40  # a longer one is shown by its site, and takes less than a line
# A line of a source with its title, what stands between, and the address at its end.
_TITLED_SOURCE = re.compile(
    r"(?P<before>\[\d+\] .*?)(?P<title>「.+?」(?: › (?:(?! · ).)+?)?)(?P<after>(?: · .*)?) · (?P<address>https?://[^\s<>|]+)"
)
# The address at the end of any other line, if it is longer than that.
_LONG_ADDRESS = re.compile(rf"(?<= )(https?://[^\s<>|]{{{SHOWN_ADDRESS_CHARACTERS - 7},}})$")


def render_sources(
    details: str, escape: Callable[[str], str], link: Callable[[str, str], str]
) -> str:
    """The lines of sources with each title as a link to its page; where there is none, a long
    address by its site. `escape` makes plain text a messenger's own, `link` an address and words."""
    return "\n".join(_render_line(line, escape, link) for line in details.split("\n"))


def _render_line(line: str, escape: Callable[[str], str], link: Callable[[str, str], str]) -> str:
    if source := _TITLED_SOURCE.fullmatch(line):
        title = link(encode_address(source["address"]), source["title"])
        return f"{escape(source['before'])}{title}{escape(source['after'])}"
    before, *address = _LONG_ADDRESS.split(line)
    if not address:
        return escape(line)
    return escape(before) + link(encode_address(address[0]), shorten_address(address[0]))


def encode_address(address: str) -> str:
    """An address as programs take it, its letters of other scripts in percent-encoding."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~")


def shorten_address(address: str) -> str:
    """The site of a web address with "…" for the rest: "mss.go.kr/…"."""
    site = re.sub(r"^https?://(?:www\.)?", "", address).split("/", 1)[0]
    return f"{site}/…"
