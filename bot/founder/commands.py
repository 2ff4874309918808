"""What a founder's commands lead to, whether typed with a slash or in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.buttons import parse_founder_key, write_language_key
from bot.cases.states import is_open
from bot.context import Decision, Turn
from bot.founder import handover, relay
from bot.founder.doors.reply import add_doors
from bot.founder.following import subscribing
from bot.founder.linking import link
from bot.founder.own_cases import ending
from bot.founder.own_cases.listing import list_cases
from bot.founder.privacy import rights
from bot.founder.talk.corrections import correct_case
from bot.founder.talk.files import append_notices, refuse_large_files
from bot.founder.talk.matter import add_words, is_matter_begun, is_stale, render_question
from bot.founder.talk.place_reply import handle_where_command
from bot.founder.talk.samples import offer_samples
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.types import PendingQuestion, Place
from knowledge.types import LANGUAGES, Language


def request_person_by_command(turn: Turn) -> Decision:
    """`/human`; what follows it in an open case is passed on like any other words."""
    message, number = turn.message, turn.conversation.case
    if number is not None and (message.text or message.files):
        case = turn.services.get_case(number)
        if is_open(case):
            return relay.relay_to_staff(replace(turn, message=replace(message, kind="text")), case)
    turn, notices = refuse_large_files(turn)
    decision = handover.request_person(turn)
    return append_notices(add_doors(turn, decision, turn.conversation.pending), notices)


def seal_by_command(turn: Turn) -> Decision:
    """`/sealed`: the founder's own choice that few may read their matter, before a case opens and
    in an open one. What follows it is part of the matter."""
    message, number = turn.message, turn.conversation.case
    if number is not None and is_open(case := turn.services.get_case(number)):
        if message.text or message.files:
            told = replace(turn, message=replace(message, kind="text"))
            return relay.relay_to_staff(told, case, seal=True)
        return correct_case(turn, number, "seal") or turn.reply_phrase("stale_button")
    turn, notices = refuse_large_files(turn)
    return append_notices(_seal_matter(turn), notices)


def _seal_matter(turn: Turn) -> Decision:
    """Seal what the founder told so far, or what they are about to tell."""
    conversation, message, now = turn.conversation, turn.message, turn.services.now
    pending = conversation.pending
    if pending is None or (is_stale(pending, now) and not conversation.asking_place):
        pending = PendingQuestion("", conversation.language)
    pending = add_words(pending, message.text.strip()) if message.text.strip() else pending
    files = tuple(dict.fromkeys((*pending.files, *message.files)))
    pending = replace(pending, sealed=True, files=files, at=now)
    sealed = replace(conversation, case=None, pending=pending, why="", answered=(), offered=())
    turn = turn.with_conversation(sealed)
    if conversation.asking_place:
        return turn.reply_content(
            handover.build_place_request(
                render_phrase("founder.sealed_by_founder_place", conversation.language),
                conversation.language,
            ),
            awaited="place",
        )
    if render_question(pending) or files:
        return turn.offer_person("sealed_by_founder")
    return turn.reply_phrase("sealed_from_now")


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


def _build_language_buttons() -> tuple[Button, ...]:
    names = {"ko": "한국어", "en": "English", "vi": "Tiếng Việt"}
    return tuple(Button(write_language_key(code), names[code]) for code in LANGUAGES)


FOUNDER_COMMANDS: dict[str, Callable[[Turn], Decision]] = {
    "start": _welcome_founder,
    "help": lambda turn: turn.reply_phrase("help"),
    "human": request_person_by_command,
    "sealed": seal_by_command,
    "where": handle_where_command,
    "cases": list_cases,
    "lang": _handle_language_command,
    "close": ending.close_case,
    "link": link.handle_link_command,
    "subscribe": subscribing.handle_subscribe_command,
    "why": _explain_last_answer,
    "privacy": rights.explain_privacy,
    "export": rights.export_records,
    "forget": rights.confirm_erasure,
}
