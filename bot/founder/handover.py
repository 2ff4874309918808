"""From the wish for a person to a case at the competent mission, and where the matter is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cases import case as cases
from bot.cases.rooms import room
from bot.context import Scene, short
from bot.errors import UnknownPlace
from bot.phrases import say
from bot.routing import route
from bot.types import Body, Button, CaseMessage, Decision, Pending, Place, Timer
from knowledge.types import Turn

PLACE_WAIT = timedelta(minutes=10)
URGENT_PLACE_WAIT = timedelta(minutes=2)


def wants_person(scene: Scene) -> Decision:
    """`/human` or its button; also as the very first thing someone says."""
    talk = scene.talk
    if talk.case is not None:
        return scene.say("already_open", number=talk.case)
    if talk.pending is None:
        asked = scene.message.text.strip() if scene.message.kind == "command" else ""
        question = asked or say("founder.no_question_yet", talk.language)
        scene = scene.with_talk(replace(talk, pending=Pending(question, talk.language)))
    return hand_over(scene)


def hand_over(scene: Scene, before: str = "") -> Decision:
    """Open the case; where the place is unknown ask for it once, and wait only so long."""
    talk = scene.talk
    if talk.place is not None:
        return open_case(scene, talk.place, before)
    urgent = talk.pending is not None and talk.pending.urgency == "critical"
    wait = URGENT_PLACE_WAIT if urgent else PLACE_WAIT
    text = say("founder.ask_place", talk.language, minutes=int(wait.total_seconds() // 60))
    skip = Button("noplace", say("founder.button_skip_place", talk.language))
    share = say("founder.button_share_location", talk.language)
    body = Body(f"{before}\n\n{text}".strip(), buttons=((skip,),), ask_location=share)
    timer = Timer(f"place:{talk.key}:{talk.version + 1}", talk.key, scene.tools.now + wait)
    asking = scene.with_talk(replace(talk, asking_place=True))
    return replace(asking.answer(body), timer=timer)


def place_is_late(scene: Scene) -> Decision:
    """The place was asked for and never named: the desk in Korea takes the case."""
    if not scene.talk.asking_place or scene.talk.pending is None:
        return Decision()
    return open_case(scene, None)


def place_given(scene: Scene, text: str) -> Decision:
    """The reply to "which country and city?"; asked once, so whatever it says opens the case."""
    places, talk = scene.tools.places, scene.talk
    if text == say("founder.button_skip_place", talk.language):  # typed by a keyboard's key
        return open_case(scene, None)
    try:
        return open_case(scene, places.find(text))
    except UnknownPlace:
        place = places.mentioned(text)
    assert talk.pending is not None
    added = replace(talk.pending, question=f"{talk.pending.question}\n{text}")
    scene = scene.with_talk(replace(talk, pending=added))
    unknown = say("founder.unknown_place", talk.language, text=short(text))
    return open_case(scene, place, "" if place else unknown)


def located(scene: Scene) -> Decision:
    """A shared location."""
    assert scene.message.location is not None
    try:
        return _placed(scene, scene.tools.places.at(*scene.message.location))
    except UnknownPlace:
        return scene.say("unknown_place", text="GPS")


def where(scene: Scene) -> Decision:
    """`/where`, with or without a place."""
    text = scene.message.text.strip()
    if not text:
        share = say("founder.button_share_location", scene.talk.language)
        return scene.answer(Body(say("founder.ask_where", scene.talk.language), ask_location=share))
    try:
        return _placed(scene, scene.tools.places.find(text))
    except UnknownPlace:
        return scene.say("unknown_place", text=short(text))


def _placed(scene: Scene, place: Place) -> Decision:
    if scene.talk.asking_place and scene.talk.pending:
        return open_case(scene, place)
    reason = route(place, scene.tools.missions, scene.talk.language, scene.tools.now).reason
    kept = scene.with_talk(replace(scene.talk, place=place))
    return kept.say("place_kept", place=place.name, reason=reason)


def open_case(scene: Scene, place: Place | None, before: str = "") -> Decision:
    """A case at whoever is competent for the place, its thread, and the receipt."""
    tools, talk = scene.tools, scene.talk
    assert talk.pending is not None
    pending = talk.pending
    way = route(place, tools.missions, talk.language, tools.now)
    number = tools.reserve()
    case = cases.opened(number, talk.key, pending, way, tools.now)
    staff = room(case.mission, tools.bindings)
    receipt = cases.receipt(case, tools.missions, talk.language, way.opens_at, staff)
    kept = replace(
        talk,
        place=place or talk.place,
        asking_place=False,
        pending=None,
        case=number,
    )
    body = Body(f"{before}\n\n{receipt}".strip(), protect=case.sealed)
    line = CaseMessage("founder", pending.question, tools.now, files=pending.files)
    told = scene.with_talk(kept).answer(body)
    decision = replace(told, new_case=case, lines=((number, line),))
    if staff is None:
        return decision
    thread = cases.thread_for(case, staff, 0)
    files = Body("", files=pending.files)
    opening = cases.opening(case, thread, tools.missions, _earlier(scene), (), files)
    return replace(decision, new_threads=(thread,), outgoing=(*decision.outgoing, *opening))


def _earlier(scene: Scene) -> tuple[Turn, ...]:
    """The turns before the question that became the case."""
    pending = scene.talk.pending
    return tuple(t for t in scene.talk.turns if pending is None or t.question != pending.question)
