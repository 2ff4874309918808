"""The address behind words, written after them: "words (https://…)"."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin

_SHOWN_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def write_link(words: str, address: str) -> str:
    """Words with the address behind them; the words alone if they are the address."""
    text = words.rstrip()
    return f"{text}{format_address(text, address)}{words[len(text) :]}"


def format_address(words: str, address: str, base: str = "") -> str:
    """What to write after words that lead to an address: " (https://…)".

    It is "" if the words are the address, if there are none, and for places within the page and
    programs (`javascript:`). `base` is the address of the page, "" if it is not known: a relative
    address is then left out, because no reader could follow it.
    """
    target = resolve_address(address, base)
    if not target or not words.strip():
        return ""
    shown = re.compile(re.escape(_simplify(target)) + "(?![/a-z0-9])")
    return "" if shown.search(_simplify(words)) else f" ({target})"


def resolve_address(address: str, base: str = "") -> str:
    """The address that a reader can use: of the web, of mail or a telephone number; "" for others."""
    address = re.sub(r"[\t\r\n]", "", address.strip())
    if address.startswith("#") or not address:
        return ""
    try:
        target = urljoin(base, address) if base else address
    except ValueError:  # raised for a broken IPv6 address
        return ""
    if target.lower().startswith("www."):  # Hangul's and Word's users write it so
        return target
    if not target.lower().startswith(_SHOWN_SCHEMES):
        return ""
    target = target.replace(" ", "%20")
    if target.lower().startswith("mailto:"):
        return unquote(target[7:].partition("?")[0])
    return target[4:] if target.lower().startswith("tel:") else target


def _simplify(text: str) -> str:
    """An address or a text for comparison: without scheme, spaces, hyphens and a last slash."""
    text = re.sub(r"(https?://(www\.)?|www\.|mailto:|tel:)", "", unquote(text), flags=re.IGNORECASE)
    text = re.sub(r"[\s\-‐–()]", "", text).casefold()
    return re.sub(r"^\+82(?=\d)", "0", text).rstrip("/")
