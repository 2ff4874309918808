"""Facts that a founder adds to their matter: kept with it, weighed with it, looked up with it."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.wording import render_body
from bot.context import Decision, Turn
from bot.founder import question_rate
from bot.founder.doors.reply import add_doors
from bot.founder.question import answer_question, ask_sources, reply_with_answer
from bot.founder.reading.triage import Triage, triage_message
from bot.founder.talk.matter import add_words, is_matter_begun, render_question
from bot.founder.talk.questions import choose_place, reword_for_firm
from bot.messages import select_words
from bot.types import URGENCIES, PendingQuestion, Place


def add_to_question(turn: Turn) -> Decision:
    """Keep the message with the matter. If the whole now reports more than before, or if the library
    answers it now, that is the reply; else a short one, with the offer of a person."""
    if not is_matter_begun(turn.conversation.pending, turn.services.now):
        return answer_question(turn)
    conversation, message = turn.conversation, turn.message
    earlier = conversation.pending
    assert earlier is not None
    mentioned = turn.services.places.find_mentioned_place(message.words)
    added = replace(add_words(earlier, render_body(message, STAFF_LANGUAGE)), at=turn.services.now)
    whole = select_words(render_question(added))
    triage, before = triage_message(whole), triage_message(render_question(earlier))
    urgency = max(added.urgency, triage.urgency, key=URGENCIES.index)
    added = replace(added, urgency=urgency, sealed=added.sealed or triage.sealed)
    is_critical = urgency == "critical"
    place = choose_place(conversation, mentioned, at_once=is_critical)
    was_unanswered = conversation.awaited in ("person", "choice")
    turn = turn.with_conversation(replace(conversation, pending=added, place=place))
    if urgency != earlier.urgency or (triage.needs_person and not before.needs_person):
        answered = reply_with_answer(turn, ask_sources(turn, whole, mentioned, triage), triage)
        return add_doors(turn, answered, earlier)
    if for_firm := _ask_for_firm(turn, earlier, mentioned, triage):
        return for_firm
    if was_unanswered and not triage.needs_person and question_rate.find_wait(turn) is None:
        turn = question_rate.note_question(turn)
        answer = ask_sources(turn, whole, mentioned, triage)
        if answer.verdict == "answered":
            return reply_with_answer(turn, answer, triage)
    return add_doors(turn, turn.offer_person("added"), earlier)


def _ask_for_firm(
    turn: Turn, earlier: PendingQuestion, place: Place | None, triage: Triage
) -> Decision | None:
    """The question before, asked again for another kind of firm; None if the message names none, or
    the library has nothing for it."""
    asked = earlier.question.partition("\n")[0]
    reworded = reword_for_firm(asked, turn.message.words)
    if reworded is None or triage.needs_person or question_rate.find_wait(turn):
        return None
    turn = question_rate.note_question(turn)
    answer = ask_sources(turn, reworded, place, triage)
    if answer.verdict not in ("answered", "expired", "offered"):
        return None
    return reply_with_answer(turn, answer, triage)
