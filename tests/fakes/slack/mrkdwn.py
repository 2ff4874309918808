"""Slack's mrkdwn as its documentation has it: codes in angle brackets, and three escaped characters.

Of https://docs.slack.dev/messaging/formatting-message-text. Signs of style (`*`, `_`, `~`) stay as they
are here: Slack shows bold, italic or struck words for some of them.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"<([^<>]*)>")
_REFERENCES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_REFERENCE = re.compile("|".join(_REFERENCES))


class MrkdwnError(Exception):
    """A bare angle bracket, which Slack takes for the beginning or end of a code."""


def show_mrkdwn(text: str) -> tuple[str, list[str]]:
    """What a person sees of a text, and the codes in it: "@U1", "!here", "https://…"."""
    parts = _CODE.split(text)  # every second part is a code
    shown = []
    for number, part in enumerate(parts):
        if number % 2 == 0 and ("<" in part or ">" in part):
            raise MrkdwnError(part)
        words = part.partition("|")[2] or part if number % 2 else part
        shown.append(_REFERENCE.sub(lambda match: _REFERENCES[match[0]], words))
    return "".join(shown), [code.partition("|")[0] for code in parts[1::2]]
