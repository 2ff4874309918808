"""From text to the terms that are indexed and searched; the only module that imports Kiwi and
the stemmer.

See docs/decisions/0006-tokenisers-for-korean-english-and-vietnamese.md."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.code_digest import digest_of_modules
from knowledge.text.language import fold_diacritics, is_vietnamese_syllable
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Language

if TYPE_CHECKING:
    from kiwipiepy import Kiwi, Token

# Vietnamese syllables without marks look like English words; the prefix keeps them apart.
VI_PREFIX = "vi:"
# A text with marks on at most this share of its Vietnamese syllables was typed without marks.
MAX_MARKED_SYLLABLE_RATIO = 0.25  # tuned: see docs/parameters.md
USER_WORD_SCORE = 3.0  # Kiwi's score for the glossary's words  # tuned: see docs/parameters.md
MIN_COMPOUND_SYLLABLES = 3  # a shorter word is divided alike everywhere
STEMS_CACHED = 20_000  # English words, as many Korean compounds and Vietnamese syllables
STOPWORDS_PATH = Path(__file__).with_name("stopwords.yaml")
# The code that decides, with the stop words, which terms a text gives; after a change of any all
# terms are computed again.
TERM_RULE_MODULES = ("knowledge.text.terms", "knowledge.text.language")
_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[a-z]+(?:[&/.'’-][a-z0-9]+)*[0-9]*", re.ASCII)
_SYLLABLE = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[^\W\d_]+")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/-]+")
_HANGUL = re.compile(r"[가-힣]+(?:[^\S\n]+[가-힣]+)*")
# Nouns, roots, predicates, determiners of number, foreign words, digits, Han characters.
NOUN_TAGS = frozenset(["NNG", "NNP"])
_KEPT_TAGS = frozenset(["NNG", "NNP", "NR", "XR", "VV", "VA", "MAG", "SL", "SN", "SH"])


class Analyser:
    """Turns text into terms. Equal words give equal terms whatever particle follows them.

    Thread-safe; Kiwi's model is loaded at the first Korean text."""

    def __init__(
        self,
        user_words: tuple[str, ...] = (),
        joined_pairs: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        """`user_words` are Korean nouns that Kiwi's model does not know (the glossary's) and must
        not split. `joined_pairs` are pairs of Vietnamese syllables without marks that are one
        word: "co quan" is kept although "co" alone is a stop word."""
        self._user_words = user_words
        self._joined_pairs = joined_pairs
        self._split_compound = lru_cache(maxsize=STEMS_CACHED)(self._divide_alone)

    @cached_property
    def fingerprint(self) -> str:
        """Identifies what makes the terms: packages, code, stop words and glossary words. Terms
        of analysers with different fingerprints are not comparable.
        See docs/decisions/0051-code-digests-and-a-table-of-glosses.md."""
        packages = ("kiwipiepy", "kiwipiepy_model", "PyStemmer")
        words = "\n".join([*self._user_words, *sorted(map("_".join, self._joined_pairs))])
        code = digest_of_modules(*TERM_RULE_MODULES)
        rules = sha256(f"{words}\n{code}\n".encode() + STOPWORDS_PATH.read_bytes()).hexdigest()
        return " ".join([*(f"{package}-{version(package)}" for package in packages), rules[:12]])

    def tokenise(self, text: str, language: Language) -> list[str]:
        """The terms of `text` in order, without stop words, with repeats. Korean words in a text
        of another `language` are analysed as Korean."""
        if language == "ko":
            return self._tokenise_korean(text)
        tokenise = self._tokenise_vietnamese if language == "vi" else _tokenise_english
        terms: list[str] = []
        end = 0
        for match in _HANGUL.finditer(text):
            terms += [*tokenise(text[end : match.start()]), *self._tokenise_korean(match[0])]
            end = match.end()
        return terms + tokenise(text[end:])

    def tokenise_passage(self, text: str, language: Language) -> list[str]:
        """The terms a passage is indexed by: those of `tokenise`; in Vietnamese without marks and
        with the pairs of neighbouring syllables as well, since a word has several syllables."""
        terms = self.tokenise(text, language)
        if language != "vi":
            return terms
        bare = strip_marks(terms)
        return bare + pair_syllables(bare)

    def find_names(self, text: str, language: Language) -> set[str]:
        """The terms of `text` that are names: in Korean proper nouns and the glossary's words, in
        other languages words with a capital."""
        if language == "ko":
            tokens = _analyse_korean(text, self._user_words)
            names = [token for token in tokens if token.tag.split("-")[0] in ("NNP", "SL", "SH")]
            return {term for token in names if (term := _make_korean_term(token))}
        capitals = " ".join(re.findall(r"\b[^\W\d_a-z][\w&/'’-]*", text))
        return {term for term in self.tokenise(capitals, language) if capitals}

    def _tokenise_korean(self, text: str) -> list[str]:
        tokens = _analyse_korean(text, self._user_words)
        terms = [term for run in _split_runs(tokens) for term in self._analyse_run(run)]
        stopwords = _load_stopwords()["ko"]
        return [term for term in terms if term not in stopwords] + _find_negated_verbs(tokens)

    def _analyse_run(self, run: Sequence[Token]) -> list[str]:
        """The terms of one run. Kiwi divides an unknown compound by its neighbours, so that a
        question would ask for 시음 and 회 where the document has 시음회: a compound is divided as it
        is when it stands alone."""
        word = "".join(token.form for token in run)
        is_compound = run[0].tag in NOUN_TAGS and len(word) >= MIN_COMPOUND_SYLLABLES
        nouns = self._split_compound(word) if is_compound else ()
        return list(nouns) or [term for token in run if (term := _make_korean_term(token))]

    def _divide_alone(self, word: str) -> tuple[str, ...]:
        """The nouns of `word`; none where Kiwi sees something else in it."""
        tokens = _analyse_korean(word, self._user_words)
        nouns = all(token.tag in NOUN_TAGS for token in tokens)
        return tuple(token.form for token in tokens) if nouns else ()

    def _tokenise_vietnamese(self, text: str) -> list[str]:
        """Syllables with their marks, which tell words apart; names, figures and words of other
        languages as they are. In a text without marks, a syllable that may be a stop word is
        kept where it is part of a known pair."""
        syllables = _SYLLABLE.findall(_join_abbreviations(text))
        terms = [_make_vietnamese_term(one) for one in syllables]
        if not is_unmarked(terms):
            stopwords = _load_stopwords()["vi"]
            return [term for term in terms if term not in stopwords]
        bare = [term.removeprefix(VI_PREFIX) for term in strip_marks(terms)]
        joined = [False, *(pair in self._joined_pairs for pair in pairwise(bare)), False]
        stopwords = _load_stopwords()["vi_bare"]
        return [
            term
            for number, term in enumerate(terms)
            if term not in stopwords or joined[number] or joined[number + 1]
        ]


def _analyse_korean(text: str, user_words: tuple[str, ...]) -> list[Token]:
    kiwi, lock = _load_kiwi(user_words)
    with lock:
        # A list is analysed by Kiwi's own thread: its allocator keeps 4 MB for each thread that asks for
        # one text, as long as that thread lives.
        tokens: list[Token] = next(iter(kiwi.tokenize([_join_abbreviations(text)])))
    return tokens


@lru_cache(maxsize=4)
def _load_kiwi(user_words: tuple[str, ...]) -> tuple[Kiwi, threading.Lock]:
    """Kiwi with words of its user, and the lock of its users. One for equal words: it loads slowly."""
    # Read by Kiwi's allocator, which keeps 30 MB that only its loading takes without it.
    os.environ.setdefault("MIMALLOC_PURGE_DELAY", "0")
    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=1, load_default_dict=False, load_multi_dict=False)
    for word in user_words:
        kiwi.add_user_word(word, "NNP", USER_WORD_SCORE)
    return kiwi, threading.Lock()


