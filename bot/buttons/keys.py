"""What the keys of all buttons share, and those of a case."""

from __future__ import annotations

from typing import Literal

CaseAction = Literal["claim", "resolve", "reassign", "reopen", "wait", "authority", "resume", "faq"]
MAX_KEY_DIGITS = 9  # of a number in a key; ours are shorter, a forged one may have any length


def is_number(text: str) -> bool:
    """Whether a text is a number of digits 0 to 9, and not of more than MAX_KEY_DIGITS."""
    return text.isascii() and text.isdecimal() and len(text) <= MAX_KEY_DIGITS


def write_case_key(action: CaseAction, number: int) -> str:
    """The key of what can be done with case `number`; founders get only "reopen"."""
    return f"{action}:{number}"


def parse_case_action(key: str) -> str:
    """The action a staff member pressed. The case is that of the thread the button stands in."""
    return key.partition(":")[0]


def write_owned_key(key: str, user: str) -> str:
    """`key` as the button of one person among others."""
    return f"{key}@{user}"


def split_owned_key(key: str) -> tuple[str, str]:
    """A pressed key without its owner, and the owner's user id; "" for a button that has no owner."""
    bare, _, owner = key.partition("@")
    return bare, owner
