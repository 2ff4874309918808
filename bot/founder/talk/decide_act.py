"""From the act that a message is read as to what it leads to, outside of a case."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.context import Decision, Turn
from bot.founder import offers
from bot.founder.commands import (
    FOUNDER_COMMANDS,
    request_person_by_command,
    set_language,
)
from bot.founder.handover import heed_place
from bot.founder.own_cases.listing import list_cases
from bot.founder.privacy import agreement
from bot.founder.question import answer_again, answer_question
from bot.founder.reading.acts import Act, Reading
from bot.founder.talk import place_reply, small_talk
from bot.founder.talk.additions import add_to_question
from bot.founder.talk.matter import heed_wish, is_grave, is_matter_begun
from bot.founder.talk.questions import is_question
from bot.founder.talk.read_turn import choose_reply_language, find_matter_beside, read_turn
from knowledge.text.language import fold_diacritics
from knowledge.types import LANGUAGES

# Vietnamese "có" is a yes and a "have": after a person it is what that person has.
HAVING_PATTERN = re.compile(r"(da |vang )?(toi|em|minh|chung toi|ben \w+|cong ty|cty)( \w+)? co\b")

ActHandler = Callable[[Turn, Reading], Decision]


def decide_act(turn: Turn) -> Decision:
    """What words, files and enclosures outside of a case lead to: the answer to what was asked for,
    else whatever the act they are read as leads to."""
    conversation = turn.conversation
    waits_for_place = conversation.asking_place and conversation.pending is not None
    if not waits_for_place and (chosen := offers.handle_offer_reply(turn)):
        return chosen
    reading = read_turn(turn)
    pending = conversation.pending
    if not is_question(turn.message.words):  # "is there an urgent loan?" is no wish for speed
        pending = heed_wish(conversation, reading.wish, turn.services.now)
    language = choose_reply_language(turn, reading)
    turn = turn.with_conversation(
        replace(conversation, read_as=reading.act, pending=pending, language=language)
    )
    if not waits_for_place:
        return ACT_HANDLERS[reading.act](turn, reading)
    if reading.act in ANSWERED_BESIDE_PLACE and reading.command not in ("human", "where"):
        return place_reply.ask_again_after(turn, ACT_HANDLERS[reading.act](turn, reading))
    return place_reply.handle_place_reply(turn, reading)


def _call_person(turn: Turn, reading: Reading) -> Decision:
    """A person was asked for in words: what else the message says belongs to the question."""
    turn = heed_place(turn)
    rest = reading.rest.strip() or find_matter_beside(turn)
    message = replace(turn.message, kind="command", command="human", text=rest)
    return request_person_by_command(replace(turn, message=message))


def _take_yes(turn: Turn, reading: Reading) -> Decision:
    """A yes to the offer of a person hands over; one that answers nothing is asked about, and what
    follows it is a message of its own."""
    awaited = turn.conversation.awaited
    if reading.rest.strip() and HAVING_PATTERN.match(fold_diacritics(turn.message.text.strip())):
        return add_to_question(turn)
    by_itself = read_turn(turn, awaited="").act
    if by_itself in ("thanks", "goodbye"):
        return small_talk.return_thanks(turn, by_itself)
    if awaited == "consent" and (agreed := agreement.agree(turn)):
        return agreed
    if awaited == "person" or (awaited == "choice" and by_itself == "person"):
        return _call_person(turn, reading)
    if awaited == "choice" and not reading.rest.strip():
        return turn.offer_person("choose_one")
    return _read_rest(turn, reading, "yes_to_what")


def _take_no(turn: Turn, reading: Reading) -> Decision:
    """A no closes what was offered; what follows it is a message of its own."""
    key = "not_handed_over" if turn.conversation.awaited == "person" else "no_noted"
    is_refusal = turn.conversation.awaited == "consent" and not reading.rest.strip()
    if is_refusal and (refused := agreement.refuse(turn)):
        return refused
    closed = turn.with_conversation(replace(turn.conversation, awaited=""))
    return _read_rest(closed, reading, key)


def _read_rest(turn: Turn, reading: Reading, key: str) -> Decision:
    """Decide on what follows a yes or a no; the phrase `founder.KEY` if nothing does."""
    if not (rest := reading.rest.strip()):
        return small_talk.reply_in_passing(turn, key)
    message = replace(turn.message, text=rest)
    turn = replace(turn, message=message)
    if is_matter_begun(turn.conversation.pending, turn.services.now):
        return add_to_question(turn)
    return answer_question(turn)


def _run_command(turn: Turn, reading: Reading) -> Decision:
    """A command in words is the command."""
    command = FOUNDER_COMMANDS.get(reading.command)
    if command is None:
        return answer_question(turn)
    message = replace(turn.message, kind="command", command=reading.command, text="")
    return command(replace(turn, message=message))


def _change_language(turn: Turn, reading: Reading) -> Decision:
    language = next((one for one in LANGUAGES if one == reading.language), None)
    if language is None:
        return answer_question(turn)
    if language == turn.conversation.language or turn.conversation.asking_place:
        return set_language(turn, language)
    return _say_again(turn, set_language(turn, language))


def _say_again(turn: Turn, changed: Decision) -> Decision:
    """The decision on another language, with what was said last in it: the offer of a person, or the
    reply to the question."""
    conversation = changed.conversation
    assert conversation is not None
    if not is_matter_begun(conversation.pending, turn.services.now):
        return changed
    again = turn.with_conversation(conversation)
    pending, awaited = conversation.pending, turn.conversation.awaited
    if pending is not None and (is_grave(pending) or awaited == "person"):
        said = again.offer_person("still_offered")
    else:
        said = answer_again(again)
    return replace(said, outgoing=(*changed.outgoing, *said.outgoing))


ACT_HANDLERS: dict[Act, ActHandler] = {
    "new_matter": lambda turn, _: answer_question(turn),
    "follow_up": lambda turn, _: answer_question(turn, is_follow_up=True),
    "addition": lambda turn, _: add_to_question(turn),
    "place": place_reply.correct_place,
    "language": _change_language,
    "yes": _take_yes,
    "no": _take_no,
    "thanks": lambda turn, _: small_talk.return_thanks(turn, "thanks"),
    "greeting": lambda turn, _: small_talk.return_greeting(turn),
    "goodbye": lambda turn, _: small_talk.return_thanks(turn, "goodbye"),
    "person": _call_person,
    "case_status": lambda turn, _: list_cases(turn),
    "own_application": lambda turn, _: small_talk.explain_own_application(turn),
    "about_naru": lambda turn, _: small_talk.explain_naru(turn),
    "complaint": lambda turn, _: small_talk.answer_complaint(turn),
    "command": _run_command,
}
# What is answered while a place is asked for, which is then asked for again.
ANSWERED_BESIDE_PLACE: frozenset[Act] = frozenset(
    {"case_status", "own_application", "about_naru", "command", "language"}
)
