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

# Kinds of firm, by which programmes tell who may apply.
FIRM_PATTERN = re.compile(
    r"중소 ?기업|소기업|중견 ?기업|중견|대기업|소상공인|개인 ?사업자|스타트업|창업 ?기업|내수 ?기업|1인 ?기업"
    r"|\b(?:small|micro|mid-?sized?|medium-?sized|large)\b(?: (?:firm|company|business|enterprise)\b)?"
    r"|\bstart-?up\b|\bsole trader\b|doanh nghiệp (?:siêu nhỏ|nhỏ|vừa|lớn)|hộ kinh doanh|\bstartup\b",
    re.IGNORECASE,
)
REJECTED_AFTER = re.compile(r"\s*(?:이|가|은|는)?\s*(?:아니|말고)")
REJECTED_BEFORE = re.compile(r"(?:\bnot|không phải)(?: an?| là)?\s*$", re.IGNORECASE)


def reword_for_firm(asked: str, words: str) -> str | None:
    """The question `asked` before, for the kind of firm that `words` name ("not mid-sized, a small
    firm"); None if they name none, or the one that it was asked for."""
    meant = [
        match.group()
        for match in FIRM_PATTERN.finditer(words)
        if not REJECTED_AFTER.match(words, match.end())
        and not REJECTED_BEFORE.search(words[: match.start()])
    ]
    if not meant or meant[-1] in asked:
        return None
    reworded, count = FIRM_PATTERN.subn(meant[-1], asked)
    return reworded if count else f"{meant[-1]} {asked}"


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
