"""From a request for a person to a case at the competent mission; the place is asked for here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.buttons import SKIP_PLACE_KEY, name_matter, write_matter_key, write_place_key
from bot.cases.case import (
    build_thread_opening,
    create_case,
    create_staff_thread,
    render_receipt,
)
from bot.cases.rooms import find_staff_room
from bot.cases.sealed import tell_readers
from bot.context import Decision, Turn, shorten_text
from bot.errors import AmbiguousPlace, UnknownPlace
from bot.founder.talk.matter import add_words, keep_in_matter, list_matter
from bot.founder.triage import triage_message
from bot.messages import Address, Button, Content, Outgoing, Timer, select_words
from bot.missions.emergency import render_first_steps
from bot.phrases import render_phrase
from bot.routing.route import find_route
from bot.routing.route_text import render_reason
from bot.types import URGENCIES, Conversation, PendingQuestion, Place
from knowledge.types import Exchange

PLACE_REPLY_WAIT = timedelta(minutes=10)
URGENT_PLACE_REPLY_WAIT = timedelta(minutes=2)


def request_person(turn: Turn) -> Decision:
    """`/human` or its button. What follows the command belongs to the question; without any, and
    with no question before, a phrase stands in for it."""
    conversation = turn.conversation
    if conversation.case is not None:
        return turn.reply_phrase("already_open", number=conversation.case)
    pending = conversation.pending or PendingQuestion("", conversation.language)
    if turn.message.kind == "command":
        pending = add_words(pending, turn.message.text.strip())
        files = tuple(dict.fromkeys((*pending.files, *turn.message.files)))
        pending = replace(pending, files=files, at=turn.services.now)
    if not pending.question:
        question = render_phrase("founder.no_question_yet", conversation.language)
        pending = replace(pending, question=question)
    return start_handover(turn.with_conversation(replace(conversation, pending=pending)))


def start_handover(turn: Turn, before: str = "") -> Decision:
    """Open the case, or ask for the place first where it is unknown. `before` is text that stands
    above the reply. A timer opens the case when no place is named in time.

    In a place with others a private chat is offered instead."""
    conversation = turn.conversation
    if not conversation.private:
        return offer_private_chat(turn)
    if conversation.place is not None:
        return open_case(turn, conversation.place, before)
    urgent = conversation.pending is not None and conversation.pending.urgency == "critical"
    wait = URGENT_PLACE_REPLY_WAIT if urgent else PLACE_REPLY_WAIT
    text = render_phrase(
        "founder.ask_place", conversation.language, minutes=int(wait.total_seconds() // 60)
    )
    skip = Button(SKIP_PLACE_KEY, render_phrase("founder.button_skip_place", conversation.language))
    share = render_phrase("founder.button_share_location", conversation.language)
    content = Content(f"{before}\n\n{text}".strip(), buttons=((skip,),), ask_location=share)
    timer = Timer(
        f"place:{conversation.key}:{conversation.version + 1}",
        conversation.key,
        turn.services.now + wait,
    )
    asking = turn.with_conversation(replace(conversation, asking_place=True))
    return replace(asking.reply_content(content), timer=timer)


def offer_private_chat(turn: Turn) -> Decision:
    """Offer to go on in the private chat, where the button `continue` takes the pending question
    along. What is said in front of others has no word of it."""
    conversation, language = turn.conversation, turn.conversation.language
    pending = conversation.pending
    assert pending is not None
    turn = turn.with_conversation(replace(conversation, asking_place=False))
    key = write_matter_key(conversation.key)
    label = render_phrase("founder.button_continue", language)
    urgent = render_phrase("founder.urgent_in_public", language)
    head = f"{urgent}\n\n" if pending.urgency == "critical" else ""
    if not turn.services.can_show_to_one(conversation.channel):
        text = head + render_phrase("founder.continue_by_link", language)
        return turn.reply_content(Content(text, buttons=((Button(key, label, private=True),),)))
    home = turn.services.find_private_conversation(turn.message)
    to = home.address if home else Address(conversation.channel, conversation.user)
    question = render_phrase(
        "founder.continue_here", language, question=shorten_text(pending.question)
    )
    decision = turn.reply_content(
        Content(head + render_phrase("founder.continue_in_private", language))
    )
    here = tuple(replace(one, to=conversation.personal_address) for one in decision.outgoing)
    there = Outgoing(to, Content(question, buttons=((Button(key, label),),)))
    return replace(decision, outgoing=(*here, there))


def continue_matter(turn: Turn, token: str) -> Decision | None:
    """Hand over, in the private chat, the question that its person asked elsewhere; None if none
    of their own conversations has the matter `token`."""
    matter = next(
        (
            one
            for one in turn.services.list_own_conversations(turn.message)
            if not one.private and one.pending and name_matter(one.key) == token
        ),
        None,
    )
    if matter is None or not turn.conversation.private:
        return None
    if turn.conversation.case is not None:
        return turn.reply_phrase("already_open", number=turn.conversation.case)
    conversation = replace(
        turn.conversation,
        language=matter.language,
        greeted=True,
        pending=matter.pending,
        place=turn.conversation.place or matter.place,
        turns=matter.turns,
    )
    return start_handover(turn.with_conversation(conversation))


def handle_place_timeout(turn: Turn) -> Decision:
    """Give the case to the domestic desk when the place was asked for and not named in time."""
    if not turn.conversation.asking_place or turn.conversation.pending is None:
        return Decision()
    return open_case(turn, None)


def handle_place_reply(turn: Turn) -> Decision:
    """Open the case after the reply to "which country and city?", whatever it says; a reply that
    names no place is added to the question, and what comes with it goes along. Forwarded words and
    what has no words are kept for the case, and the place is asked for again."""
    message, places = turn.message, turn.services.places
    text = message.text
    skip_label = render_phrase("founder.button_skip_place", turn.conversation.language)
    if text == skip_label:  # Telegram's reply keyboard sends a button's label as text
        return open_case(turn, None)
    if message.forwarded_from or not text.strip():
        return keep_in_matter(turn).reply_phrase("kept_for_case")
    if message.files or message.enclosures:
        own = replace(turn, message=replace(message, text=""))
        turn = turn.with_conversation(keep_in_matter(own).conversation)
    words = select_words(text)
    try:
        return open_case(turn, places.find_place(words))
    except AmbiguousPlace as error:
        return _ask_which_place(turn, text, error.choices)
    except UnknownPlace:
        place = places.find_mentioned_place(words)
    conversation = turn.conversation
    assert conversation.pending is not None
    added = replace(conversation.pending, question=f"{conversation.pending.question}\n{text}")
    turn = turn.with_conversation(replace(conversation, pending=added))
    if place or triage_message(words).suspect:
        return open_case(turn, place)
    unknown = render_phrase("founder.unknown_place", conversation.language, text=shorten_text(text))
    return open_case(turn, None, unknown)


def handle_location(turn: Turn) -> Decision:
    """Remember the place of a shared location; it opens the case that waits for one. The position
    itself, or the venue that is named there, is kept for that case."""
    position = turn.message.location
    assert position is not None
    turn = keep_in_matter(turn)
    try:
        return _set_place(turn, turn.services.places.find_place_at(*position))
    except UnknownPlace:
        return turn.reply_phrase("unknown_place", text="GPS")


def handle_where_command(turn: Turn) -> Decision:
    """`/where PLACE` remembers a place, or opens the case that waits for one; `/where` asks for it."""
    text = turn.message.text.strip()
    if not text:
        language = turn.conversation.language
        share = render_phrase("founder.button_share_location", language)
        return turn.reply_content(
            Content(render_phrase("founder.ask_where", language), ask_location=share)
        )
    return _find_and_set_place(turn, text)


def handle_place_button(turn: Turn, name: str) -> Decision:
    """The answer to which of two places of one name is meant."""
    return _find_and_set_place(turn, name)


def _find_and_set_place(turn: Turn, text: str) -> Decision:
    try:
        return _set_place(turn, turn.services.places.find_place(text))
    except AmbiguousPlace as error:
        return _ask_which_place(turn, text, error.choices)
    except UnknownPlace:
        return turn.reply_phrase("unknown_place", text=shorten_text(text))


def _ask_which_place(turn: Turn, text: str, choices: tuple[str, ...]) -> Decision:
    """Ask which of the places of one name is meant; the answer is typed or pressed."""
    asked = render_phrase(
        "founder.which_place",
        turn.conversation.language,
        text=shorten_text(text),
        choices=" · ".join(choices),
    )
    buttons = tuple(Button(write_place_key(name), name) for name in choices)
    return turn.reply_content(Content(asked, buttons=(buttons,)))


def _set_place(turn: Turn, place: Place) -> Decision:
    if turn.conversation.asking_place and turn.conversation.pending:
        return open_case(turn, place)
    missions = turn.services.missions
    route = find_route(place, missions, turn.services.now)
    reason = render_reason(route, missions, turn.conversation.language)
    turn = turn.with_conversation(replace(turn.conversation, place=place))
    return turn.reply_phrase("place_kept", place=place.name, reason=reason)


def open_case(turn: Turn, place: Place | None, before: str = "") -> Decision:
    """Open the case of the pending question at the mission that takes cases of `place` (None: the
    domestic desk): the case, the receipt below `before`, and a staff thread if there is a room.

    In a place with others a private chat is offered instead."""
    services, conversation = turn.services, turn.conversation
    if not conversation.private:
        return offer_private_chat(turn)
    pending = conversation.pending
    assert pending is not None
    route = find_route(place, services.missions, services.now)
    number = services.reserve_case_number()
    texts = (pending.question, *(part.text for part in pending.before))
    triages = [triage_message(text) for text in texts]
    is_sealed = pending.sealed or any(triage.suspect for triage in triages)
    gravest = max(triages, key=lambda triage: URGENCIES.index(triage.urgency))
    if not before and gravest.urgency == "critical":  # now that the mission is known, its phone too
        competent = services.missions.get(route.competent)
        before = render_first_steps(gravest.incident, competent, conversation.language)
    pending = replace(pending, sealed=is_sealed)
    case = create_case(number, conversation.key, pending, route, services.now)
    room = find_staff_room(case.mission, services.bindings)
    receipt = render_receipt(case, services.missions, conversation.language, route.opens_at, room)
    record = list_matter(pending, _list_earlier_turns(conversation), services.now)
    sealed = tell_readers(services, case, record)
    if pending.left_out:
        left_out = render_phrase("founder.left_out", conversation.language, count=pending.left_out)
        receipt = f"{receipt}\n{left_out}"
    if is_sealed:
        conversation = replace(conversation, turns=(), why="", offered=())
        receipt = f"{receipt}\n{sealed.render_for_founder(conversation.language)}"
    in_case = replace(
        conversation,
        place=place or conversation.place,
        asking_place=False,
        pending=None,
        case=number,
    )
    content = Content(f"{before}\n\n{receipt}".strip(), protect=case.sealed)
    decision = replace(
        turn.with_conversation(in_case).reply_content(content),
        new_case=case,
        new_lines=tuple((number, line) for line in record),
    )
    decision = replace(decision, outgoing=(*decision.outgoing, *sealed.outgoing))
    if room is None:
        return decision
    thread = create_staff_thread(case, room, 0)
    opening = build_thread_opening(case, thread, services.missions, record)
    return replace(decision, new_threads=(thread,), outgoing=(*decision.outgoing, *opening))


def _list_earlier_turns(conversation: Conversation) -> tuple[Exchange, ...]:
    """The exchanges before the question that becomes the case, but for those about what would be
    sealed: they belong to no other case."""
    question = conversation.pending.question if conversation.pending else ""
    turns = conversation.turns
    if turns and question.startswith(turns[-1].question):  # its own, whatever was added below it
        turns = turns[:-1]
    return tuple(
        exchange
        for exchange in turns
        if exchange.question != question and not triage_message(exchange.question).suspect
    )
