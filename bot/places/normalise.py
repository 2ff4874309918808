"""Normal forms of place names, so that all spellings of a name compare equal."""

from __future__ import annotations

import re
import unicodedata


def _build_mark_table() -> dict[int, str | None]:
    """A translation table: Latin letters with diacritics to plain ones, combining marks to nothing."""
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = unicodedata.normalize("NFD", chr(code))[0]
        table[code] = letter if letter.isascii() else None
    special = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
    return table | {ord(letter): plain for letter, plain in special.items()}


HANGUL_PATTERN = re.compile(r"[가-힣]")
MARK_TABLE = _build_mark_table()
PUNCTUATION_TABLE: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "'’‘`ʻ´")),
    **dict.fromkeys(map(ord, '-–.,;:()[]/&"“”·_|'), " "),
}


def normalise_name(name: str) -> str:
    """The key of a name: NFC, lower case, without punctuation, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).lower().translate(PUNCTUATION_TABLE).split())


def normalise_composed_name(name: str) -> str:
    """`normalise_name`, faster, for names in NFC (all of the gazetteer's are)."""
    return name.lower() if name.replace(" ", "").isalpha() else normalise_name(name)


def strip_marks(key: str) -> str:
    """The key without diacritics; Hangul is kept."""
    return key if key.isascii() else key.translate(MARK_TABLE)
