"""What a founder's message is within the talk: a question, a thanks, a yes, a place. The words are
in acts.yaml. In doubt it is a question, which at worst is answered from the documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from bot.founder.reading.act_table import (
    ACTS_AT_THE_END,
    Act,
    ActSign,
    ActTable,
    TalkContext,
    Wish,
    as_act,
    load_act_table,
)
from bot.founder.reading.learned_act import LEARNED_CHARACTERS, learn_act
from bot.founder.reading.place_words import read_place
from bot.founder.reading.triage import triage_message
from bot.founder.reading.words import FoldedText, fold_message
from bot.types import Awaited, EmbedText, Place

__all__ = ["Act", "Awaited", "Reading", "TalkContext", "Wish", "read_act"]

SHORT_CHARACTERS = 60  # a longer message is about a matter, whatever else it says
DEPENDENT_CHARACTERS = 34  # a longer question can be understood alone
POLITE_CHARACTERS = 10  # with a thanks, of words that are not known
STRANGE_WORDS_AWAITED = 6  # around the place, in a reply to "where?"
PLACE_NAME_WORDS = 3  # of a reply that is taken for the name of a place that is not known

# Of several acts in one message, which counts.
RANK_OF_REPLIES = ("no", "yes", "goodbye", "thanks", "greeting")  # where something is awaited
RANK_OF_WORDS = ("goodbye", "thanks", "no", "greeting", "yes")
ACTS_DESPITE_INCIDENT = ("person", "own_application", "case_status")
CLAUSE_PATTERN = re.compile(r"[,.!;:]\s*|\b(?:but|so|and|or|then|ok|also)\s+")
SENTENCE_PATTERN = re.compile(r"(?:[^.?!;\n…]|\.(?=\S))+[.?!]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a message is read. `rest`: what is left when the act's own words are taken off; of an act
    that a whole sentence shows ("담당자 연결해 주세요"), the other sentences. `place`:
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
class _Stripped:
    """What stands at the ends of a message (`acts`), the range of what is left, and of what is left
    when words that say nothing are taken off too (`core`)."""

    acts: frozenset[str]
    start: int
    end: int
    core: str


def read_act(
    text: str,
    context: TalkContext,
    find_place: Callable[[str], Place | None],
    embed_text: EmbedText | None = None,
) -> Reading:
    """How a message is read in its talk. `find_place` gives the place that a text mentions, with
    `name` as it is written there; None if there is none. `embed_text` gives the vector of a text,
    None where it cannot be had; without it the words of the table alone decide."""
    table = load_act_table()
    folded = fold_message(text)
    stripped = _strip_ends(folded.text, table)
    has_incident = triage_message(folded.original).urgency in ("critical", "high")
    reading = _read_words(folded, stripped, has_incident, context, find_place, table)
    is_sure = not stripped.core or reading.command or has_incident
    if embed_text and not is_sure and len(text) <= LEARNED_CHARACTERS:
        vector = embed_text(text)
        if vector is not None:
            learned = learn_act(folded, reading.act, context, vector, table, find_place)
            reading = Reading(**asdict(learned)) if learned else reading
    return replace(reading, wish=_find_wish(folded, table))


def _read_words(
    folded: FoldedText,
    stripped: _Stripped,
    has_incident: bool,
    context: TalkContext,
    find_place: Callable[[str], Place | None],
    table: ActTable,
) -> Reading:
    """How the words of the table show the message to be meant."""
    rest = folded.cut_original(stripped.start, stripped.end)
    sign = _find_sign(folded.text, stripped, context, table, has_incident)
    about_naru = sign is not None and sign.act == "about_naru"
    if not stripped.core and stripped.acts and not (has_incident or about_naru):
        small = _choose_small_act(folded.text, stripped.acts, context)
        if small:
            return Reading(small)
    if sign:
        others = _list_other_sentences(folded, sign)
        return Reading(sign.act, others, command=sign.command, language=sign.language)
    asks = _is_question(folded.text, stripped.core, table)
    if not asks and not has_incident:
        strange = (
            STRANGE_WORDS_AWAITED if context.awaited == "place" else int("no" in stripped.acts)
        )
        place = read_place(folded, strange, find_place)
        if place:
            return Reading("place", place=place)
        reply = _choose_reply(stripped.acts, context)
        if reply:
            return Reading(reply, rest)
        known = context.has_matter or context.in_case
        if known and "thanks" in stripped.acts and _is_polite_rest(stripped.core):
            return Reading("thanks", rest)
        if context.awaited == "place" and len(rest.split()) <= PLACE_NAME_WORDS:
            return Reading("place", place=rest)
    return Reading(_classify_matter(folded.text, asks, context, table), rest)


def _is_question(text: str, core: str, table: ActTable) -> bool:
    """Whether the message asks. English questions without a question word begin with their verb."""
    return (
        "?" in text
        or bool(table.asks.search(text))
        or any(table.asks_at_start.match(clause) for clause in CLAUSE_PATTERN.split(core))
        or bool(table.asks_at_start.match(text.lstrip()))
    )


def _is_polite_rest(core: str) -> bool:
    """Whether what stands with a thanks is too short to be a matter, and no figure."""
    return len(core) <= POLITE_CHARACTERS and not any(letter.isdigit() for letter in core)


def _choose_small_act(text: str, acts: frozenset[str], context: TalkContext) -> Act | None:
    """The act of a message that is nothing but words of such acts; None for a question."""
    puzzled = text.rstrip().endswith("?") and not acts & set(ACTS_AT_THE_END)
    if "asking" in acts or puzzled:
        return None
    if "hand_over" in acts and "no" not in acts:
        return "yes" if context.awaited in ("person", "choice") else "person"
    ranks = RANK_OF_REPLIES if context.awaited else RANK_OF_WORDS
    return next((as_act(act) for act in ranks if act in acts), None)


def _choose_reply(acts: frozenset[str], context: TalkContext) -> Act | None:
    """The yes or no that a message begins with, where one was awaited."""
    if context.awaited not in ("person", "choice"):
        return None
    if "no" in acts:
        return "no"
    return "yes" if acts & {"yes", "hand_over"} else None


def _classify_matter(text: str, asks: bool, context: TalkContext, table: ActTable) -> Act:
    """Whether what is left begins a matter, asks more about it or adds to it."""
    if not (context.has_matter or context.in_case):
        return "new_matter"
    if not asks and (context.in_case or table.states.search(text)):
        return "addition"
    if table.fresh.search(text):
        return "new_matter"
    enough = SHORT_CHARACTERS if context.awaited else DEPENDENT_CHARACTERS
    dependent = len(text) <= enough or table.depends.match(text.lstrip())
    return "follow_up" if dependent else "new_matter"


def _find_sign(
    text: str, stripped: _Stripped, context: TalkContext, table: ActTable, has_incident: bool
) -> ActSign | None:
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


def _list_other_sentences(folded: FoldedText, sign: ActSign) -> str:
    """The sentences which the sign does not fit, as they were typed; "" for a sign that is whole."""
    return (
        ""
        if sign.whole
        else " ".join(
            folded.cut_original(*match.span())
            for match in SENTENCE_PATTERN.finditer(folded.text)
            if not _fits(sign, match.group())
        ).strip()
    )


def _fits(sign: ActSign, sentence: str) -> bool:
    return all(words.search(sentence) for words in sign.of) and not any(
        words.search(sentence) for words in sign.unless
    )


def _holds(condition: str, context: TalkContext) -> bool:
    known = context.has_matter or context.in_case
    states = {"in_case": context.in_case, "no_case": not context.in_case,
              "matter": known, "no_matter": not known}  # fmt: skip
    return states.get(condition, True)


def _strip_ends(text: str, table: ActTable) -> _Stripped:
    """The acts whose words stand at the ends of the text, and what is left between them."""
    acts: set[str] = set()
    start = place = 0
    while place < len(text):
        act, after = _match_longest(text, place, table)
        if act:
            place = after
            if act != "filler":
                acts.add(act)
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


def _match_longest(text: str, place: int, table: ActTable) -> tuple[str, int]:
    """The act whose words reach farthest from that place, and their end; ("", place) for none."""
    name, after = "", place
    for act, words in table.strip:
        match = words.match(text, place)
        if match and match.end() > after:
            name, after = act, match.end()
    return name, after


def _find_wish(folded: FoldedText, table: ActTable) -> Wish:
    """The wish that the words show. "gặp" (meet) is not the "gấp" (urgent) that it folds to."""
    typed = folded.original.lower()
    if table.wish_lookalikes.search(typed):
        folded = fold_message(table.wish_lookalikes.compiled.sub(" ", typed))
    return next((wish for wish, words in table.wishes if words.search(folded.text)), "")
