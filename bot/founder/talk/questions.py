"""Small decisions on the words of a message: whether they ask, and which place they are about."""

from __future__ import annotations

import re

from bot.types import Conversation, Place

# Korean by the ending of its verb, English and Vietnamese by their words of asking.
QUESTION_PATTERN = re.compile(
    r"\?|(나요|까요|까|니까|은가요|는가요|인가요|되죠|하죠|는지|을지|나|니|대요|래요)[.~! ]*$"
    r"|^(how|what|when|where|who|why|which|is|are|can|could|do|does|will|would|should)\b"
    r"|\b(không|khong|gì|nào|sao|bao nhiêu|bao lâu|khi nào|ở đâu)[.~! ]*$",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Whether a text asks something, by its mark, its ending or its first word."""
    return QUESTION_PATTERN.search(text.strip()) is not None


def choose_place(
    conversation: Conversation, mentioned: Place | None, *, at_once: bool
) -> Place | None:
    """The place of the matter after a text that mentions one. A country alone does not replace a
    place in it, nor one that was named on purpose, unless help is needed there `at_once`."""
    known = conversation.place
    if mentioned is None or known is None:
        return mentioned or known
    is_country = mentioned.city is None and mentioned.region is None
    if is_country and mentioned.country == known.country:
        return known
    is_held = is_country and conversation.place_fixed and not at_once
    return known if is_held else mentioned
