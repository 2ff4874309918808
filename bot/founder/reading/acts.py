"""What a founder's message is within the talk: a question, a thanks, a yes, a place. The words are
in acts.yaml. In doubt it is a question, which at worst is answered from the documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from bot.founder.reading.place_words import read_place
from bot.founder.reading.triage import triage_message
from bot.founder.reading.words import FoldedText, WordLists, compile_words, fold_message
from bot.types import Place

ACTS_FILE = Path(__file__).with_name("acts.yaml")
SHORT_CHARACTERS = 60  # a longer message is about a matter, whatever else it says
DEPENDENT_CHARACTERS = 34  # a longer question can be understood alone
PLACE_NAME_WORDS = 3  # of a reply that is taken for the name of a place that is not known

Act = Literal["new_matter", "addition", "follow_up", "place", "language", "yes", "no", "thanks",
              "greeting", "goodbye", "person", "case_status", "own_application", "about_naru",
              "complaint", "command"]  # fmt: skip
Awaited = Literal["", "place", "person", "choice"]
Wish = Literal["", "seal", "urgent", "not_urgent"]
Condition = Literal["in_case", "no_case", "matter", "no_matter"]

# Of several acts in one message, which counts.
RANK_OF_REPLIES = ("no", "yes", "goodbye", "thanks", "greeting")  # where something is awaited
RANK_OF_WORDS = ("goodbye", "thanks", "no", "yes", "greeting")
ACTS_AT_THE_END = ("thanks", "greeting", "goodbye")
ACTS_DESPITE_INCIDENT = ("person", "own_application", "case_status")
SENTENCE_PATTERN = re.compile(r"(?:[^.?!;\n…]|\.(?=\S))+[.?!]*")


@dataclass(frozen=True, slots=True)
class TalkContext:
    """What the bot knows when a message comes, as far as it bears on how the message is read.
    `awaited`: what its last message asked for: nothing, a place, whether a person shall take over,
    one of the offered sections. `has_matter`: a question, an answer or an offer came before.
    `in_case`: staff have an open case of it."""

    awaited: Awaited = ""
    has_matter: bool = False
    in_case: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a message is read. `rest`: what is left when the act's own words are taken off. `place`:
    the words that name the place. `command`: the command that is meant. `language`: the one that is
    wished, "" for one that Naru does not speak. `wish`: the founder's word on the secrecy or the
    urgency of the matter, with any act."""

    act: Act
    rest: str = ""
    place: str = ""
    command: str = ""
    language: str = ""
    wish: Wish = ""


@dataclass(frozen=True, slots=True)
class _Sign:
    act: Act
    of: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    whole: re.Pattern[str] | None
    condition: str
    is_short: bool
    command: str
    language: str


@dataclass(frozen=True, slots=True)
class _Table:
    strip: re.Pattern[str]  # with a group for each act, and one for fillers
    strip_at_end: re.Pattern[str]
    signs: tuple[_Sign, ...]
    wishes: tuple[tuple[Wish, re.Pattern[str]], ...]
    asks: re.Pattern[str]
    depends: re.Pattern[str]
    fresh: re.Pattern[str]
    states: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Stripped:
    """What stands at the ends of a message (`acts`), the range of what is left, and of what is left
    when words that say nothing are taken off too (`core`)."""

    acts: frozenset[str]
    start: int
    end: int
    core: str


def read_act(text: str, context: TalkContext, find_place: Callable[[str], Place | None]) -> Reading:
    """How a message is read in its talk. `find_place` gives the place that a text mentions, with
    `name` as it is written there; None if there is none."""
    table = _load_table()
    folded = fold_message(text)
    reading = _read_words(folded, context, find_place, table)
    return replace(reading, wish=_find_wish(folded, table))


def _read_words(
    folded: FoldedText,
    context: TalkContext,
    find_place: Callable[[str], Place | None],
    table: _Table,
) -> Reading:
    stripped = _strip_ends(folded.text, table)
    has_incident = triage_message(folded.original).urgency in ("critical", "high")
    rest = folded.cut_original(stripped.start, stripped.end)
    sign = _find_sign(folded.text, stripped, context, table, has_incident)
    if not stripped.core and stripped.acts and not has_incident:
        small = _choose_small_act(folded.text, stripped.acts, context)
        if small:
            return Reading(small)
    if sign:
        return Reading(sign.act, rest, command=sign.command, language=sign.language)
    asks = "?" in folded.text or bool(table.asks.search(folded.text))
    if not asks and not has_incident:
        place = read_place(folded, context.awaited == "place", find_place)
        if place:
            return Reading("place", place=place)
        reply = _choose_reply(stripped.acts, context)
        if reply:
            return Reading(reply, rest)
        if context.awaited == "place" and len(rest.split()) <= PLACE_NAME_WORDS:
            return Reading("place", place=rest)
    return Reading(_classify_matter(folded.text, asks, context, table), rest)


def _choose_small_act(text: str, acts: frozenset[str], context: TalkContext) -> Act | None:
    """The act of a message that is nothing but words of such acts; None for a question."""
    puzzled = text.rstrip().endswith("?") and not acts & set(ACTS_AT_THE_END)
    if "asking" in acts or puzzled:
        return None
    if "hand_over" in acts and "no" not in acts:
        return "yes" if context.awaited in ("person", "choice") else "person"
    ranks = RANK_OF_REPLIES if context.awaited else RANK_OF_WORDS
    return next((_as_act(act) for act in ranks if act in acts), None)


