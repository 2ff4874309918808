"""Which of the three languages a text is written in."""

from __future__ import annotations

import re
import unicodedata

from knowledge.types import Language

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]")
_VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_TONED = re.compile(r"[àáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝ]")
# Syllables that carry Vietnamese typed without its marks and that English does not use.
_BARE_VIETNAMESE = frozenset(
    [
        "khong",
        "duoc",
        "cua",
        "chung",
        "toi",
        "cong",
        "ty",
        "doanh",
        "nghiep",
        "viet",
        "nam",
        "hoan",
        "thue",
        "han",
        "quoc",
        "ho",
        "tro",
        "nhu",
        "nao",
        "bao",
        "nhieu",
        "giay",
        "phep",
        "hai",
        "quan",
        "xuat",
        "khau",
        "nhap",
        "nguoi",
        "lao",
        "dong",
        "thi",
        "thuc",
    ]
)


def detect(text: str) -> Language:
    """The language of `text`: Korean when it has any real share of Hangul, else Vietnamese or
    English. Mixed Korean and English is Korean: its writer reads Korean."""
    hangul = len(_HANGUL.findall(text))
    latin = len(_LATIN.findall(text))
    if hangul and hangul * 6 >= latin:
        return "ko"
    if _VIETNAMESE.search(text) or len(_TONED.findall(text)) >= 2:
        return "vi"
    words = re.findall(r"[a-z]+", text.lower())
    bare = sum(word in _BARE_VIETNAMESE for word in words)
    return "vi" if len(words) >= 3 and bare * 2 >= len(words) else "en"


def fold(text: str) -> str:
    """Lower case without diacritics: "Đà Nẵng" and "Da Nang" become one."""
    text = text.replace("đ", "d").replace("Đ", "D")
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
    ).lower()
