"""Short words that ask for no document: thanks, greetings, a yes or a no, who Naru is, anger.

None of them becomes the question of a case, which stays what it was.
"""

from __future__ import annotations

from dataclasses import replace

from bot.context import Decision, Turn
from bot.founder.question import keep_question
from bot.founder.talk.matter import (
    is_grave,
    is_matter_begun,
    is_stale,
    keep_in_matter,
)
from bot.founder.talk.samples import offer_samples
from bot.messages import Content
from bot.phrases import render_phrase


def reply_in_passing(turn: Turn, key: str) -> Decision:
    """Reply with the phrase `founder.KEY`; what was asked of the founder before still is."""
    text = render_phrase(f"founder.{key}", turn.conversation.language)
    return turn.reply_content(Content(text), awaited=turn.conversation.awaited)


def return_thanks(turn: Turn, key: str) -> Decision:
    """Thanks or a goodbye (`key`) in return. Where a person was offered, they may be a yes or take it
    for granted that one has the matter: it is said that none has, and how to change that."""
    conversation = turn.conversation
    pending = conversation.pending
    waits = pending is not None and is_grave(pending)
    if conversation.awaited == "person" and (key == "thanks" or waits):
        return turn.offer_person("thanks_or_yes")
    return reply_in_passing(turn, key)


def return_greeting(turn: Turn) -> Decision:
    """A greeting for a greeting, in one message: a new founder's says who Naru is."""
    conversation = turn.conversation
    if conversation.greeted:
        return reply_in_passing(turn, "hello")
    parts = (
        render_phrase(f"founder.{key}", conversation.language) for key in ("greeting", "hello")
    )
    met = turn.with_conversation(replace(conversation, greeted=True))
    return met.reply_content(Content("\n\n".join(parts)))


def answer_complaint(turn: Turn) -> Decision:
    """Anger is heard, and a person offered, who reads it below what the matter is about."""
    return keep_in_matter(turn).offer_person("complaint")


def explain_own_application(turn: Turn) -> Decision:
    """Naru sees no one's application: where one can look, and a person, who gets what was asked."""
    begun = is_matter_begun(turn.conversation.pending, turn.services.now)
    return keep_question(turn, is_follow_up=begun).offer_person("own_application")


def explain_naru(turn: Turn) -> Decision:
    """Who Naru is, what it does and who reads along, with questions to try as buttons. With a grave
    matter, or while its place is asked for, only what matters then: who reads it, and the cost."""
    conversation = replace(turn.conversation, greeted=True)
    pending = conversation.pending
    if conversation.asking_place:
        return turn.reply_phrase("who_reads")
    if pending is not None and is_grave(pending) and not is_stale(pending, turn.services.now):
        return turn.offer_person("who_reads")
    return offer_samples(turn.with_conversation(conversation), "about_naru")
