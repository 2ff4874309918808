"""What a person wrote in a reply, without the mail that it quotes: the heads that mail programs put
before a quote in Korean, English and Vietnamese."""

from __future__ import annotations

import re

MAX_HEAD_LINES = 3  # that a head like "On … wrote:" is broken into
HEAD_LIMIT_CHARACTERS = 300  # of a head; a longer text would take long to match
_HEADER_BLOCK_LINES = 6  # in which the headers of a quoted mail stand

# Gmail, Apple Mail, Thunderbird, Naver, Daum: a line with a date or an address, and "wrote".
_WROTE = re.compile(
    r"(?:On\b.*\bwrote|Vào\b.*\bđã viết|.*\d.*(?:님이|이\(가\)|에서|에)?\s*"
    r"(?:작성|작성한 글|쓴 글|작성하였습니다|작성했습니다|썼습니다)|.*<\S+@\S+>.*"
    r"(?:\bwrote|đã viết|작성))\s*:",
    re.IGNORECASE,
)
_BEGINS_HEAD = re.compile(r"(?:On|Vào)\b|\d{2,4}\s?[년.\-/]")
_SEPARATOR = re.compile(
    r"[-_=\s]{3,}\s*(?:Original (?:Message|Mail)|Forwarded message|원본\s*(?:메일|메시지|편지)|"
    r"전달된\s*(?:메일|메시지)|Thư gốc|Tin nhắn gốc|Thư ban đầu)\s*[-_=\s]{3,}|_{20,}",
    re.IGNORECASE,
)
# Outlook, Naver, Daum: the headers of the quoted mail, the sender's first.
_SENDER = re.compile(r"\W*(?:From|보낸\s?사람|보낸이|발신자?|Từ|Người gửi)\W*:", re.IGNORECASE)
_OTHER_HEADER = re.compile(
    r"\W*(?:Sent|Date|To|Cc|Subject|보낸\s?날짜|날짜|받는\s?사람|받는이|수신자?|참조|제목|"
    r"Đã gửi|Ngày|Thời gian|Tới|Đến|Người nhận|Chủ đề|Tiêu đề)\W*:",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:Sent from my|Get Outlook for|나의 .{1,20}에서 (?:보냄|전송)|내 .{1,20}에서 보냄|"
    r".{1,12}에서 보냄|Gửi từ|Được gửi từ|Đã gửi từ).{0,60}",
    re.IGNORECASE,
)


def cut_quote(text: str) -> str:
    """`text` of a reply without the quoted mail. What stands below or between lines that begin with
    ">" is kept: some people answer there."""
    lines = text.split("\n")
    found = _find_head(lines)
    if found is None:
        return _tidy([line for line in lines if not line.startswith(">")])
    begin, end = found
    below = lines[end:]
    first = next((line for line in below if line.strip()), "")
    if first.lstrip().startswith(">"):
        own = [line for line in below if not line.lstrip().startswith(">")]
        return _tidy([*lines[:begin], *own])
    return _tidy(lines[:begin])


def cut_signature(text: str) -> str:
    """`text` without the signature below the line "-- " (RFC 3676) and a phone's last line."""
    lines = text.rstrip().split("\n")
    if "-- " in lines or "--" in lines:
        at = next(number for number, line in enumerate(lines) if line in ("-- ", "--"))
        lines = lines[:at] if at else lines
    while lines and (not lines[-1].strip() or _SENT_FROM.fullmatch(lines[-1].strip())):
        lines.pop()
    return "\n".join(lines).strip()


def _find_head(lines: list[str]) -> tuple[int, int] | None:
    """Where the head of the first quote begins, and the line after it."""
    for number, line in enumerate(lines):
        stripped = line.strip()
        if not stripped or len(stripped) > HEAD_LIMIT_CHARACTERS or stripped.startswith(">"):
            continue
        if _SEPARATOR.fullmatch(stripped):
            return number, number + 1
        if size := _measure_head(lines[number : number + MAX_HEAD_LINES]):
            return number, number + size
        if _SENDER.match(stripped):
            block = lines[number + 1 : number + _HEADER_BLOCK_LINES]
            if sum(_OTHER_HEADER.match(one.strip()) is not None for one in block) >= 2:
                return number, number + 1
    return None


def _measure_head(lines: list[str]) -> int:
    """Of how many lines a head like "On … wrote:" is that begins with the first one; 0 for none."""
    for size in range(1, len(lines) + 1):
        block = [one.strip() for one in lines[:size]]
        if not all(block) or (size > 1 and not _BEGINS_HEAD.match(block[0])):
            return 0
        joined = " ".join(block)
        if len(joined) > HEAD_LIMIT_CHARACTERS:
            return 0
        if _WROTE.fullmatch(joined) and _is_dated(joined):
            return size
    return 0


def _is_dated(head: str) -> bool:
    """Whether a head has an address or a date: "he wrote:" alone is somebody's own sentence."""
    return "@" in head or len(re.findall(r"\d+", head)) >= 2


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
