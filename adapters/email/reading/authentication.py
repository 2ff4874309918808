"""Whether the receiving server found that a mail comes from the domain it says (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Sequence

RESULT_LIMIT_CHARACTERS = 4_000  # of a result; taking out nested comments grows with the square
_COMMENT = re.compile(r"\([^()]*\)")
_PROPERTY = re.compile(r"([a-z.-]+)\s*=\s*\"?([^\s\";]+)\"?")


def is_verified(results: Sequence[str], authserv_id: str, domain: str) -> bool:
    """Whether the topmost of the Authentication-Results by the server `authserv_id` says "pass" for
    `domain`, which is the sender's: DMARC, else an aligned DKIM signature or SPF. Others' results,
    and any below the first, may have been written by the sender."""
    for result in results:
        if len(result) > RESULT_LIMIT_CHARACTERS:
            return False
        name, _, rest = _strip_comments(result).partition(";")
        if authserv_id and name.split() and name.split()[0].lower() == authserv_id.lower():
            return _passes(rest.lower(), domain.lower())
    return False


def _passes(methods: str, domain: str) -> bool:
    found = [dict(_PROPERTY.findall(one)) for one in methods.split(";")]
    dmarc = [one for one in found if "dmarc" in one]
    if dmarc:
        return all(
            one["dmarc"] == "pass" and one.get("header.from", domain) == domain for one in dmarc
        )
    return any(
        (one.get("dkim") == "pass" and _names(one, ("header.d", "header.i"), domain))
        or (one.get("spf") == "pass" and _names(one, ("smtp.mailfrom",), domain))
        for one in found
    )


def _names(properties: dict[str, str], names: Sequence[str], domain: str) -> bool:
    return any(properties.get(name, "").rpartition("@")[2] == domain for name in names)


def _strip_comments(text: str) -> str:
    while (shorter := _COMMENT.sub(" ", text)) != text:
        text = shorter
    return text
