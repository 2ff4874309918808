"""From a request for a person to a case at the competent mission; the place is asked for here."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.buttons import SKIP_PLACE_KEY, name_matter, write_matter_key
from bot.cases.receipt import (
    build_correction_buttons,
    list_labels,
    render_receipt,
)
from bot.cases.rooms import find_staff_room
from bot.cases.threads import begin_thread
from bot.context import Decision, Turn, shorten_text
from bot.founder import founder_limits
from bot.founder.opening.asides import list_recipients, open_aside
from bot.founder.opening.case_draft import draft_case
from bot.founder.privacy import notice
from bot.founder.reading.triage import triage_message
from bot.founder.talk.matter import (
    add_words,
    carry_over,
    find_gravest,
    render_question,
)
from bot.founder.talk.questions import choose_place
from bot.messages import Address, Button, Content, Outgoing, Timer
from bot.missions.emergency import render_first_steps
from bot.phrases import render_phrase
from bot.routing.recipient import tell_of_recipient
from bot.routing.route import find_route
from bot.types import URGENT, Consent, Conversation, PendingQuestion, Place
from knowledge.types import Exchange, Language

PLACE_REPLY_WAIT = timedelta(minutes=10)
URGENT_PLACE_REPLY_WAIT = timedelta(minutes=2)


def heed_place(turn: Turn) -> Turn:
    """The turn with the place that its words name, so that no one is asked for what they said."""
    conversation = turn.conversation
    mentioned = turn.services.places.find_mentioned_place(turn.message.words)
    place = choose_place(conversation, mentioned, at_once=False)
    return turn.with_conversation(replace(conversation, place=place))


def request_person(turn: Turn) -> Decision:
    """`/human` or its button. What follows the command belongs to the question; without any, and
    with no question before, a phrase stands in for it."""
    if turn.conversation.case is not None:
        return turn.reply_phrase("already_open", number=turn.conversation.case)
    if turn.message.kind == "command":
        turn = heed_place(turn)
    conversation = turn.conversation
    pending = conversation.pending or PendingQuestion("", conversation.language)
    if turn.message.kind == "command":
        pending = add_words(pending, turn.message.text.strip())
        files = tuple(dict.fromkeys((*pending.files, *turn.message.files)))
        pending = replace(pending, files=files, at=turn.services.now)
    if not render_question(pending):
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
    if too_many := founder_limits.refuse_case(turn):
        return too_many
    if conversation.pending and not conversation.asking_place:  # since now they wait for people
        pending = replace(conversation.pending, at=turn.services.now)
        conversation = replace(conversation, pending=pending)
        turn = turn.with_conversation(conversation)
    if conversation.place is not None:
        return open_case(turn, conversation.place, before)
    urgent = conversation.pending is not None and conversation.pending.urgency == "critical"
    wait = URGENT_PLACE_REPLY_WAIT if urgent else PLACE_REPLY_WAIT
    minutes = int(wait.total_seconds() // 60)
    text = render_phrase("founder.ask_place", conversation.language, minutes=minutes)
    content = build_place_request(f"{before}\n\n{text}".strip(), conversation.language)
    timer = Timer(
        f"place:{conversation.key}:{conversation.version + 1}",
        conversation.key,
        turn.services.now + wait,
    )
    asking = turn.with_conversation(replace(conversation, asking_place=True))
    return replace(asking.reply_content(content, awaited="place"), timers=(timer,))


def build_place_request(text: str, language: Language) -> Content:
    """`text`, which asks for the place of a case, with the ways to answer it without a name."""
    skip = Button(SKIP_PLACE_KEY, render_phrase("founder.button_skip_place", language))
    share = render_phrase("founder.button_share_location", language)
    return Content(text, buttons=((skip,),), ask_location=share)


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
        "founder.continue_here", language, question=shorten_text(render_question(pending))
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
    home, pending = turn.conversation, matter.pending
    assert pending is not None
    conversation = replace(
        home,
        language=matter.language,
        greeted=True,
        pending=carry_over(home.pending, replace(pending, at=turn.services.now), home.turns),
        place=home.place or matter.place,
        turns=matter.turns,
    )
    return start_handover(turn.with_conversation(conversation))


def handle_place_timeout(turn: Turn) -> Decision:
    """Give the case to the domestic desk when the place was asked for and not named in time; show
    the notice once more where only its button is missing."""
    if turn.conversation.awaited == "consent" and turn.conversation.pending is not None:
        recipients = list_recipients(turn, turn.conversation.pending, turn.conversation.place)
        return notice.remind(turn, notice.find_unasked(turn, recipients) or recipients[0][0])
    if not turn.conversation.asking_place or turn.conversation.pending is None:
        return Decision()
    return open_case(turn, None)


def open_case(
    turn: Turn, place: Place | None, before: str = "", consent: Consent | None = None
) -> Decision:
    """Open the case of the pending question at the mission that takes cases of `place` (None: the
    domestic desk): the case, the receipt below `before`, and a staff thread if there is a room.
    Without the `consent` to that, the founder is asked first.

    In a place with others a private chat is offered instead."""
    services, conversation = turn.services, turn.conversation
    if not conversation.private:
        return offer_private_chat(turn)
    pending = conversation.pending
    assert pending is not None
    route = find_route(place, services.missions, services.now)
    gravest = find_gravest(pending)
    recipients = list_recipients(turn, pending, place)
    if asked := notice.ask_first(turn, recipients, place, before, consent):
        return asked
    if not before and gravest.urgency == "critical":  # now that the mission is known, its phone too
        competent = services.missions.get(route.competent)
        before = render_first_steps(gravest.incident, competent, conversation.language)
    draft = draft_case(turn, pending, gravest, route, place, _list_earlier_turns(conversation))
    case, sealed = draft.case, draft.sealed
    room = find_staff_room(route.mission, services.bindings)
    receipt = render_receipt(case, services.missions, conversation.language, route.opens_at, room)
    is_vague = route.basis == "country"  # another city of it may have another mission
    if is_vague:
        receipt = f"{receipt}\n{render_phrase('founder.receipt_city', conversation.language)}"
    if case.question == render_phrase("founder.no_question_yet", conversation.language):
        receipt = f"{receipt}\n{render_phrase('founder.receipt_question', conversation.language)}"
    if pending.left_out:
        left_out = render_phrase("founder.left_out", conversation.language, count=pending.left_out)
        receipt = f"{receipt}\n{left_out}"
    if case.sealed:
        conversation = replace(conversation, turns=(), why="", offered=(), answered=())
        receipt = f"{receipt}\n{sealed.render_for_founder(conversation.language)}"
    in_case = replace(
        conversation,
        place=place or conversation.place,
        asking_place=False,
        pending=None,
        case=case.number,
    )
    buttons = build_correction_buttons(case, conversation.language)
    content = Content(
        f"{before}\n\n{receipt}".strip(),
        buttons=buttons,
        protect=case.sealed,
        headings=list_labels(receipt),
    )
    decision = replace(
        turn.with_conversation(in_case).reply_content(content, "place" if is_vague else ""),
        new_case=case,
        log=draft.log,
        new_lines=draft.lines,
        consents=(consent,) if consent else (),
    )
    told: tuple[Outgoing, ...] = ()
    agreed = consent is not None and consent.scope == route.mission
    if not agreed and gravest.urgency in URGENT:
        to, language = conversation.personal_address, conversation.language
        told = tell_of_recipient(services, case, to, language, "notice_urgent")
    decision = replace(decision, outgoing=(*decision.outgoing, *told, *sealed.outgoing))
    decision = begin_thread(services, case, room, draft.record, decision)
    for one in pending.aside:
        decision = open_aside(turn, decision, one, place)
    return decision


def _list_earlier_turns(conversation: Conversation) -> tuple[Exchange, ...]:
    """The exchanges before the question that becomes the case, but for those about what would be
    sealed: they belong to no other case."""
    pending, turns = conversation.pending, conversation.turns
    question = pending.question if pending else ""
    asides = [render_question(one) for one in pending.aside] if pending else []
    if turns and question.startswith(turns[-1].question):  # its own, whatever was added below it
        turns = turns[:-1]
    return tuple(
        exchange
        for exchange in turns
        if exchange.question not in (question, *asides)
        and not triage_message(exchange.question).suspect
    )
