"""What a founder's message leads to: a word of command, a button, or something to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cases import case as cases
from bot.context import Scene, short
from bot.founder import answer_text, clarification, handover, relay
from bot.founder.question import asked
from bot.missions import called
from bot.phrases import say
from bot.types import Body, Button, Decision, Outgoing, Place
from knowledge.types import LANGUAGES

LISTED = 10  # cases that /cases shows, newest last


def decide(scene: Scene) -> Decision:
    """Everything one message of a founder leads to."""
    message = scene.message
    if message.kind == "command":
        command = COMMANDS.get(message.command)
        return command(scene) if command else scene.say("unknown_command")
    if message.kind == "button":
        return _pressed(scene)
    if message.kind == "location":
        return handover.located(scene)
    if scene.talk.case is not None:
        case = scene.tools.case(scene.talk.case)
        if cases.is_open(case):
            return relay.to_staff(scene, case)
        scene = _after_case(scene)
    if message.kind == "deleted":
        return Decision()
    if not (message.text or message.files):
        return scene.say("not_text")
    if scene.talk.asking_place and scene.talk.pending:
        return handover.place_given(scene, message.text)
    if message.kind == "text" and (choice := clarification.named(scene.talk, message.text)):
        return _about(scene, choice)
    return asked(scene)


def _after_case(scene: Scene) -> Scene:
    return scene.with_talk(replace(scene.talk, case=None, turns=(), pending=None))


def _pressed(scene: Scene) -> Decision:
    key, _, value = scene.message.text.partition(":")
    if key == "ok":
        return scene.say("all_set")
    if key == "human":
        return handover.wants_person(scene)
    if key == "lang" and value in LANGUAGES:
        return _speak(scene, value)
    if key == "noplace" and scene.talk.pending:
        return handover.open_case(scene, None)
    if key == "about" and (choice := clarification.pressed(scene.talk, value)):
        return _chosen(scene, choice)
    if key == "reopen" and value.isdigit():
        return relay.reopen(scene, int(value))
    if key == "forget":
        return _erase(scene)
    return scene.say("stale_button")


def _chosen(scene: Scene, choice: clarification.Choice) -> Decision:
    """The button of a document; in a case and while a place is asked for, what is due first."""
    talk, (back, number) = scene.talk, choice
    if talk.case is not None:
        if cases.is_open(scene.tools.case(talk.case)):
            return scene.say("already_open", number=talk.case)
        scene = _after_case(scene)
    elif talk.asking_place and talk.pending:
        return scene.say("ask_where")
    if number in back.chosen:
        return scene.say("already_chosen", title=back.titles[number])
    return _about(scene, choice)


def _about(scene: Scene, choice: clarification.Choice) -> Decision:
    back, number = choice
    return asked(clarification.chosen(scene, choice), about=back.titles[number])


def _start(scene: Scene) -> Decision:
    talk = replace(scene.talk, greeted=True, place=_linked_place(scene) or scene.talk.place)
    body = Body(say("founder.welcome", talk.language), buttons=(_languages(),))
    return scene.with_talk(talk).answer(body)


def _linked_place(scene: Scene) -> Place | None:
    """The city of the mission whose link or QR code was followed (/start vn-hanoi)."""
    wanted = scene.message.text.strip()
    for mission in scene.tools.missions:
        if mission.id == wanted:
            return scene.tools.places.at(mission.lat, mission.lon)
    return None


def _language(scene: Scene) -> Decision:
    wanted = scene.message.text.strip().lower()
    if wanted in LANGUAGES:
        return _speak(scene, wanted)
    text = say("founder.choose_language", scene.talk.language)
    return scene.answer(Body(text, buttons=(_languages(),)))


def _speak(scene: Scene, language: str) -> Decision:
    chosen = next(known for known in LANGUAGES if known == language)
    talk = replace(scene.talk, language=chosen, fixed_language=True, greeted=True)
    return scene.with_talk(talk).say("ready")


def _cases(scene: Scene) -> Decision:
    language, missions = scene.talk.language, scene.tools.missions
    lines = [
        say(
            "founder.case_line",
            language,
            number=case.number,
            state=say(f"founder.state_{case.state}", language),
            mission=called(missions.get(case.mission), language),
            day=answer_text.day_called(case.opened_at.date(), language),
            question=short(case.question),
        )
        for case in scene.tools.cases_of(scene.talk.key)[-LISTED:]
    ]
    return scene.answer(Body("\n".join(lines))) if lines else scene.say("no_cases")


def _why(scene: Scene) -> Decision:
    if not scene.talk.why:
        return scene.say("why_none")
    return scene.answer(Body(scene.talk.why))


def _forget(scene: Scene) -> Decision:
    if scene.talk.case is not None:
        return scene.say("forget_open", number=scene.talk.case)
    button = Button("forget", say("founder.button_forget", scene.talk.language))
    text = say("founder.forget_confirm", scene.talk.language)
    return scene.answer(Body(text, buttons=((button,),)))


def _erase(scene: Scene) -> Decision:
    if scene.talk.case is not None:
        return scene.say("forget_open", number=scene.talk.case)
    body = Body(say("founder.forgotten", scene.talk.language))
    return Decision(forget=scene.talk.key, outgoing=(Outgoing(scene.talk.address, body),))


def _languages() -> tuple[Button, ...]:
    names = {"ko": "한국어", "en": "English", "vi": "Tiếng Việt"}
    return tuple(Button(f"lang:{code}", names[code]) for code in LANGUAGES)


COMMANDS: dict[str, Callable[[Scene], Decision]] = {
    "start": _start,
    "help": lambda scene: scene.say("help"),
    "human": handover.wants_person,
    "where": handover.where,
    "cases": _cases,
    "lang": _language,
    "close": relay.close,
    "why": _why,
    "privacy": lambda scene: scene.say("privacy"),
    "forget": _forget,
}
