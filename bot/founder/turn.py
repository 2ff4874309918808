"""What a founder's message leads to: read this first of the founder's side.

A message is a command, a button or a location; in an open case it is relayed to staff; else its
words are read as an act within the talk (bot/founder/reading), and each act has its handler
(bot/founder/talk).
"""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import FounderPress, parse_founder_key, split_owned_key
from bot.cases.linked.sharing import share_question
from bot.cases.phrase_evidence import confirm_answer
from bot.cases.states import is_open
from bot.context import Decision, Turn
from bot.founder import founder_limits, handover, offers, relay
from bot.founder.commands import FOUNDER_COMMANDS, set_language
from bot.founder.doors.taker import answer_taker
from bot.founder.following import subscribing
from bot.founder.linking import link
from bot.founder.own_cases import ending
from bot.founder.own_cases.ownership import find_own_case
from bot.founder.own_cases.pressing import handle_case_press, keep_rating_words
from bot.founder.privacy import agreement
from bot.founder.privacy.consents import change_consent
from bot.founder.privacy.rights import erase_founder
from bot.founder.privacy.told import add_masking_notice
from bot.founder.talk import corrections, place_reply
from bot.founder.talk.decide_act import decide_act
from bot.founder.talk.deleted_words import remove_deleted_words
from bot.founder.talk.files import append_notices, refuse_large_files
from bot.founder.talk.matter import is_part_of_matter
from bot.types import Case


def decide_founder_turn(turn: Turn) -> Decision:
    """Everything that one message of a founder leads to.

    Raises UnknownCase if the conversation's case was erased.
    """
    return add_masking_notice(turn, _decide_by_kind(turn))


def _decide_by_kind(turn: Turn) -> Decision:
    message = turn.message
    if message.kind == "command":
        command = FOUNDER_COMMANDS.get(message.command)
        return command(turn) if command else turn.reply_phrase("unknown_command")
    if message.kind == "button":
        return _handle_button(turn)
    turn, taken = _take_awaited(turn)
    if taken is not None:
        return taken
    if turn.conversation.case is not None:
        case = turn.services.get_case(turn.conversation.case)
        if is_open(case):
            return corrections.handle_place(turn, case) or _relay(turn, case)
        turn = _leave_case(turn)
    if message.kind == "deleted":
        left = remove_deleted_words(turn.conversation, message.text.strip())
        return Decision() if left == turn.conversation else Decision(left)
    if message.kind == "location":
        return place_reply.handle_location(turn)
    if not is_part_of_matter(message):
        return turn.reply_phrase("not_text")
    turn, notices = refuse_large_files(turn)
    if notices and not is_part_of_matter(turn.message):
        return Decision(outgoing=notices)
    return append_notices(decide_act(turn), notices)


def _relay(turn: Turn, case: Case) -> Decision:
    """Pass the message on; it answers nothing else that was asked."""
    if too_many := founder_limits.refuse_message(turn, case):
        return too_many
    conversation = replace(turn.conversation, awaited="")
    return relay.relay_to_staff(turn.with_conversation(conversation), case)


def _take_awaited(turn: Turn) -> tuple[Turn, Decision | None]:
    """What a code, or words that a button asked for, lead to; for any other message None, and the
    turn in which nothing is awaited any more."""
    awaited = turn.conversation.next_words
    if (taken := link.take_code(turn)) is not None:
        return turn, taken
    if awaited is None or turn.message.kind not in ("text", "location", "other"):
        return turn, None
    turn = turn.with_conversation(replace(turn.conversation, next_words=None))
    if awaited.goal == "rating":
        return turn, keep_rating_words(turn, awaited.case)
    case = find_own_case(turn, awaited.case)
    return turn, _relay(turn, case) if case and is_open(case) else None


def _leave_case(turn: Turn) -> Turn:
    """The turn outside its ended case, whose exchanges are not part of the next question."""
    return turn.with_conversation(replace(turn.conversation, case=None, turns=()))


def _handle_button(turn: Turn) -> Decision:
    key, owner = split_owned_key(turn.message.text)
    if owner not in ("", turn.message.user):
        return turn.reply_phrase("stale_button")
    press = parse_founder_key(key)
    return (press and _handle_press(turn, press)) or turn.reply_phrase("stale_button")


def _handle_press(turn: Turn, press: FounderPress) -> Decision | None:
    """What one's own button leads to; None if it is out of date."""
    match press:
        case FounderPress(act="ok"):
            return confirm_answer(turn, press.token)
        case FounderPress(act="human"):
            return handover.request_person(turn)
        case FounderPress(act="lang", language=language) if language:
            return set_language(turn, language)
        case FounderPress(act="offer" | "none"):
            return _handle_offer_button(turn, press)
        case FounderPress(act="continue", token=token):
            return handover.continue_matter(turn, token)
        case FounderPress(act="taker", token=who):
            return answer_taker(turn, who)
        case FounderPress(act="place" | "noplace"):
            return _handle_place_press(turn, press)
        case FounderPress(act="forget" | "agree" | "refuse" | "withdraw" | "consent"):
            return _handle_privacy_press(turn, press)
        case FounderPress(act="unlink" | "follow" | "unfollow"):
            return _handle_account_press(turn, press)
    return _handle_case_press(turn, press)


def _handle_place_press(turn: Turn, press: FounderPress) -> Decision | None:
    """Which of two places is meant, or that there is none; None if no place is asked for."""
    if press.act == "place":
        return corrections.handle_place_button(turn, press.place)
    if turn.conversation.asking_place and turn.conversation.pending:
        return handover.open_case(turn, None)
    return None


def _handle_account_press(turn: Turn, press: FounderPress) -> Decision | None:
    """What concerns the founder's accounts and subscriptions, and not one case."""
    if press.act == "unlink":
        return link.unlink_account(turn)
    return subscribing.handle_press(turn, press)


def _handle_case_press(turn: Turn, press: FounderPress) -> Decision | None:
    """The founder's own case reopened, settled, corrected, shared …; None if it cannot be."""
    if press.correction:
        return corrections.correct_case(turn, press.number, press.correction)
    match press.act:
        case "share":
            return share_question(turn, press.number)
        case "settled":
            return ending.settle_case(turn, press.number)
        case "reopen":
            return ending.reopen_case(turn, press.number)
    return handle_case_press(turn, press)


def _handle_privacy_press(turn: Turn, press: FounderPress) -> Decision | None:
    """What a founder says about their data; None if nothing waits for that word."""
    match press.act:
        case "forget":
            return erase_founder(turn)
        case "agree":
            return agreement.agree(turn, press.place, press.token)
        case "refuse":
            return agreement.refuse(turn)
        case "withdraw":
            return agreement.withdraw(turn, press.number)
    return change_consent(turn, press)


def _handle_offer_button(turn: Turn, press: FounderPress) -> Decision | None:
    """The button of a section that was offered, or of none of them; None if the offers are no longer
    remembered. An open case and a place that is asked for come first, and a section is shown once.
    """
    conversation = turn.conversation
    asked = offers.find_offers(conversation, press.token)
    if asked is None or press.number >= len(asked.offers):
        return None
    if conversation.case is not None:
        if is_open(turn.services.get_case(conversation.case)):
            return turn.reply_phrase("already_open", number=conversation.case)
        turn = _leave_case(turn)
    elif conversation.asking_place and conversation.pending:
        return turn.reply_phrase("ask_where")
    if press.act == "none":
        return offers.hand_over_offered(turn, asked)
    if press.number in asked.chosen:
        return turn.reply_phrase("already_chosen", title=asked.offers[press.number].label)
    return offers.show_choice(turn, (asked, press.number))