def _split_runs(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens in runs: nouns that are written together make one, every other token its own."""
    runs: list[list[Token]] = []
    for token in tokens:
        before = runs[-1][-1] if runs else None
        if before and token.start == before.end and {before.tag, token.tag} <= NOUN_TAGS:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _find_negated_verbs(tokens: Sequence[Token]) -> list[str]:
    """Negated verbs as terms of their own: 안 줘요, 주지 않았어요 → 안주다. A question about not being
    paid differs from one about paying by nothing else."""
    terms = []
    for place, token in enumerate(tokens):
        if token.form in ("못", "않") or (token.form, token.tag) == ("안", "MAG"):
            before, after = tokens[max(0, place - 2) : place], tokens[place + 1 : place + 2]
            verb_is_before = len(before) == 2 and before[1].form == "지"  # 받지 못하다
            terms += [
                f"안{verb.form}다"
                for verb in (before[:1] if verb_is_before else after)
                if verb.tag.startswith("VV")
            ]
    return terms


def _make_korean_term(token: Token) -> str | None:
    """The term of one of Kiwi's tokens; None for particles, endings and the like."""
    tag = token.tag.split("-")[0]
    if tag not in _KEPT_TAGS:
        return None
    if tag == "SL":
        return _stem_word(token.form.lower())
    return f"{token.form}다" if tag in ("VV", "VA") else str(token.form).lower()


def _join_abbreviations(text: str) -> str:
    """Abbreviations with a slash or full stop (L/C, C/O, B/L) as one word, as they are spoken."""
    return re.sub(r"\b([A-Za-z])[/.]([A-Za-z])\b\.?", r"\1\2", text)


def _split_english_words(text: str) -> list[str]:
    """English words in lower case: "SMEs" gives "sme", "freight-only" two words, "K-beauty" one."""
    text = re.sub(r"\bU\.?S\.?(?=\W|$)", "USA", _join_abbreviations(text))  # not the word "us"
    text = re.sub(r"\b([A-Z]{2,})s\b", r"\1", text).lower()
    text = re.sub(r"\b([a-z]{3,})-(?=[a-z]{3,})", r"\1 ", text)
    return ["sme" if word == "smes" else word for word in _WORD.findall(text)]


def pair_syllables(syllables: Sequence[str]) -> list[str]:
    """Neighbouring Vietnamese syllables as words: ["vi:hoan", "vi:thue"] → ["vi:hoan_thue"]."""
    return [
        f"{left}_{right.removeprefix(VI_PREFIX)}"
        for left, right in pairwise(syllables)
        if left.startswith(VI_PREFIX) and right.startswith(VI_PREFIX)
    ]


def strip_marks(terms: Sequence[str]) -> list[str]:
    """Vietnamese terms without marks, as passages are indexed: people type both spellings."""
    return [
        VI_PREFIX + _fold_syllable(term.removeprefix(VI_PREFIX))
        if term.startswith(VI_PREFIX)
        else term
        for term in terms
    ]


_fold_syllable = lru_cache(STEMS_CACHED)(fold_diacritics)


def split_syllables(text: str) -> list[str]:
    """The Vietnamese syllables of `text` without marks and without stop words."""
    stopwords = _load_stopwords()["vi"]
    terms = map(_make_vietnamese_term, _SYLLABLE.findall(_join_abbreviations(text)))
    return [_fold_syllable(term.removeprefix(VI_PREFIX)) for term in terms if term not in stopwords]


def is_unmarked(terms: Sequence[str]) -> bool:
    """Whether Vietnamese `terms` were typed without marks; a name among them may have some.
    See docs/decisions/0047-vietnamese-without-diacritics-is-detected.md."""
    syllables = [term for term in terms if term.startswith(VI_PREFIX)]
    return sum(not term.isascii() for term in syllables) <= MAX_MARKED_SYLLABLE_RATIO * len(
        syllables
    )


@lru_cache(maxsize=STEMS_CACHED)
def _make_vietnamese_term(syllable: str) -> str:
    """A syllable as a term. "KOTRA" and "voucher" are not syllables and give their English terms."""
    lowered = syllable.lower()
    if _ACRONYM.fullmatch(syllable) or not lowered.isalpha():
        return lowered
    return VI_PREFIX + lowered if is_vietnamese_syllable(lowered) else _stem_word(lowered)


def _tokenise_english(text: str) -> list[str]:
    return [
        stem
        for stem in map(_stem_word, _split_english_words(text))
        if stem not in _load_stopwords()["en"]
    ]


@lru_cache(maxsize=STEMS_CACHED)
def _stem_word(word: str) -> str:
    if word == "customs":  # its stem would be that of "customer"
        return word
    return str(_load_stemmer().stemWord(word.replace("’", "'").removesuffix("'s")))


@lru_cache(maxsize=1)
def _load_stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=1)
def _load_stopwords() -> dict[str, frozenset[str]]:
    """Stop words as terms, by language; "vi_bare" for Vietnamese without marks."""
    lists = parse_yaml(STOPWORDS_PATH.read_text(encoding="utf-8"))
    english, vietnamese = frozenset(map(_stem_word, lists["en"].split())), lists["vi"].split()
    return {
        "ko": frozenset(lists["ko"].split()),
        "en": english,
        "vi": frozenset(map(_make_vietnamese_term, vietnamese)) | english,
        "vi_bare": frozenset(_make_vietnamese_term(fold_diacritics(word)) for word in vietnamese)
        | english,
    }