def _choose_reply(acts: frozenset[str], context: TalkContext) -> Act | None:
    """The yes or no that a message begins with, where one was awaited."""
    if context.awaited not in ("person", "choice"):
        return None
    if "no" in acts:
        return "no"
    return "yes" if acts & {"yes", "hand_over"} else None


def _classify_matter(text: str, asks: bool, context: TalkContext, table: _Table) -> Act:
    """Whether what is left begins a matter, asks more about it or adds to it."""
    if not (context.has_matter or context.in_case):
        return "new_matter"
    if not asks and (context.in_case or table.states.search(text)):
        return "addition"
    if table.fresh.search(text):
        return "new_matter"
    dependent = table.depends.match(text.lstrip()) or len(text) <= DEPENDENT_CHARACTERS
    return "follow_up" if dependent else "new_matter"


def _find_sign(
    text: str, stripped: _Stripped, context: TalkContext, table: _Table, has_incident: bool
) -> _Sign | None:
    """The first sign that fits the message or one of its sentences."""
    sentences = [match.group() for match in SENTENCE_PATTERN.finditer(text)]
    wholes = {stripped.core, text.strip(" \t\n,.!?~")}
    for sign in table.signs:
        if has_incident and sign.act not in ACTS_DESPITE_INCIDENT:
            continue
        if not _holds(sign.condition, context) or (sign.is_short and len(text) > SHORT_CHARACTERS):
            continue
        if sign.whole:
            if any(sign.whole.fullmatch(whole) for whole in wholes):
                return sign
        elif any(_fits(sign, sentence) for sentence in sentences):
            return sign
    return None


def _fits(sign: _Sign, sentence: str) -> bool:
    return all(words.search(sentence) for words in sign.of) and not any(
        words.search(sentence) for words in sign.unless
    )


def _holds(condition: str, context: TalkContext) -> bool:
    known = context.has_matter or context.in_case
    states = {"in_case": context.in_case, "no_case": not context.in_case,
              "matter": known, "no_matter": not known}  # fmt: skip
    return states.get(condition, True)


def _strip_ends(text: str, table: _Table) -> _Stripped:
    """The acts whose words stand at the ends of the text, and what is left between them."""
    acts: set[str] = set()
    start = place = 0
    while place < len(text):
        match = table.strip.match(text, place)
        if match and match.end() > place:
            place = match.end()
            if match.lastgroup != "filler":
                acts.add(match.lastgroup or "")
                start = place
        elif text[place].isalnum():
            break
        else:
            place += 1
    core_start, end, core_end = place, len(text), len(text)
    while core_end > core_start:
        match = table.strip_at_end.search(text[core_start:core_end])
        if not match:
            break
        core_end = core_start + match.start()
        if match.lastgroup != "filler":
            acts.add(match.lastgroup or "")
            end = core_end
    if core_end <= core_start:
        return _Stripped(frozenset(acts), len(text), len(text), "")
    core = text[core_start:core_end].strip(" \t\n,.!?~")
    return _Stripped(frozenset(acts), start, end, core)


def _find_wish(folded: FoldedText, table: _Table) -> Wish:
    return next((wish for wish, words in table.wishes if words.search(folded.text)), "")


def _as_act(name: str) -> Act:
    """The name as an act. Raises ValueError for one that is none."""
    for act in get_args(Act):
        if act == name:
            return act  # type: ignore[no-any-return]
    raise ValueError(f"{name} is no act")


@cache
def _load_table() -> _Table:
    data: dict[str, Any] = yaml.safe_load(ACTS_FILE.read_text(encoding="utf-8"))
    groups: Mapping[str, WordLists] = data["words"]

    def compile_lists(*lists: WordLists) -> re.Pattern[str]:
        return compile_words(lists, groups)

    def compile_acts(names: Iterator[str]) -> str:
        return "|".join(
            f"(?P<{name}>{compile_lists(data['strip'][name]).pattern})" for name in names
        )

    filler = f"(?P<filler>{compile_lists(data['filler']).pattern})"
    return _Table(
        strip=re.compile(f"{compile_acts(iter(data['strip']))}|{filler}"),
        strip_at_end=re.compile(rf"(?:{compile_acts(iter(ACTS_AT_THE_END))}|{filler})[\W_]*$"),
        signs=tuple(_list_signs(data, groups)),
        wishes=tuple((wish, compile_lists(lists)) for wish, lists in data["wish"].items()),
        **{name: compile_lists(data[name]) for name in ("asks", "depends", "fresh", "states")},
    )


def _list_signs(data: Mapping[str, Any], groups: Mapping[str, WordLists]) -> Iterator[_Sign]:
    """The signs of the table, and for each command one that is a whole message."""
    compiled = {name: compile_words([lists], groups) for name, lists in groups.items()}
    wholes = data["whole"]
    for entry in data["signs"]:
        whole = entry.get("whole", "")
        variants = wholes["command"] if whole == "command" else {entry.get("command", ""): whole}
        for command, listed in variants.items():
            lists = listed if isinstance(listed, dict) else wholes.get(listed) or groups.get(listed)
            yield _Sign(
                act=_as_act(entry["act"]),
                of=tuple(compiled[name] for name in entry.get("of", ())),
                unless=tuple(compiled[name] for name in entry.get("unless", ())),
                whole=compile_words([lists], groups) if lists else None,
                condition=entry.get("if", ""),
                is_short=entry.get("short", False),
                command=command,
                language=entry.get("language", ""),
            )
