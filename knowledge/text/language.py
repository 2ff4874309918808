"""Which of the three languages a text is written in."""

from __future__ import annotations

import re
import unicodedata

from knowledge.types import Language

_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LATIN = re.compile(r"[A-Za-zÀ-ỹ]")
_WORD = re.compile(r"[A-Za-zÀ-ỹ]+")
_VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_TONE_MARKED = re.compile(r"[àáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝ]")
_ENGLISH_WORDS = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "are",
        "was",
        "for",
        "on",
        "with",
        "by",
        "at",
        "from",
        "that",
        "this",
        "it",
        "as",
        "be",
        "we",
        "our",
        "my",
        "can",
        "do",
        "does",
        "how",
        "what",
        "when",
        "where",
        "which",
        "who",
        "there",
        "if",
        "not",
        "have",
        "has",
    ]
)
_COMBINING_MARKS = dict.fromkeys(range(0x300, 0x370))
# With more Latin letters than this per Hangul syllable, the Korean in a text may be just a name.
LATIN_LETTERS_PER_HANGUL = 3  # tuned: see docs/parameters.md
# English with up to this many Latin letters per Hangul syllable is a Korean's mixed text.
MIXED_LATIN_LETTERS_PER_HANGUL = 6  # tuned: see docs/parameters.md
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|th|tr|ph|kh|gh|gi|qu|ch|[bcdghklmnprstvx])?"
    r"(?:oai|oay|uay|uoi|uou|ieu|yeu|uye|uya|oeo|[aeiouy]{1,2})(?:ng|nh|ch|[cmnpt])?"
)
# Syllables that carry Vietnamese typed without its marks and that English does not use.
_UNMARKED_VIETNAMESE = frozenset(
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


def detect_language(text: str) -> Language:
    """The language of `text`; English for one without letters.

    Korean where it has a fair share of Hangul, also when mixed with English, because its writer
    reads Korean. Otherwise Vietnamese or English; English may contain names with marks (Đà Nẵng).
    Letters may be decomposed, as macOS writes them.
    """
    text = unicodedata.normalize("NFC", text)
    hangul = len(_HANGUL.findall(text))
    latin = len(_LATIN.findall(text))
    if hangul * LATIN_LETTERS_PER_HANGUL > latin:
        return "ko"
    if hangul:
        rest = detect_language(_HANGUL.sub("", text))
        return "ko" if rest == "en" and hangul * MIXED_LATIN_LETTERS_PER_HANGUL >= latin else rest
    words = _WORD.findall(text)
    marked = sum(bool(_VIETNAMESE.search(word)) for word in words)
    toned = sum(bool(_TONE_MARKED.search(word)) for word in words)
    english = sum(word.lower() in _ENGLISH_WORDS for word in words)
    if marked + (toned if toned > 1 else 0) > english:
        return "vi"
    return "vi" if _is_unmarked_vietnamese(text) else "en"


def is_vietnamese_syllable(word: str) -> bool:
    """Whether a lower-case word has the shape of a Vietnamese syllable, with or without marks."""
    return bool(_SYLLABLE.fullmatch(fold_diacritics(word)))


def _is_unmarked_vietnamese(text: str) -> bool:
    """Whether `text` is Vietnamese typed without its marks.

    Nearly all Vietnamese words are single syllables; in an English question at most two words in
    three look like one. See docs/decisions/0047-vietnamese-without-diacritics-is-detected.md.
    """
    words = [word.lower() for word in re.findall(r"[A-Za-z]+", text) if not word.isupper()]
    known = sum(word in _UNMARKED_VIETNAMESE for word in words)
    shaped = sum(map(is_vietnamese_syllable, words))
    return (len(words) >= 3 and known * 2 >= len(words)) or (
        len(words) >= 4 and shaped * 4 >= len(words) * 3
    )


def fold_diacritics(text: str) -> str:
    """`text` in lower case without diacritics, composed (NFC): "Đà Nẵng" gives "da nang"."""
    if text.isascii():
        return text.lower()
    text = text.replace("đ", "d").replace("Đ", "D")
    bare = unicodedata.normalize("NFD", text).translate(_COMBINING_MARKS)
    return unicodedata.normalize("NFC", bare).lower()


def normalise_letters(text: str) -> str:
    """`text` in lower case without accents, its words with one space around each."""
    words = "".join(c if c.isalnum() else " " for c in fold_diacritics(text)).split()
    return f" {' '.join(words)} "
