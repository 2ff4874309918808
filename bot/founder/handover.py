"""From the wish for a person to a case at the competent mission, and where the matter is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cases import case as cases
from bot.cases.rooms import find_staff_room
from bot.context import Turn, shorten_text
from bot.errors import UnknownPlace
from bot.phrases import render_phrase
from bot.routing import find_route
from bot.types import Button, CaseMessage, Content, Decision, PendingQuestion, Place, Timer
from knowledge.types import Exchange

PLACE_REPLY_WAIT = timedelta(minutes=10)
URGENT_PLACE_REPLY_WAIT = timedelta(minutes=2)


def request_person(scene: Turn) -> Decision:
    """`/human` or its button; also as the very first thing someone says."""
    talk = scene.conversation
    if talk.case is not None:
        return scene.reply_phrase("already_open", number=talk.case)
    if talk.pending is None:
        asked = scene.message.text.strip() if scene.message.kind == "command" else ""
        question = asked or render_phrase("founder.no_question_yet", talk.language)
        scene = scene.with_conversation(
            replace(talk, pending=PendingQuestion(question, talk.language))
        )
    return start_handover(scene)


def start_handover(scene: Turn, before: str = "") -> Decision:
    """Open the case; where the place is unknown ask for it once, and wait only so long."""
    talk = scene.conversation
    if talk.place is not None:
        return open_case(scene, talk.place, before)
    urgent = talk.pending is not None and talk.pending.urgency == "critical"
    wait = URGENT_PLACE_REPLY_WAIT if urgent else PLACE_REPLY_WAIT
    text = render_phrase(
        "founder.ask_place", talk.language, minutes=int(wait.total_seconds() // 60)
    )
    skip = Button("noplace", render_phrase("founder.button_skip_place", talk.language))
    share = render_phrase("founder.button_share_location", talk.language)
    body = Content(f"{before}\n\n{text}".strip(), buttons=((skip,),), ask_location=share)
    timer = Timer(f"place:{talk.key}:{talk.version + 1}", talk.key, scene.services.now + wait)
    asking = scene.with_conversation(replace(talk, asking_place=True))
    return replace(asking.reply_content(body), timer=timer)


def handle_place_timeout(scene: Turn) -> Decision:
    """The place was asked for and never named: the desk in Korea takes the case."""
    if not scene.conversation.asking_place or scene.conversation.pending is None:
        return Decision()
    return open_case(scene, None)


def handle_place_reply(scene: Turn, text: str) -> Decision:
    """The reply to "which country and city?"; asked once, so whatever it says opens the case."""
    places, talk = scene.services.places, scene.conversation
    if text == render_phrase(
        "founder.button_skip_place", talk.language
    ):  # typed by a keyboard's key
        return open_case(scene, None)
    try:
        return open_case(scene, places.find_place(text))
    except UnknownPlace:
        place = places.find_mentioned_place(text)
    assert talk.pending is not None
    added = replace(talk.pending, question=f"{talk.pending.question}\n{text}")
    scene = scene.with_conversation(replace(talk, pending=added))
    unknown = render_phrase("founder.unknown_place", talk.language, text=shorten_text(text))
    return open_case(scene, place, "" if place else unknown)


def handle_location(scene: Turn) -> Decision:
    """A shared location."""
    assert scene.message.location is not None
    try:
        return _set_place(scene, scene.services.places.find_place_at(*scene.message.location))
    except UnknownPlace:
        return scene.reply_phrase("unknown_place", text="GPS")


def handle_where_command(scene: Turn) -> Decision:
    """`/where`, with or without a place."""
    text = scene.message.text.strip()
    if not text:
        share = render_phrase("founder.button_share_location", scene.conversation.language)
        return scene.reply_content(
            Content(
                render_phrase("founder.ask_where", scene.conversation.language), ask_location=share
            )
        )
    try:
        return _set_place(scene, scene.services.places.find_place(text))
    except UnknownPlace:
        return scene.reply_phrase("unknown_place", text=shorten_text(text))


def _set_place(scene: Turn, place: Place) -> Decision:
    if scene.conversation.asking_place and scene.conversation.pending:
        return open_case(scene, place)
    reason = find_route(
        place, scene.services.missions, scene.conversation.language, scene.services.now
    ).reason
    kept = scene.with_conversation(replace(scene.conversation, place=place))
    return kept.reply_phrase("place_kept", place=place.name, reason=reason)


def open_case(scene: Turn, place: Place | None, before: str = "") -> Decision:
    """A case at whoever is competent for the place, its thread, and the receipt."""
    tools, talk = scene.services, scene.conversation
    assert talk.pending is not None
    pending = talk.pending
    way = find_route(place, tools.missions, talk.language, tools.now)
    number = tools.reserve_case_number()
    case = cases.create_case(number, talk.key, pending, way, tools.now)
    staff = find_staff_room(case.mission, tools.bindings)
    receipt = cases.render_receipt(case, tools.missions, talk.language, way.opens_at, staff)
    kept = replace(
        talk,
        place=place or talk.place,
        asking_place=False,
        pending=None,
        case=number,
    )
    body = Content(f"{before}\n\n{receipt}".strip(), protect=case.sealed)
    line = CaseMessage("founder", pending.question, tools.now, files=pending.files)
    told = scene.with_conversation(kept).reply_content(body)
    decision = replace(told, new_case=case, new_lines=((number, line),))
    if staff is None:
        return decision
    thread = cases.create_staff_thread(case, staff, 0)
    files = Content("", files=pending.files)
    opening = cases.build_thread_opening(
        case, thread, tools.missions, _find_earlier_turns(scene), (), files
    )
    return replace(decision, new_threads=(thread,), outgoing=(*decision.outgoing, *opening))


def _find_earlier_turns(scene: Turn) -> tuple[Exchange, ...]:
    """The turns before the question that became the case."""
    pending = scene.conversation.pending
    return tuple(
        t for t in scene.conversation.turns if pending is None or t.question != pending.question
    )
