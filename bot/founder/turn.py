"""What a founder's message leads to: read this first of the founder's side.

A message is a command, a button or a location; in an open case it is relayed to staff; else it
answers what the bot asked (a place, which section is meant) or is a question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.buttons import (
    ERASE_KEY,
    FounderPress,
    parse_founder_key,
    split_owned_key,
    write_language_key,
)
from bot.cases.case import is_open
from bot.context import Decision, Turn, shorten_text
from bot.founder import answer_text, handover, offers, privacy, relay
from bot.founder.privacy import add_masking_notice
from bot.founder.question import answer_question
from bot.founder.talk.matter import (
    append_notices,
    is_part_of_matter,
    refuse_large_files,
    remove_deleted_words,
)
from bot.messages import Button, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import Case, Place
from knowledge.types import LANGUAGES, Language

CASES_LISTED = 10  # that /cases shows, newest last


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
    if turn.conversation.case is not None:
        case = turn.services.get_case(turn.conversation.case)
        if is_open(case):
            return relay.relay_to_staff(turn, case)
        turn = _leave_case(turn)
    if message.kind == "deleted":
        left = remove_deleted_words(turn.conversation, message.text.strip())
        return Decision() if left == turn.conversation else Decision(left)
    if message.kind == "location":
        return handover.handle_location(turn)
    if not is_part_of_matter(message):
        return turn.reply_phrase("not_text")
    turn, notices = refuse_large_files(turn)
    if notices and not is_part_of_matter(turn.message):
        return Decision(outgoing=notices)
    return append_notices(_handle_words(turn), notices)


def _handle_words(turn: Turn) -> Decision:
    """What words, files and enclosures outside of a case lead to."""
    if turn.conversation.asking_place and turn.conversation.pending:
        return handover.handle_place_reply(turn)
    return offers.handle_offer_reply(turn) or answer_question(turn)


def _leave_case(turn: Turn) -> Turn:
    """The turn outside its ended case, whose exchanges are not part of the next question."""
    return turn.with_conversation(replace(turn.conversation, case=None, turns=(), pending=None))


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
            return turn.reply_phrase("all_set")
        case FounderPress(act="human"):
            return handover.request_person(turn)
        case FounderPress(act="lang", language=language) if language:
            return _set_language(turn, language)
        case FounderPress(act="noplace") if (
            turn.conversation.asking_place and turn.conversation.pending
        ):
            return handover.open_case(turn, None)
        case FounderPress(act="place", place=place):
            return handover.handle_place_button(turn, place)
        case FounderPress(act="offer" | "none"):
            return _handle_offer_button(turn, press)
        case FounderPress(act="reopen", number=number):
            return relay.reopen_case(turn, number)
        case FounderPress(act="continue", token=token):
            return handover.continue_matter(turn, token)
        case FounderPress(act="forget"):
            return _erase_founder(turn)
    return None


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


def _request_person(turn: Turn) -> Decision:
    """`/human`; what follows it in an open case is passed on like any other words."""
    message, number = turn.message, turn.conversation.case
    if number is not None and (message.text or message.files):
        case = turn.services.get_case(number)
        if is_open(case):
            return relay.relay_to_staff(replace(turn, message=replace(message, kind="text")), case)
    turn, notices = refuse_large_files(turn)
    return append_notices(handover.request_person(turn), notices)


def _welcome_founder(turn: Turn) -> Decision:
    press = parse_founder_key(turn.message.text.strip())
    if press and press.act == "continue" and turn.conversation.private:
        decision = handover.continue_matter(turn, press.token)
        if decision is not None:
            return decision
    place = _find_linked_place(turn) or turn.conversation.place
    conversation = replace(turn.conversation, greeted=True, place=place)
    text = render_phrase("founder.welcome", conversation.language)
    return turn.with_conversation(conversation).reply_content(
        Content(text, buttons=(_build_language_buttons(),))
    )


def _find_linked_place(turn: Turn) -> Place | None:
    """The city of the mission whose link or QR code was followed (/start vn-hanoi)."""
    wanted = turn.message.text.strip()
    for mission in turn.services.missions:
        if mission.id == wanted:
            return turn.services.places.find_place_at(mission.lat, mission.lon)
    return None


def _handle_language_command(turn: Turn) -> Decision:
    wanted = turn.message.text.strip().lower()
    for language in LANGUAGES:
        if language == wanted:
            return _set_language(turn, language)
    text = render_phrase("founder.choose_language", turn.conversation.language)
    return turn.reply_content(Content(text, buttons=(_build_language_buttons(),)))


def _set_language(turn: Turn, language: Language) -> Decision:
    conversation = replace(turn.conversation, language=language, fixed_language=True, greeted=True)
    return turn.with_conversation(conversation).reply_phrase("ready")


def _list_cases(turn: Turn) -> Decision:
    language, missions = turn.conversation.language, turn.services.missions
    lines = [
        render_phrase(
            "founder.case_line",
            language,
            number=case.number,
            state=render_phrase(f"founder.state_{case.state}", language),
            mission=mission_name(missions.get(case.mission), language),
            day=answer_text.render_day(case.opened_at.date(), language),
            question=_summarise_question(case, language),
        )
        for case in _list_own_cases(turn)[-CASES_LISTED:]
    ]
    if not lines:
        return turn.reply_phrase("no_cases")
    return turn.reply_content(Content("\n".join(lines)))


def _summarise_question(case: Case, language: Language) -> str:
    if case.sealed:
        return render_phrase("founder.sealed_question", language)
    return shorten_text(case.question)


def _list_own_cases(turn: Turn) -> list[Case]:
    """The cases of this conversation and of the person's other ones, oldest first."""
    others = turn.services.list_own_conversations(turn.message)
    keys = dict.fromkeys([turn.conversation.key, *(one.key for one in others)])
    cases = (case for key in keys for case in turn.services.list_cases(key))
    return sorted(cases, key=lambda case: case.number)


