"""The sources of an answer as they are shown on a phone: titles that lead to their pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

SHOWN_ADDRESS_CHARACTERS = 40  # a longer one is shown by its site, and takes less than a line
_SOURCE_NUMBER = re.compile(r"\[\d+\] ")
_ADDRESS = re.compile(r"https?://[^\s<>|]+")
# The title and the section after it; what follows is said of the source.
_TITLE = re.compile(r"「.+?」(?= · | › |$)")
_SECTION = re.compile(r" › (?:(?! · ).)+")
# The address at the end of any other line, if it is longer than that.
_LONG_ADDRESS = re.compile(rf"(?<= )(https?://[^\s<>|]{{{SHOWN_ADDRESS_CHARACTERS - 7},}})$")


def render_sources(
    details: str, escape: Callable[[str], str], link: Callable[[str, str], str]
) -> str:
    """The lines of sources with each title as a link to its page; where there is none, a long
    address by its site. `escape` makes plain text a messenger's own, `link` an address and words."""
    return "\n".join(_render_line(line, escape, link) for line in details.split("\n"))


def _render_line(line: str, escape: Callable[[str], str], link: Callable[[str, str], str]) -> str:
    if source := _split_source(line):
        before, title, after, address = source
        return f"{escape(before)}{link(encode_address(address), title)}{escape(after)}"
    return _shorten_end(line, escape, link)


def _split_source(line: str) -> tuple[str, str, str, str] | None:
    """A source's line as what stands before its title, the title, what stands between, and the address
    at its end; None for any other line. Takes time by the line's length, whatever it holds."""
    head, _, address = line.rpartition(" · ")
    begin = head.find("「")
    if begin < 0 or not _SOURCE_NUMBER.match(head) or not _ADDRESS.fullmatch(address):
        return None
    if (title := _TITLE.match(head, begin)) is None:
        return None
    section = _SECTION.match(head, title.end())
    end = section.end() if section else title.end()
    return head[:begin], head[begin:end], head[end:], address


def _shorten_end(line: str, escape: Callable[[str], str], link: Callable[[str, str], str]) -> str:
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
