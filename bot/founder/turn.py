"""What a founder's message leads to: a word of command, a button, or something to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cases import case as cases
from bot.context import Turn, shorten_text
from bot.founder import answer_text, clarification, handover, relay
from bot.founder.question import answer_question
from bot.missions import mission_name
from bot.phrases import render_phrase
from bot.types import Button, Content, Decision, Outgoing, Place
from knowledge.types import LANGUAGES

CASES_LISTED = 10  # cases that /cases shows, newest last


def decide_founder_turn(scene: Turn) -> Decision:
    """Everything one message of a founder leads to."""
    message = scene.message
    if message.kind == "command":
        command = FOUNDER_COMMANDS.get(message.command)
        return command(scene) if command else scene.reply_phrase("unknown_command")
    if message.kind == "button":
        return _handle_button(scene)
    if message.kind == "location":
        return handover.handle_location(scene)
    if scene.conversation.case is not None:
        case = scene.services.get_case(scene.conversation.case)
        if cases.is_open(case):
            return relay.relay_to_staff(scene, case)
        scene = _leave_case(scene)
    if message.kind == "deleted":
        return Decision()
    if not (message.text or message.files):
        return scene.reply_phrase("not_text")
    if scene.conversation.asking_place and scene.conversation.pending:
        return handover.handle_place_reply(scene, message.text)
    if message.kind == "text" and (
        choice := clarification.find_named_choice(scene.conversation, message.text)
    ):
        return _answer_about_document(scene, choice)
    return answer_question(scene)


def _leave_case(scene: Turn) -> Turn:
    return scene.with_conversation(replace(scene.conversation, case=None, turns=(), pending=None))


def _handle_button(scene: Turn) -> Decision:
    key, _, value = scene.message.text.partition(":")
    if key == "ok":
        return scene.reply_phrase("all_set")
    if key == "human":
        return handover.request_person(scene)
    if key == "lang" and value in LANGUAGES:
        return _set_language(scene, value)
    if key == "noplace" and scene.conversation.pending:
        return handover.open_case(scene, None)
    if key == "about" and (choice := clarification.find_pressed_choice(scene.conversation, value)):
        return _handle_document_button(scene, choice)
    if key == "reopen" and value.isdigit():
        return relay.reopen_case(scene, int(value))
    if key == "forget":
        return _erase_founder(scene)
    return scene.reply_phrase("stale_button")


def _handle_document_button(scene: Turn, choice: clarification.Choice) -> Decision:
    """The button of a document; in a case and while a place is asked for, what is due first."""
    talk, (back, number) = scene.conversation, choice
    if talk.case is not None:
        if cases.is_open(scene.services.get_case(talk.case)):
            return scene.reply_phrase("already_open", number=talk.case)
        scene = _leave_case(scene)
    elif talk.asking_place and talk.pending:
        return scene.reply_phrase("ask_where")
    if number in back.chosen:
        return scene.reply_phrase("already_chosen", title=back.titles[number])
    return _answer_about_document(scene, choice)


def _answer_about_document(scene: Turn, choice: clarification.Choice) -> Decision:
    back, number = choice
    return answer_question(clarification.apply_choice(scene, choice), about=back.titles[number])


def _welcome_founder(scene: Turn) -> Decision:
    talk = replace(
        scene.conversation,
        greeted=True,
        place=_find_linked_place(scene) or scene.conversation.place,
    )
    body = Content(
        render_phrase("founder.welcome", talk.language), buttons=(_build_language_buttons(),)
    )
    return scene.with_conversation(talk).reply_content(body)


def _find_linked_place(scene: Turn) -> Place | None:
    """The city of the mission whose link or QR code was followed (/start vn-hanoi)."""
    wanted = scene.message.text.strip()
    for mission in scene.services.missions:
        if mission.id == wanted:
            return scene.services.places.find_place_at(mission.lat, mission.lon)
    return None


def _handle_language_command(scene: Turn) -> Decision:
    wanted = scene.message.text.strip().lower()
    if wanted in LANGUAGES:
        return _set_language(scene, wanted)
    text = render_phrase("founder.choose_language", scene.conversation.language)
    return scene.reply_content(Content(text, buttons=(_build_language_buttons(),)))


def _set_language(scene: Turn, language: str) -> Decision:
    chosen = next(known for known in LANGUAGES if known == language)
    talk = replace(scene.conversation, language=chosen, fixed_language=True, greeted=True)
    return scene.with_conversation(talk).reply_phrase("ready")


def _list_cases(scene: Turn) -> Decision:
    language, missions = scene.conversation.language, scene.services.missions
    lines = [
        render_phrase(
            "founder.case_line",
            language,
            number=case.number,
            state=render_phrase(f"founder.state_{case.state}", language),
            mission=mission_name(missions.get(case.mission), language),
            day=answer_text.render_day(case.opened_at.date(), language),
            question=shorten_text(case.question),
        )
        for case in scene.services.list_cases(scene.conversation.key)[-CASES_LISTED:]
    ]
    return (
        scene.reply_content(Content("\n".join(lines))) if lines else scene.reply_phrase("no_cases")
    )


def _explain_last_answer(scene: Turn) -> Decision:
    if not scene.conversation.why:
        return scene.reply_phrase("why_none")
    return scene.reply_content(Content(scene.conversation.why))


def _confirm_erasure(scene: Turn) -> Decision:
    if scene.conversation.case is not None:
        return scene.reply_phrase("forget_open", number=scene.conversation.case)
    button = Button("forget", render_phrase("founder.button_forget", scene.conversation.language))
    text = render_phrase("founder.forget_confirm", scene.conversation.language)
    return scene.reply_content(Content(text, buttons=((button,),)))


def _erase_founder(scene: Turn) -> Decision:
    if scene.conversation.case is not None:
        return scene.reply_phrase("forget_open", number=scene.conversation.case)
    body = Content(render_phrase("founder.forgotten", scene.conversation.language))
    return Decision(
        erase_conversation=scene.conversation.key,
        outgoing=(Outgoing(scene.conversation.address, body),),
    )


def _build_language_buttons() -> tuple[Button, ...]:
    names = {"ko": "한국어", "en": "English", "vi": "Tiếng Việt"}
    return tuple(Button(f"lang:{code}", names[code]) for code in LANGUAGES)


FOUNDER_COMMANDS: dict[str, Callable[[Turn], Decision]] = {
    "start": _welcome_founder,
    "help": lambda scene: scene.reply_phrase("help"),
    "human": handover.request_person,
    "where": handover.handle_where_command,
    "cases": _list_cases,
    "lang": _handle_language_command,
    "close": relay.close_case,
    "why": _explain_last_answer,
    "privacy": lambda scene: scene.reply_phrase("privacy"),
    "forget": _confirm_erasure,
}
