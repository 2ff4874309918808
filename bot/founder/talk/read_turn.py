"""How a founder's message is read where it stands in the talk."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.context import Turn
from bot.founder.reading.acts import Act, Reading, TalkContext, read_act
from bot.founder.reading.triage import triage_message
from bot.founder.talk.matter import (
    find_gravest,
    is_grave,
    is_matter_begun,
    is_other_trouble,
)
from bot.types import URGENT, Awaited
from knowledge.types import Language

NEW_TROUBLE_CHARACTERS = 25  # of a message that tells a trouble whole
READ_ACT_CHARACTERS = 2_000  # of a text that can be more than a question
LANGUAGE_WORDS = 5  # of a message whose language is sure; shorter ones keep the talk's
CLAUSE_CHARACTERS = 6  # of a clause that says something
CLAUSE_PATTERN = re.compile(
    r"[,;]\s+|\s+(?:but|so|and)\s+|(?<=[는은인한던]데)\s+|(?<=[아어해혀여려라져와워]서)\s+|(?<=니까)\s+"
)
# Acts whose messages go into the matter whole; in any other an incident would go under.
ACTS_OF_MATTER: frozenset[Act] = frozenset(
    {"new_matter", "follow_up", "addition", "own_application"}
)
ACTS_LEANING: frozenset[Act] = frozenset({"follow_up", "addition"})
ACTS_WITH_REST: frozenset[Act] = frozenset({"person", "yes"})


def read_turn(turn: Turn, *, in_case: bool = False, awaited: Awaited | None = None) -> Reading:
    """How the message is read where it stands; `awaited` is what it may answer, if that is not what
    was asked for last. Only a founder's own plain words can be anything but a question, and a
    message that reports something is never only small talk."""
    message, conversation = turn.message, turn.conversation
    has_matter = is_matter_begun(conversation.pending, turn.services.now)
    question = Reading("new_matter")
    is_own = not (message.files or message.enclosures or message.forwarded_from)
    text = message.text.strip()
    if message.kind != "text" or not is_own or not 0 < len(text) <= READ_ACT_CHARACTERS:
        return question
    if awaited is None:
        awaited = "place" if conversation.asking_place else conversation.awaited
    if awaited == "consent":  # a yes or a no to it reads like one to the offer of a person
        awaited = "person"
    context = TalkContext(awaited, has_matter, in_case)
    services = turn.services
    reading = read_act(text, context, services.places.find_mentioned_place, services.embed_text)
    if reading.act in ACTS_LEANING and has_matter and _tells_other_trouble(turn):
        return replace(reading, act="new_matter")
    if reading.act in ACTS_OF_MATTER or not reports_incident(text):
        return reading
    if reading.act not in ACTS_WITH_REST:
        return question
    return reading if reports_incident(reading.rest) else replace(reading, rest=text)


def _tells_other_trouble(turn: Turn) -> bool:
    """Whether the message tells an urgent trouble whole, after a matter that has none or another."""
    pending, text = turn.conversation.pending, turn.message.text.strip()
    if pending is None:
        return False
    if is_grave(pending):
        return is_other_trouble(pending, text)
    if len(text) < NEW_TROUBLE_CHARACTERS:
        return False
    return reports_incident(text) and not find_gravest(pending).incident


def choose_reply_language(turn: Turn, reading: Reading) -> Language:
    """The language of a founder's own message that is long enough to show it; else the talk's.
    A name of a place is in any language, and a wish for one is no sample of it."""
    message = turn.message
    is_long = len(message.text.split()) >= LANGUAGE_WORDS
    is_own = message.kind == "text" and not message.forwarded_from
    if not is_own or reading.act in ("place", "language") or not is_long:
        return turn.conversation.language
    return turn.choose_language(message.text)


def find_matter_beside(turn: Turn) -> str:
    """What a message that asks for a person says in its other clauses ("my visa is stuck, can someone
    help"); "" where it says nothing else."""
    clauses = CLAUSE_PATTERN.split(turn.message.text.strip())
    find_place = turn.services.places.find_mentioned_place
    return ", ".join(
        clause.strip()
        for clause in clauses
        if len(clause.strip()) >= CLAUSE_CHARACTERS
        and len(clauses) > 1
        and read_act(clause.strip(), TalkContext(), find_place).act in ACTS_OF_MATTER
    )


def reports_incident(text: str) -> bool:
    """Whether a text says of something sealed or urgent that it has happened."""
    triage = triage_message(text)
    return triage.sealed or triage.urgency in URGENT