def _explain_last_answer(turn: Turn) -> Decision:
    if not turn.conversation.why:
        return turn.reply_phrase("why_none")
    return turn.reply_content(Content(turn.conversation.why))


def _explain_privacy(turn: Turn) -> Decision:
    text = privacy.render_privacy(turn.services.retention, turn.conversation.language)
    return turn.reply_content(Content(text))


def _confirm_erasure(turn: Turn) -> Decision:
    language = turn.conversation.language
    button = Button(ERASE_KEY, render_phrase("founder.button_forget", language))
    text = privacy.render_erasure_question(_list_open_cases(turn), language)
    return turn.reply_content(Content(text, buttons=((button,),)))


def _erase_founder(turn: Turn) -> Decision:
    """Erase all but open cases, and say what stays. Of that last word nothing is kept either."""
    open_cases = _list_open_cases(turn)
    content = Content(privacy.render_erasure(open_cases, turn.conversation.language))
    return Decision(
        erase_account=turn.message.account,
        outgoing=(Outgoing(turn.address, content, forget_sent=True),),
    )


def _list_open_cases(turn: Turn) -> list[int]:
    return [case.number for case in _list_own_cases(turn) if is_open(case)]


def _build_language_buttons() -> tuple[Button, ...]:
    names = {"ko": "한국어", "en": "English", "vi": "Tiếng Việt"}
    return tuple(Button(write_language_key(code), names[code]) for code in LANGUAGES)


FOUNDER_COMMANDS: dict[str, Callable[[Turn], Decision]] = {
    "start": _welcome_founder,
    "help": lambda turn: turn.reply_phrase("help"),
    "human": _request_person,
    "where": handover.handle_where_command,
    "cases": _list_cases,
    "lang": _handle_language_command,
    "close": relay.close_case,
    "why": _explain_last_answer,
    "privacy": _explain_privacy,
    "forget": _confirm_erasure,
}
