"""What a founder does with a case of theirs by its buttons: remind its people, add to it, rate it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.buttons import FounderPress, parse_founder_key, write_words_key
from bot.cases.card import thread_address
from bot.cases.reminders.timers import find_case_due, read_case_clocks
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.sealed import tell_readers_more
from bot.cases.states import CaseStep, is_open
from bot.cases.targets import Clocks, describe_due
from bot.context import Decision, Turn
from bot.errors import UnknownCase
from bot.founder.own_cases import ending
from bot.founder.own_cases.ownership import find_own_case
from bot.founder.reading.triage import triage_message
from bot.messages import Button, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Case, NextWords, Score
from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data

WORDS_LIMIT_CHARACTERS = 1_000  # of what is added to a rating
ACTS_WHILE_OPEN = ("fix", "remind", "add", "end", "withdraw", "share")


def leads_on(key: str, get_case: Callable[[int], Case]) -> bool:
    """Whether a founder's button leads to anything as its case is now; True for one of no case."""
    press = parse_founder_key(key)
    if press is None or press.act not in (*ACTS_WHILE_OPEN, "reopen", "settled"):
        return True
    try:
        case = get_case(press.number)  # of "share" it is the linked one
    except UnknownCase:
        return False
    if press.act == "settled":
        return case.state == "resolved"
    if press.act == "reopen":
        return not is_open(case) and case.merged_into is None
    return is_open(case)


def handle_case_press(turn: Turn, press: FounderPress) -> Decision | None:
    """What a button of the founder's own case leads to; None for another person's and for what is
    out of date."""
    case = find_own_case(turn, press.number)
    if case is None:
        return None
    if press.act == "rate" and press.score:
        return rate_case(turn, case, press.score)
    if press.act == "words":
        return _await_rating_words(turn, case)
    if case.merged_into is not None:
        return turn.reply_phrase("already_merged", number=case.number, target=case.merged_into)
    if not is_open(case):
        return _reply(turn, "ended", number=case.number)
    match press.act:
        case "remind":
            return remind_staff(turn, case)
        case "add":
            return _await_addition(turn, case)
        case "end":
            return ending.end_case(turn, case)
    return None


def remind_staff(turn: Turn, case: Case) -> Decision:
    """Tell the case's people in one line that its founder waits; once for each target."""
    services, language = turn.services, turn.conversation.language
    log = services.list_log(case.number)
    clocks = read_case_clocks(case, log)
    due = find_case_due(case, log, services.missions)
    if clocks.waiting == "founder":
        return _reply(turn, "remind_your_turn", number=case.number)
    if due is None:
        return _reply(turn, "remind_no_target", number=case.number)
    mission = services.missions.get(case.mission)
    moment = describe_due(due, mission, language).text
    detail = _name_target(clocks)
    if any(entry.act == "remind" and entry.detail == detail for entry in log):
        return _reply(turn, "remind_again", number=case.number, due=moment)
    line = render_phrase(
        "own.staff_reminded", STAFF_LANGUAGE, number=case.number,
        due=describe_due(due, mission, STAFF_LANGUAGE).text,
    )  # fmt: skip
    thread = services.find_current_thread(case.number)
    told: tuple[Outgoing, ...] = ()
    if case.sealed:
        told = tell_readers_more(services, case, Content(line)).outgoing
    elif thread:
        told = (Outgoing(thread_address(thread), Content(line), case=case.number),)
    if not told:
        return _reply(turn, "remind_no_room", number=case.number)
    step = CaseStep(case).take("remind", turn.actor, services.now, detail)
    decision = _reply(turn, "reminded", number=case.number, due=moment)
    return replace(decision, case=step.case, log=step.log, outgoing=(*decision.outgoing, *told))


def _name_target(clocks: Clocks) -> str:
    """What names the target that runs, in the log: moving a case does not begin another."""
    started = clocks.started
    assert started is not None
    return f"founder:{clocks.running}:{int(started.timestamp())}"


def _await_addition(turn: Turn, case: Case) -> Decision:
    """What is written next goes to the case: from now on, or once where another case is talked of."""
    current, number = turn.conversation.case, case.number
    if current == number:
        return turn.reply_phrase("already_open", number=number)
    if current is not None and is_open(turn.services.get_case(current)):
        waiting = replace(turn.conversation, next_words=NextWords("case", number))
        return _reply(turn.with_conversation(waiting), "add_once", number=number, other=current)
    here = replace(turn.conversation, case=number, turns=(), asking_place=False, next_words=None)
    return _reply(turn.with_conversation(here), "add_here", number=number)


def rate_case(turn: Turn, case: Case, score: Score) -> Decision | None:
    """Keep whether the case helped; what is kept is not changed by another press."""
    rating = turn.services.founders.find_rating(case.number)
    if rating is None or case.sealed:
        return None
    if rating.score is not None:
        return _reply(turn, "rated_before", number=case.number)
    language = turn.conversation.language
    label = render_phrase("own.button_words", language)
    content = Content(
        render_phrase("own.rated", language, number=case.number),
        buttons=((Button(write_words_key(case.number), label),),),
    )
    rated = replace(rating, score=score)
    return replace(turn.reply_content(content), founder_records=(rated,))


def _await_rating_words(turn: Turn, case: Case) -> Decision | None:
    rating = turn.services.founders.find_rating(case.number)
    if rating is None or rating.score is None or case.sealed:
        return None
    if rating.words:
        return _reply(turn, "rated_before", number=case.number)
    waiting = replace(turn.conversation, next_words=NextWords("rating", case.number))
    return _reply(turn.with_conversation(waiting), "words_next", number=case.number)


def keep_rating_words(turn: Turn, number: int) -> Decision | None:
    """Keep the message as what its founder adds to their rating; None for a message that is about
    something else: without words, or with something that needs a person."""
    text = turn.message.text.strip()
    rating = turn.services.founders.find_rating(number)
    if not text or turn.message.files or triage_message(turn.message.words).needs_person:
        return None
    if rating is None or find_own_case(turn, number) is None:
        return None
    words = mask_personal_data(text, NEVER_KEPT)[:WORDS_LIMIT_CHARACTERS]
    decision = _reply(turn, "words_kept", number=number)
    return replace(decision, founder_records=(replace(rating, words=words),))


def _reply(turn: Turn, key: str, **values: object) -> Decision:
    text = render_phrase(f"own.{key}", turn.conversation.language, **values)
    return turn.reply_content(Content(text))
