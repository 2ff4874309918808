"""The acts that a founder's message may be, and the words of acts.yaml that show each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from bot.founder.reading.words import WordLists, WordPattern, compile_words, split_words
from bot.types import Awaited
from knowledge.text.yaml_text import parse_yaml

ACTS_FILE = Path(__file__).with_name("acts.yaml")
ACTS_AT_THE_END = ("thanks", "greeting", "goodbye")  # taken off the end of a message too

Act = Literal["new_matter", "addition", "follow_up", "place", "language", "yes", "no", "thanks",
              "greeting", "goodbye", "person", "case_status", "own_application", "about_naru",
              "complaint", "command"]  # fmt: skip
ACTS_OF_MATTER: frozenset[Act] = frozenset({"new_matter", "follow_up", "addition"})
Wish = Literal["", "seal", "urgent", "not_urgent"]


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
class ActSign:
    """What shows an act in a sentence: a word of each pattern in `of`, none of `unless`; or the whole
    message. `condition` and `is_short` limit where it counts, as acts.yaml explains."""

    act: Act
    of: tuple[WordPattern, ...]
    unless: tuple[WordPattern, ...]
    whole: WordPattern | None
    condition: str
    is_short: bool
    command: str
    language: str


@dataclass(frozen=True, slots=True)
class ActTable:
    """The words of acts.yaml as patterns. Its sections are explained there."""

    strip: tuple[tuple[str, WordPattern], ...]  # by act; "filler" for words that say nothing
    strip_at_end: WordPattern  # with a group for each act, and one for fillers
    signs: tuple[ActSign, ...]
    wishes: tuple[tuple[Wish, WordPattern], ...]
    wish_lookalikes: WordPattern  # of the text as it was typed
    asks: WordPattern
    asks_at_start: WordPattern
    depends: WordPattern
    fresh: WordPattern
    states: WordPattern
    mission: WordPattern  # names one, or a body
    door: WordPattern  # asks whom one can turn to
    cannot: WordPattern  # of a language: the founder does not read it


def as_act(name: str) -> Act:
    """The name as an act. Raises ValueError for one that is none."""
    for act in get_args(Act):
        if act == name:
            return act  # type: ignore[no-any-return]
    raise ValueError(f"{name} is no act")


@cache
def read_acts_file() -> dict[str, Any]:
    """What acts.yaml holds, read once."""
    data: dict[str, Any] = parse_yaml(ACTS_FILE.read_text(encoding="utf-8"))
    return data


@cache
def load_act_table() -> ActTable:
    """The table of acts.yaml, read once. Raises KeyError for a group that it does not have, and
    ValueError for an act that is none."""
    data = read_acts_file()
    groups: Mapping[str, WordLists] = data["words"]

    def compile_lists(lists: WordLists) -> WordPattern:
        return compile_words([lists], groups)

    stripped: Mapping[str, WordLists] = data["strip"] | {"filler": data["filler"]}
    strip = {name: compile_words([lists], groups, True) for name, lists in stripped.items()}
    at_the_end = "|".join(
        f"(?P<{name}>{strip[name].pattern})" for name in (*ACTS_AT_THE_END, "filler")
    )
    return ActTable(
        strip=tuple(strip.items()),
        strip_at_end=WordPattern(rf"(?:{at_the_end})[\W_]*$"),
        signs=tuple(_list_signs(data, groups)),
        mission=compile_lists(groups["mission_word"]),
        door=compile_lists(groups["door"]),
        wish_lookalikes=WordPattern("|".join(split_words(data["wish_lookalikes"]["vi"]))),
        wishes=tuple((wish, compile_lists(lists)) for wish, lists in data["wish"].items()),
        **{
            name: compile_lists(data[name])
            for name in ("asks", "asks_at_start", "depends", "fresh", "states", "cannot")
        },
    )


def _list_signs(data: Mapping[str, Any], groups: Mapping[str, WordLists]) -> Iterator[ActSign]:
    """The signs of the table, and for each command one that is a whole message."""
    compiled = {name: compile_words([lists], groups) for name, lists in groups.items()}
    compiled["asks"] = compile_words([data["asks"]], groups)
    wholes = data["whole"]
    for entry in data["signs"]:
        whole = entry.get("whole", "")
        variants = wholes["command"] if whole == "command" else {entry.get("command", ""): whole}
        for command, listed in variants.items():
            lists = listed if isinstance(listed, dict) else wholes.get(listed) or groups.get(listed)
            yield ActSign(
                act=as_act(entry["act"]),
                of=tuple(compiled[name] for name in entry.get("of", ())),
                unless=tuple(compiled[name] for name in entry.get("unless", ())),
                whole=compile_words([lists], groups) if lists else None,
                condition=entry.get("if", ""),
                is_short=entry.get("short", False),
                command=command,
                language=entry.get("language", ""),
            )
