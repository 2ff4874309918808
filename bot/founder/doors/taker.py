"""The pressed answer to "who took it": the doors for it, and a line in the matter or its case."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.states import is_open
from bot.context import Decision, Turn, build_person_buttons
from bot.founder import relay
from bot.founder.doors.reply import add_doors_in_case, build_messages
from bot.founder.doors.situation import WHO, read_situation
from bot.founder.doors.table import render_who_answer
from bot.founder.talk.matter import add_words, render_question
from bot.messages import Outgoing
from bot.types import Awaited


def answer_taker(turn: Turn, who: str) -> Decision | None:
    """What the button of `who` leads to; None if the matter that it was asked of is gone. Of "not
    known" only the answer is kept: the doors were told."""
    conversation, number = turn.conversation, turn.conversation.case
    if who not in WHO:
        return None
    words = render_who_answer(who, conversation.language)
    if number is not None:
        case = turn.services.get_case(number)
        if not is_open(case):
            return None
        message = replace(turn.message, kind="text", text=words)
        decision = relay.relay_to_staff(replace(turn, message=message), case)
        return add_doors_in_case(turn, case, decision, f"{case.question}\n{words}")
    pending = conversation.pending
    if pending is None or not conversation.private:
        return None
    whole = f"{render_question(pending)}\n{words}"
    situation = read_situation(whole, conversation.place)
    if situation is None:
        return None
    pending = replace(add_words(pending, words), at=turn.services.now)
    turn = turn.with_conversation(replace(conversation, pending=pending))
    if who == "unknown":
        return turn.offer_person("added")
    order, evidence = build_messages(
        turn.services, situation, conversation.place, conversation.language
    )
    awaited: Awaited = "place" if conversation.asking_place else "person"
    if awaited == "person":
        evidence = replace(evidence, buttons=build_person_buttons(conversation.language))
    decision = turn.reply_content(evidence, awaited=awaited)
    *before, last = decision.outgoing
    return replace(decision, outgoing=(*before, Outgoing(turn.address, order), last))
