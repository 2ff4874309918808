"""What a message does in the talk: the act it is read as. A stand-in of a few words per act."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.types import Place

Act = Literal["new_matter", "addition", "follow_up", "place", "language", "yes", "no", "thanks",
              "greeting", "goodbye", "person", "case_status", "own_application", "about_naru",
              "complaint", "command"]  # fmt: skip
Awaited = Literal["", "place", "person", "choice"]


@dataclass(frozen=True, slots=True)
class TalkContext:
    """What the bot knows when a message comes, as far as it bears on how the message is read."""

    awaited: Awaited = ""
    has_matter: bool = False
    in_case: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a message is read; `rest` is what is left of it without the act's own words."""

    act: Act
    rest: str = ""
    place: str = ""
    command: str = ""
    language: str = ""


_PATTERNS: tuple[tuple[Act, str], ...] = (
    ("yes", r"(네|예|ㅇㅇ|ㅇㅋ|yes|ok|yes please|vâng|dạ)(?: (?:전해 ?주세요|부탁드려요|please))?"),
    ("no", r"(아니요|아니오|no|không)"),
    ("thanks", r"(고마워요|감사합니다|thanks|thx|cảm ơn|ㄳ)"),
    ("greeting", r"(안녕하세요|hello|hi|xin chào)"),
    ("goodbye", r"(안녕히 ?계세요|bye|tạm biệt)"),
    (
        "person",
        r"(상담원|담당자|사람)(이요|과|이랑|에게|하고)? ?(연결|바꿔|상담)?.{0,8}|human please",
    ),
    ("case_status", r"(언제 ?답 ?(와요|오나요)|any news)"),
    ("about_naru", r"(누구세요|뭐 ?할 ?수 ?있어요|who are you|bạn là ai)"),
    ("complaint", r"(바보|쓸모없네요|useless|vô dụng)"),
    ("own_application", r"(제|우리|my) ?.{0,10}(신청|application).{0,12}(됐나요|어디까지|status)"),
    ("language", r"(영어로|한국어로|in english|tiếng việt).{0,10}"),
)


def read_act(text: str, context: TalkContext, find_place: Callable[[str], Place | None]) -> Reading:
    """The act of a message in its context; a question where it is in doubt."""
    bare = text.strip().rstrip("?!.~ ").lower()
    for act, pattern in _PATTERNS:
        if re.fullmatch(pattern, bare):
            language = {"영": "en", "한": "ko", "i": "en", "t": "vi"}.get(bare[:1], "")
            return Reading(act, language=language if act == "language" else "")
    head, mark, rest = text.strip().partition(",")
    if mark and rest.strip() and re.fullmatch(_PATTERNS[0][1], head.strip().lower()):
        return Reading("yes", rest=rest.strip())
    if context.awaited == "place" and "?" not in text and find_place(text):
        return Reading("place", place=text.strip())
    if correction := re.fullmatch(r"아니,? ?\S+ 말고 (.+?)(요|이요|입니다)?", bare):
        return Reading("place", place=correction[1])
    if context.has_matter and re.search(r"(입니다|했어요|이에요)$", bare):
        return Reading("addition")
    if context.has_matter and len(bare) < 20:
        return Reading("follow_up")
    return Reading("new_matter")
