"""What a message itself shows before any document is searched: whether it needs a person, how
urgent it is, whether it must be sealed, and what has happened. The patterns are in triage.yaml."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from bot.types import URGENCIES, Urgency
from knowledge.text.yaml_text import parse_yaml

TRIAGE_FILE = Path(__file__).with_name("triage.yaml")
REMEMBERED_MESSAGES = 16  # several parts of one turn ask for the same one
CLAUSE_REACH_CHARACTERS = 90  # on each side of an incident's words that say whether it is reported

TriageSign = Literal["act", "inform", "suspect"]
Doubt = Literal["before", "after", "tail", "settled"]

LANGUAGES_OF_PATTERNS = ("ko", "en", "vi")
# A dot within a word or after a shortened one ("TP. Hồ Chí Minh", "Mr. Kim") ends no sentence.
SENTENCE_PATTERN = re.compile(
    r"(?:[^.?!;\n…]|\.(?=\S)|(?<=\btp)\.|(?<=\b[md]r)\.|(?<=\bms)\.|(?<=\bmrs)\.)+[.?!]*"
)
CLAUSE_END_PATTERN = re.compile(
    r",\s|[가-힣](?:데|지만)\s|(?:[어아해]요|니다|[네대래]요|했음|됐음)\s|\s-+\s|\sbut\s|\snhung\s"
)
WORD_GROUP_PATTERN = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Triage:
    """`needs_person`: only people can help, whatever the documents say. `sealed`: few may see it.
    `suspect`: it has words of sealed matters, even if it only asks about them: no language model
    sees it, and a case made of it is sealed. `incident`: the gravest thing it reports, as named in
    triage.yaml, else ""."""

    needs_person: bool
    sealed: bool
    urgency: Urgency
    suspect: bool = False
    incident: str = ""


@dataclass(frozen=True, slots=True)
class _Incident:
    name: str
    level: Urgency
    sealed: bool
    for_people: bool  # even if the message asks how such things are done
    two_sentences: bool  # its words may stand in two sentences
    patterns: tuple[re.Pattern[str], ...]
    exceptions: tuple[re.Pattern[str], ...]  # where its words tell something else


@dataclass(frozen=True, slots=True)
class _Rules:
    incidents: tuple[_Incident, ...]  # the gravest first
    doubts: dict[Doubt, re.Pattern[str]]
    signs: tuple[tuple[TriageSign, re.Pattern[str]], ...]


@lru_cache(REMEMBERED_MESSAGES)
def triage_message(text: str) -> Triage:
    """Find what a message reports and whom it calls for. An incident counts where it is happening,
    has happened or is feared, not where the message asks in general. A critical or sealed incident
    or one `for_people` always needs a person, another one unless the message asks how such things
    are done."""
    rules = _load_rules()
    folded = fold_text(text)
    reported, named = _find_incidents(folded, rules)
    signs = {sign for sign, pattern in rules.signs if pattern.search(folded)}
    gravest = reported[0] if reported else None
    needs_person = (
        any(incident.for_people for incident in reported)
        or "act" in signs
        or (bool(reported) and "inform" not in signs)
    )
    suspect = "suspect" in signs or any(incident.sealed for incident in named)
    return Triage(
        needs_person,
        sealed=needs_person and suspect,
        urgency=gravest.level if gravest else "normal",
        suspect=suspect,
        incident=gravest.name if gravest else "",
    )


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern of another table with the groups of words of triage.yaml in it."""
    return re.compile(_expand_words(pattern, _load_words()))


def is_reported_in(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a sentence of the text says that what the pattern stands for is so: no condition, no
    general question, no denial."""
    rules = _load_rules()
    return any(
        _is_reported(sentence.group(), match, rules)
        for sentence in SENTENCE_PATTERN.finditer(fold_text(text))
        for match in pattern.finditer(sentence.group())
    )


def fold_text(text: str) -> str:
    """The text in lower case, without accents and with straight apostrophes; Hangul is kept."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(letter)
    )
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("’", "'")


def _find_incidents(text: str, rules: _Rules) -> tuple[list[_Incident], list[_Incident]]:
    """The incidents that are reported, the gravest first, and all whose words occur."""
    sentences = [match.group() for match in SENTENCE_PATTERN.finditer(text)]
    pairs = [f"{first} {second}" for first, second in pairwise(sentences)]
    reported, named = [], []
    for incident in rules.incidents:
        reports = [
            _is_reported(sentence, match, rules)
            for sentence in (sentences + pairs if incident.two_sentences else sentences)
            for match in _match_incident(incident, sentence, text)
        ]
        if reports:
            named.append(incident)
        if any(reports):
            reported.append(incident)
    return reported, named


def _match_incident(incident: _Incident, sentence: str, text: str) -> list[re.Match[str]]:
    """Where the sentence of the text has the incident's words; nowhere if either is an exception,
    which is looked for last, since hardly a sentence has the words."""
    matches = [match for pattern in incident.patterns for match in pattern.finditer(sentence)]
    if matches and incident.exceptions:
        whole = " ".join(text.split())
        if any(one.search(part) for one in incident.exceptions for part in (sentence, whole)):
            return []
    return matches


def _is_reported(sentence: str, match: re.Match[str], rules: _Rules) -> bool:
    """Whether the clause of the match says that the incident is so: no condition, no general
    question, no denial."""
    before = sentence[max(0, match.start() - CLAUSE_REACH_CHARACTERS) : match.start()]
    after = sentence[match.end() : match.end() + CLAUSE_REACH_CHARACTERS]
    before = CLAUSE_END_PATTERN.split(before)[-1]
    clause_rest = CLAUSE_END_PATTERN.split(after)[0]
    doubts = rules.doubts
    return not (
        doubts["before"].search(before + match.group())
        or doubts["after"].search(clause_rest)
        or doubts["tail"].search(after)
        or doubts["settled"].search(before + match.group() + clause_rest)
    )


@cache
def _load_rules() -> _Rules:
    """Every pattern of every language: founders mix languages in one sentence."""
    table: dict[str, Any] = parse_yaml(TRIAGE_FILE.read_text(encoding="utf-8"))
    words: dict[str, str] = table["words"]
    incidents = [
        _Incident(
            name,
            entry["level"],
            entry.get("sealed", False),
            entry["level"] == "critical" or bool(entry.keys() & {"sealed", "for_people"}),
            entry.get("two_sentences", False),
            tuple(
                re.compile(_expand_words(pattern, words))
                for language in LANGUAGES_OF_PATTERNS
                for pattern in entry[language]
            ),
            tuple(re.compile(_expand_words(pattern, words)) for pattern in entry.get("except", ())),
        )
        for name, entry in table["incidents"].items()
    ]
    incidents.sort(key=lambda incident: -URGENCIES.index(incident.level))
    return _Rules(
        tuple(incidents),
        {doubt: re.compile("|".join(patterns)) for doubt, patterns in table["unless"].items()},
        tuple(
            (sign, re.compile(pattern))
            for signs in table["signs"].values()
            for sign, patterns in signs.items()
            for pattern in patterns
        ),
    )


@cache
def _load_words() -> dict[str, str]:
    words: dict[str, str] = parse_yaml(TRIAGE_FILE.read_text(encoding="utf-8"))["words"]
    return words


def _expand_words(pattern: str, words: dict[str, str]) -> str:
    """The pattern with each `<name>` replaced by its group of words, groups within groups too."""
    while WORD_GROUP_PATTERN.search(pattern):
        pattern = WORD_GROUP_PATTERN.sub(lambda name: words[name.group(1)], pattern)
    return pattern
