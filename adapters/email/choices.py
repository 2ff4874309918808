"""Buttons in mails: numbered words, and the reply that names one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages import Button, Content

_NUMBER = re.compile(
    r"(?:no\.? ?|số )?(\d{1,2})\s*(?:[.)]|번)?(?:요|이요|입니다)?[.!]?", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\d{1,2}\. ")
MAX_CHOICE_CHARACTERS = 80


def list_choices(content: Content) -> list[Button]:
    """The buttons that can be pressed in a mail, in order."""
    return [one for row in content.buttons for one in row if not one.private]


def render_choices(buttons: Sequence[Button]) -> list[str]:
    """A line for each button: its number and label; sections that are offered have theirs."""
    return [f"{number}. {_bare(one.label)}" for number, one in enumerate(buttons, 1)]


def find_pressed(text: str, buttons: Sequence[Button]) -> str:
    """The key of the button that a reply names by its number or its label, and nothing else; ""
    if it names none."""
    words = " ".join(text.split())
    if not words or len(words) > MAX_CHOICE_CHARACTERS:
        return ""
    if match := _NUMBER.fullmatch(words):
        number = int(match[1])
        return buttons[number - 1].key if 0 < number <= len(buttons) else ""
    named = [one.key for one in buttons if _normalise(one.label) == _normalise(words)]
    return named[0] if len(named) == 1 else ""


def _bare(label: str) -> str:
    return _NUMBERED.sub("", label)


def _normalise(text: str) -> str:
    return re.sub(r"[^\w ]", "", _bare(text)).strip().casefold()
