"""Decoding of text whose encoding is certain.

See docs/decisions/0024-text-encoding-by-strict-order.md.
"""

from __future__ import annotations

import codecs
import re

from ingest.errors import Unreadable

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
KOREAN_MIN_SYLLABLE_SHARE = (
    0.5  # of the non-ASCII letters; the rest may be Hanja; see docs/parameters.md
)
KOREAN_MAX_RARE_SHARE = 0.05  # of syllables that EUC-KR lacks; see docs/parameters.md


def decode_text(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16/32 with byte order mark, or CP949 (EUC-KR) if Korean.

    Raises Unreadable for anything else, because a wrong guess would be quoted.
    """
    attempts = (decode(data) for decode in (_decode_marked, _decode_utf8, _decode_korean))
    text = next((text for text in attempts if text is not None), None)
    if text is None:
        raise Unreadable("other_encoding")
    if _CONTROL_CHARACTERS.search(text):
        raise Unreadable("not_text")
    return text


def _decode_marked(data: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _decode_strictly(data, encoding)
            return None if text is None else text.removeprefix("\ufeff")
    return None


def _decode_utf8(data: bytes) -> str | None:
    return _decode_strictly(data, "utf-8")


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_korean(data: bytes) -> str | None:
    """The text if it is Korean: CP949 also decodes much Western text, to rare syllables and Hanja."""
    text = _decode_strictly(data, "cp949")
    if text is None:
        return None
    letters = [letter for letter in text if letter.isalpha() and not letter.isascii()]
    syllables = [letter for letter in letters if "가" <= letter <= "힣"]
    rare = sum(not _is_in_euc_kr(letter) for letter in syllables)
    is_korean = (
        bool(syllables)
        and len(syllables) >= KOREAN_MIN_SYLLABLE_SHARE * len(letters)
        and rare <= KOREAN_MAX_RARE_SHARE * len(syllables)
    )
    return text if is_korean else None


def _is_in_euc_kr(letter: str) -> bool:
    return len(letter.encode("euc_kr")) == 2  # the codec encodes other syllables in eight bytes
