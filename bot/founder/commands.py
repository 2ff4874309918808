"""What a founder's commands lead to, whether typed with a slash or in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.buttons import ERASE_KEY, parse_founder_key, write_language_key
from bot.cases.states import is_open
from bot.context import Decision, Turn
from bot.founder import handover, privacy, relay
from bot.founder.following import subscribing
from bot.founder.linking import link
from bot.founder.own_cases import ending
from bot.founder.own_cases.listing import list_cases
from bot.founder.own_cases.ownership import list_own_cases
from bot.founder.talk.files import append_notices, refuse_large_files
from bot.founder.talk.matter import is_matter_begun
from bot.founder.talk.place_reply import handle_where_command
from bot.founder.talk.samples import offer_samples
from bot.messages import Button, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Place
from knowledge.types import LANGUAGES, Language


def request_person_by_command(turn: Turn) -> Decision:
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
    return offer_samples(
        turn.with_conversation(conversation), "welcome", (_build_language_buttons(),)
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
            return set_language(turn, language)
    text = render_phrase("founder.choose_language", turn.conversation.language)
    return turn.reply_content(Content(text, buttons=(_build_language_buttons(),)))


def set_language(turn: Turn, language: Language) -> Decision:
    """Reply in `language` from now on, whatever is written."""
    conversation = replace(turn.conversation, language=language, fixed_language=True, greeted=True)
    turn = turn.with_conversation(conversation)
    begun = is_matter_begun(conversation.pending, turn.services.now)
    if begun or conversation.case is not None:
        return turn.reply_phrase("ready")
    return offer_samples(turn, "ready")


def _explain_last_answer(turn: Turn) -> Decision:
    """What the last answer rests on, and how the last message was read."""
    conversation, language = turn.conversation, turn.conversation.language
    parts = [conversation.why] if conversation.why else []
    if conversation.read_as:
        act = render_phrase(f"readings.{conversation.read_as}", language)
        parts.append(render_phrase("founder.why_read_as", language, act=act))
    if not parts:
        return turn.reply_phrase("why_none")
    return turn.reply_content(Content("\n\n".join(parts)), awaited=conversation.awaited)


def _explain_privacy(turn: Turn) -> Decision:
    text = privacy.render_privacy(turn.services.retention, turn.conversation.language)
    return turn.reply_content(Content(text))


def _confirm_erasure(turn: Turn) -> Decision:
    language = turn.conversation.language
    label = render_phrase("founder.button_forget", language)
    button = Button(ERASE_KEY, label, style="danger")
    text = privacy.render_erasure_question(_list_open_cases(turn), language)
    if len(turn.services.founders.list_accounts(turn.message.account)) > 1:
        linked = render_phrase("own.forget_linked", language)
        text = f"{text}\n{linked}"
    return turn.reply_content(Content(text, buttons=((button,),)))


def erase_founder(turn: Turn) -> Decision:
    """Erase all but open cases, and say what stays. Of that last word nothing is kept either."""
    open_cases = _list_open_cases(turn)
    content = Content(privacy.render_erasure(open_cases, turn.conversation.language))
    return Decision(
        erase_account=turn.message.account,
        outgoing=(Outgoing(turn.address, content, forget_sent=True),),
    )


def _list_open_cases(turn: Turn) -> list[int]:
    return [case.number for case in list_own_cases(turn) if is_open(case)]


def _build_language_buttons() -> tuple[Button, ...]:
    names = {"ko": "한국어", "en": "English", "vi": "Tiếng Việt"}
    return tuple(Button(write_language_key(code), names[code]) for code in LANGUAGES)


FOUNDER_COMMANDS: dict[str, Callable[[Turn], Decision]] = {
    "start": _welcome_founder,
    "help": lambda turn: turn.reply_phrase("help"),
    "human": request_person_by_command,
    "where": handle_where_command,
    "cases": list_cases,
    "lang": _handle_language_command,
    "close": ending.close_case,
    "link": link.handle_link_command,
    "subscribe": subscribing.handle_subscribe_command,
    "why": _explain_last_answer,
    "privacy": _explain_privacy,
    "forget": _confirm_erasure,
}
