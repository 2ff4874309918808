"""The first mail of a thread without what is said out of courtesy: it would be searched for as well."""

from __future__ import annotations

import re

# Whom a greeting names; any other words in its line may be the matter itself.
_NAMED = (
    r"(?:담당자\s?(?:님|분)?|관계자\s?(?:님|분)?|나루|여러분|sirs?(?: or madam)?|madam|team|naru|all|there|"
    r"everyone|(?:mr|ms|mrs)\.? \w+|anh/chị|anh chị|anh|chị|các bạn|bạn|quý \w+(?: \w+)?)"
)
_GREETING = re.compile(
    r"(?:안녕하세요|안녕하십니까|담당자\s?(?:님|분)?께?|수고(?:하십니다|많으십니다|가 많으십니다)|"
    r"hello|hi|dear|good (?:morning|afternoon|day)|to whom it may concern|xin chào|chào|kính gửi|kính chào)"
    rf"(?:[\s,.!~^]+{_NAMED})?[\s,.!~:]*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:감사합니다|고맙습니다|(?:답변|회신|답장|확인)\s?부탁\s?드립니다|(?:미리\s)?감사드립니다|"
    r"thanks?(?: you)?(?: very much| in advance)?|(?:best|kind|warm)?\s?regards|sincerely|best|"
    r"(?:xin )?cảm ơn|trân trọng|xin chân thành cảm ơn)[\s,.!~]*",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"(?:(?:best|kind|warm)?\s?regards|sincerely(?: yours)?|trân trọng)[\s,.!~]*", re.IGNORECASE
)
_NAME_BELOW = re.compile(r"[^\n?\d]{1,30}")  # after "Best regards,"
_KOREAN_SENDER = re.compile(r"[^\n?]{1,40}\s(?:드림|올림|배상)[.\s]*")
# Words of a subject that say nothing of the matter.
_GENERAL = re.compile(
    r"문의(?:드립니다|합니다)?|질문(?:드립니다|있습니다)?|안녕하세요|관련|건|관하여|대하여|questions?|inquiry|enquiry|"
    r"hello|hi|about|on|the|a|help|hỏi|về|câu|thắc|mắc|xin|chào|tư|vấn|cần"
)


def strip_courtesies(text: str) -> str:
    """`text` without greetings in its first lines and without closings and the name in its last;
    unchanged where nothing else is in it."""
    lines = [line.strip() for line in text.split("\n")]
    begin, end = 0, len(lines)
    while begin < end and (not lines[begin] or _GREETING.fullmatch(lines[begin])):
        begin += 1
    end = _find_closing(lines, begin)
    return "\n".join(lines[begin:end]).strip() or text


def adds_nothing(subject: str, text: str) -> bool:
    """Whether every word of a subject is in the text as well, or says nothing of the matter."""
    words = re.findall(r"\w+", subject.casefold())
    return all(_GENERAL.fullmatch(word) or word in text.casefold() for word in words)


def _find_closing(lines: list[str], begin: int) -> int:
    """The line with which the closing begins: thanks, and the name below or above them."""
    end = len(lines)
    while end > begin and not lines[end - 1]:
        end -= 1
    at = end
    above, last = lines[at - 2] if at - 2 > begin else "", lines[at - 1] if at - 1 > begin else ""
    is_name = _SIGN_OFF.fullmatch(above) and _NAME_BELOW.fullmatch(last)
    if is_name or _KOREAN_SENDER.fullmatch(last):
        at -= 1
    while at > begin and (not lines[at - 1] or _CLOSING.fullmatch(lines[at - 1])):
        at -= 1
    return at
