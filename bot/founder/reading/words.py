"""How the words of a table are compared with what a founder types: the notation of acts.yaml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from bot.founder.reading.triage import fold_text

HANGUL = "가-힣ㄱ-ㅎㅏ-ㅣ"
# The ending of a Korean sentence that tells or asks for something to be done; 나요 and 까요 ask.
KOREAN_ENDING = (
    r"(?:\s?(?:드[리려립린]|[해하합했]|부탁|주[세시십]))?[가-힣]{0,6}(?<![나까])(?<![은는인]가)"
    r"[요여염용욥욤욧다당닷음슴함임됨어아네죠줘자줌삼길라지]"
)
LAUGHTER_PATTERN = re.compile(r"[ㅋㅎㅠㅜ]{2,}|(?<![ㄱ-ㅎ])[ㅋㅎㅠㅜ](?![ㄱ-ㅎ])")
EMOJI_MODIFIERS = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
DRAWN_OUT_LETTERS = 3  # as many of one letter in a row count as one
GROUP_PATTERN = re.compile(r"<([a-z_]+)>")

WordLists = Mapping[str, str]  # language → words separated by commas


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A message in the form in which words are compared, and where each letter stands in the
    original: `positions` has one more, the end."""

    text: str
    original: str
    positions: tuple[int, ...]

    def cut_original(self, start: int, end: int) -> str:
        """The original words between two places of the folded text, without marks around them."""
        words = self.original[self.positions[start] : self.positions[end]]
        return words.strip(" \t\r\n,.;:!~-…")


def fold_message(text: str) -> FoldedText:
    """The message in lower case, without accents, laughter and letters drawn out."""
    original = unicodedata.normalize("NFC", text)
    plain = LAUGHTER_PATTERN.sub(lambda match: " " * len(match.group()), original)
    letters: list[str] = []
    positions: list[int] = []
    place = 0
    while place < len(plain):
        letter = plain[place]
        run = place + 1
        while run < len(plain) and plain[run].lower() == letter.lower():
            run += 1
        drawn_out = letter.isalpha() and run - place >= DRAWN_OUT_LETTERS
        if EMOJI_MODIFIERS.match(letter):
            place += 1
            continue
        letters.append((fold_text(letter) or " ")[0])
        positions.append(place)
        place = run if drawn_out else place + 1
    return FoldedText("".join(letters), original, (*positions, len(original)))


class WordPattern:
    """A regular expression that is compiled when it is first tried. Of the hundred of a table a
    message tries a few, and all take half a second to compile."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression itself. Raises re.error where it is none."""
        return re.compile(self.pattern)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first place from `start` on that matches."""
        return self.compiled.search(text, start)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """What matches at `start`."""
        return self.compiled.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The whole text, if it matches."""
        return self.compiled.fullmatch(text)


def compile_words(
    lists: Iterable[WordLists], groups: Mapping[str, WordLists], longest_first: bool = False
) -> WordPattern:
    """A pattern of all words of the lists; without any it never matches. Where it counts how far a
    match reaches, `longest_first` has longer words tried first, which takes longer to compile. Raises
    KeyError for a group that is not in `groups`."""
    return WordPattern(_join_words(lists, groups, longest_first))


def _join_words(
    lists: Iterable[WordLists], groups: Mapping[str, WordLists], longest_first: bool
) -> str:
    bounded = {
        _bound_word(word, language, groups, longest_first)
        for words in lists
        for language, listed in words.items()
        for word in split_words(listed)
    }
    return _join_bounded(bounded, longest_first)


def _join_bounded(bounded: Iterable[tuple[str, str, str]], longest_first: bool) -> str:
    """One pattern of words with what must stand before and after each. Neighbours with the same
    bounds share them: the bounds are most of what takes time to compile."""
    listed = sorted(bounded, key=lambda one: (-len("".join(one)), "".join(one)))
    if not longest_first:
        listed.sort(key=_get_bounds)
    joined = (
        f"(?:{before}(?:{'|'.join(word for _, word, _ in alike)}){after})"
        for (before, after), alike in groupby(listed, key=_get_bounds)
    )
    return "|".join(joined) or r"(?!)"


def _get_bounds(bounded: tuple[str, str, str]) -> tuple[str, str]:
    return bounded[0], bounded[2]


def split_words(listed: str) -> list[str]:
    """The words of a list: what commas with a space separate."""
    return [word for word in re.split(r",\s", " ".join(listed.split())) if word]


def _bound_word(
    word: str, language: str, groups: Mapping[str, WordLists], longest_first: bool
) -> tuple[str, str, str]:
    """What must stand before a word, its pattern, what must stand after it."""
    if language == "any":
        return "", re.escape(EMOJI_MODIFIERS.sub("", word)), ""
    korean = bool(re.search(f"[{HANGUL}]", word))
    neighbours = f"[{HANGUL}]" if korean else "[a-z0-9]"
    before = "" if word.startswith("~") else f"(?<!{neighbours})"
    after = "" if word.endswith("~") else f"(?!{neighbours})"
    word = word.strip("~").rstrip(",").replace("~", f"{neighbours}*")
    if korean and word.endswith("+"):
        word, after = word[:-1], f"{KOREAN_ENDING}{after}"
    word = "".join(
        part if part.startswith("\\") else fold_text(part) for part in re.split(r"(\\.)", word)
    )
    word = word.replace(" ?", r"\s*").replace(" ", r"\s*" if korean else r"\s+")
    word = GROUP_PATTERN.sub(
        lambda name: _join_words([groups[name.group(1)]], groups, longest_first), word
    )
    return before, word, after
