"""How a message is read where the words of acts.yaml do not settle it: by what they say, weighed
against what was learned from labelled messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.founder.reading.act_model import Floats, load_act_model
from bot.founder.reading.act_table import ACTS_OF_MATTER, Act, ActTable, TalkContext, as_act
from bot.founder.reading.place_words import read_place
from bot.founder.reading.words import FoldedText
from bot.types import Place
from knowledge.text.language import detect_language

LEARNED_CHARACTERS = 90  # of the longest message that is read by what was learned
# What the table's act counts for, added to the logarithm of its probability. See docs/parameters.md.
SIGN_WEIGHT = 2.0  # an act shown by words
MATTER_WEIGHT = 1.0  # a question or an addition, which is what is left where no words show an act
STRANGE_WORDS_LEARNED = 8  # around the place that a message names
# What a few words without a sentence are never taken for at the beginning, where no word of the
# table shows it: "창고", "warehouse rent" and "thuê kho" begin a question, however much they look
# like a greeting; later they are no greeting either.
SOCIAL_ACTS = frozenset({"greeting", "goodbye", "thanks", "complaint"})
BARE_WORDS = 3
KOREAN_SENTENCE_END = re.compile(r"(?:[요죠까꺼교]|니다|세용)[\W_]*$")
REST_CHARACTERS = 25  # a longer call for a person says something of the matter too


@dataclass(frozen=True, slots=True)
class LearnedAct:
    """An act, with what of the message its reader needs."""

    act: Act
    rest: str = ""
    place: str = ""
    command: str = ""
    language: str = ""


def learn_act(
    folded: FoldedText,
    table_act: Act,
    context: TalkContext,
    vector: Floats,
    table: ActTable,
    find_place: Callable[[str], Place | None],
) -> LearnedAct | None:
    """The act that is likelier than the table's; None where there is none, or where the message
    lacks what the act needs: the place, the language."""
    logs = load_act_model().weigh_acts(folded.original, vector, context)
    bonus = MATTER_WEIGHT if table_act in ACTS_OF_MATTER else SIGN_WEIGHT
    known = context.has_matter or context.in_case
    bare = table_act in ACTS_OF_MATTER and _is_bare(folded.original)
    scores: dict[str, float] = {}
    for name, log in logs.items():
        act = name.partition(":")[0]
        if bare and (act == "greeting" or (act in SOCIAL_ACTS and not known)):
            continue
        if known or act not in ("follow_up", "addition"):
            scores[name] = log + (bonus if act == table_act else 0)
    best, _, command = max(scores, key=scores.__getitem__).partition(":")
    if best == table_act:
        return None
    act = as_act(best)
    if _is_told_by_words(table_act, act, folded.text, table):
        return None
    if act in ("place", "language"):
        return _fill_act(act, folded, table, find_place)
    return LearnedAct(act, _find_rest(act, folded.original.strip()), command=command)


def _is_bare(said: str) -> bool:
    """Whether a message is a few words that make no sentence."""
    return len(said.split()) <= BARE_WORDS and not KOREAN_SENTENCE_END.search(said)


def _is_told_by_words(table_act: Act, act: Act, text: str, table: ActTable) -> bool:
    """Whether the message says itself that it begins another matter ("다른 질문인데요"), or that it
    leans on the one before ("그거 하면 …"). What asks with a mark is no yes and no no, and who asks
    whom to turn to does not call for a person yet. What names a mission is not about Naru."""
    if act in ("yes", "no") and text.rstrip().endswith("?"):
        return True
    if act == "about_naru":
        return bool(table.mission.search(text))
    if table_act == "follow_up" and act == "person":
        return bool(table.door.search(text))
    if table_act == "new_matter" and act in ("follow_up", "addition"):
        return bool(table.fresh.search(text))
    return (table_act, act) == ("follow_up", "new_matter") and bool(
        table.depends.match(text.lstrip())
    )


def _find_rest(act: Act, said: str) -> str:
    """What the message says of the matter: with a yes or a no a figure, with a call for a person
    whatever is more than the call."""
    has_figure = any(letter.isdigit() for letter in said)
    tells = act in ("yes", "no") and has_figure
    calls = act == "person" and (has_figure or len(said) > REST_CHARACTERS)
    return said if act in ACTS_OF_MATTER or tells or calls else ""


def _fill_act(
    act: Act, folded: FoldedText, table: ActTable, find_place: Callable[[str], Place | None]
) -> LearnedAct | None:
    """A place or a language with what it names."""
    if act == "place":
        place = read_place(folded, STRANGE_WORDS_LEARNED, find_place)
        return LearnedAct("place", place=place) if place else None
    named = {
        sign.language
        for sign in table.signs
        if sign.act == "language" and sign.of and sign.of[0].search(folded.text)
    }
    if len(named) > 1:
        return None
    if not named or table.cannot.search(folded.text):
        return LearnedAct("language", language=detect_language(folded.original))
    return LearnedAct("language", language=named.pop())
