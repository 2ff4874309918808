"""Where the matter is: the reply to the question for a place, a shared location, a correction."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.buttons import write_place_key
from bot.context import Decision, Turn, shorten_text
from bot.errors import AmbiguousPlace, UnknownPlace
from bot.founder import question_rate
from bot.founder.answer_text import note_general_answer
from bot.founder.doors.reply import add_doors
from bot.founder.handover import build_place_request, open_case
from bot.founder.question import answer_question, ask_sources, reply_with_answer
from bot.founder.reading.acts import Reading
from bot.founder.reading.triage import triage_message
from bot.founder.talk.matter import (
    add_words,
    is_matter_begun,
    keep_in_matter,
    render_question,
    weigh_words,
)
from bot.founder.talk.mission_answer import answer_inquiry, find_inquiry
from bot.founder.talk.questions import is_question
from bot.messages import Button, Content, select_words
from bot.phrases import render_phrase
from bot.routing.route import find_route
from bot.routing.route_text import render_reason, spell_place
from bot.types import URGENT, Conversation, Place
from knowledge.types import Answer

# That there is none, in words instead of by the button.
NO_PLACE_PATTERN = re.compile(
    r"(?:아니요,? ?)?(?:특별히|특별한 ?곳(?:은|이)?|특정한 ?곳(?:은|이)?|딱히|따로|그런 ?(?:건|거|곳)|장소는?)?"
    r" ?(?:없어요?|없습니다|없음|없네요|없는데요)[.~! ]*"
    r"|(?:there is |there's )?(?:no|none|nowhere|not any)(?: particular| specific)?(?: place| city| country)?[.! ]*"
    r"|(?:dạ )?không có(?: nơi| chỗ| địa điểm)?(?: nào)?(?: cụ thể)?(?: ạ)?[.! ]*",
    re.IGNORECASE,
)
WORDS_OF_A_FACT = 2  # in addition to the name of a place: "the supplier is in …"
# What is returned to small talk while a place is asked for, by its act: the name of a phrase.
BESIDE_PLACE = {
    "thanks": "",
    "greeting": "",
    "goodbye": "",
    "yes": "",
    "no": "",
    "person": "",
    "complaint": "complaint",
}


def handle_place_reply(turn: Turn, reading: Reading) -> Decision:
    """What the reply to "which country and city?" leads to. A place opens the case, and so does what
    names none but cannot be read as anything else; a question is answered and small talk returned,
    and the place asked for again. Facts and files are kept for the case."""
    message = turn.message
    skip_label = render_phrase("founder.button_skip_place", turn.conversation.language)
    if message.text == skip_label:  # Telegram's reply keyboard sends a button's label as text
        return open_case(turn, None)
    if message.forwarded_from or not message.text.strip():
        language = turn.conversation.language
        content = build_place_request(render_phrase("founder.kept_for_case", language), language)
        return keep_in_matter(turn).reply_content(content, awaited="place")
    if _is_beside(turn, reading):
        return _ask_again(turn, BESIDE_PLACE[reading.act])
    if message.files or message.enclosures:
        own = replace(turn, message=replace(message, text=""))
        turn = turn.with_conversation(keep_in_matter(own).conversation)
    words = select_words(reading.place or message.text)
    try:
        place = turn.services.places.find_place(words)
        if _says_more(message.text, words):
            turn = keep_in_matter(turn)
        return open_case(_fix_place(turn, place), place)
    except AmbiguousPlace as error:
        return _ask_which_place(turn, words, error.choices)
    except UnknownPlace:
        mentioned = turn.services.places.find_mentioned_place(words)
    return _handle_words_beside(turn, reading, mentioned)


def _says_more(text: str, place: str) -> bool:
    """Whether a text that names a place says something about it, so that staff should read it."""
    return len(text.split()) - len(place.split()) >= WORDS_OF_A_FACT


def _is_beside(turn: Turn, reading: Reading) -> bool:
    """Whether the message is small talk and neither names a place nor reports anything."""
    words = turn.message.words
    triage = triage_message(words)
    return (
        reading.act in BESIDE_PLACE
        and not (triage.suspect or triage.needs_person)
        and turn.services.places.find_mentioned_place(words) is None
    )


def _handle_words_beside(turn: Turn, reading: Reading, mentioned: Place | None) -> Decision:
    """What words lead to that do not simply name the place that is asked for."""
    message, pending = turn.message, turn.conversation.pending
    assert pending is not None
    added = turn.with_conversation(
        replace(turn.conversation, pending=add_words(pending, message.text))
    )
    triage = triage_message(message.words)
    if mentioned or triage.suspect or triage.needs_person:
        return add_doors(turn, open_case(added, mentioned), pending)
    if reading.act == "addition" or any(letter.isdigit() for letter in message.text):
        return _ask_again(added, "added_short")
    if is_question(message.words):
        return _answer_beside(turn, added.conversation)
    if NO_PLACE_PATTERN.fullmatch(message.text.strip()):
        return open_case(turn, None)
    unknown = render_phrase(
        "founder.unknown_place", turn.conversation.language, text=shorten_text(message.text)
    )
    return open_case(added, None, unknown)


def _answer_beside(turn: Turn, added: Conversation) -> Decision:
    """Answer a question while the place is asked for, and ask for the place again: the matter stays
    what it is, and only becomes as grave as the question. `added` has a question in it that the
    library does not answer."""
    before = turn.conversation
    assert before.pending is not None
    decision = answer_question(turn)
    after = decision.conversation or before
    kept = replace(after, asking_place=True, place=before.place, offered=before.offered)
    if not any(one.content.details for one in decision.outgoing):
        kept = replace(kept, pending=added.pending, turns=before.turns, why=before.why)
        return _ask_again(turn.with_conversation(kept), "passed_on_unanswered")
    kept = replace(kept, pending=weigh_words(before.pending, turn.message.words))
    replies = tuple(
        replace(one, content=replace(one.content, buttons=())) for one in decision.outgoing
    )
    asked = _ask_again(turn.with_conversation(kept), "")
    return replace(asked, outgoing=(*replies, *asked.outgoing))


def ask_again_after(turn: Turn, decision: Decision) -> Decision:
    """The decision with the place asked for again below what it says."""
    after = decision.conversation or turn.conversation
    asked = _ask_again(turn.with_conversation(replace(after, asking_place=True)), "")
    return replace(
        decision,
        conversation=asked.conversation,
        outgoing=(*decision.outgoing, *asked.outgoing),
    )


def _ask_again(turn: Turn, key: str) -> Decision:
    """Reply with the phrase `founder.KEY`, if there is one, and ask for the place again; the case
    still opens in the time that was said before."""
    language = turn.conversation.language
    parts = [render_phrase(f"founder.{key}", language)] if key else []
    parts.append(render_phrase("founder.ask_place_again", language))
    content = build_place_request("\n\n".join(parts), language)
    return turn.reply_content(content, awaited="place")


def _fix_place(turn: Turn, place: Place) -> Turn:
    return turn.with_conversation(replace(turn.conversation, place=place, place_fixed=True))


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
    """`/where PLACE` remembers a place, or opens the case that waits for one; `/where` asks for it,
    and what was asked of the founder before still is."""
    text = turn.message.text.strip()
    if not text:
        language = turn.conversation.language
        share = render_phrase("founder.button_share_location", language)
        content = Content(render_phrase("founder.ask_where", language), ask_location=share)
        return turn.reply_content(content, awaited=turn.conversation.awaited or "place")
    return find_and_set_place(turn, text)


def correct_place(turn: Turn, reading: Reading) -> Decision:
    """A place that is named by itself or corrected: it is remembered, and what was asked before is
    looked up once more for it. Words that name no place are a question."""
    conversation, places = turn.conversation, turn.services.places
    words = select_words(reading.place or turn.message.text)
    pending = conversation.pending
    if pending is None or not is_matter_begun(pending, turn.services.now):
        return find_and_set_place(turn, words)
    try:
        place = places.find_place(words)
    except AmbiguousPlace as error:
        return _ask_which_place(turn, words, error.choices)
    except UnknownPlace:
        mentioned = places.find_mentioned_place(words)
        if mentioned is None and conversation.awaited == "place":
            return find_and_set_place(turn, words)
        if mentioned is None:
            return answer_question(turn, is_follow_up=True)
        place = mentioned
    asked = pending.question.partition("\n")[0]
    added = replace(add_words(pending, turn.message.text.strip()), at=turn.services.now)
    turn = _fix_place(turn, place)
    turn = turn.with_conversation(replace(turn.conversation, pending=added))
    triage = triage_message(select_words(render_question(added)))
    if triage.needs_person or conversation.awaited == "place":
        return _set_place(turn, place)
    moved = _move_question(turn, asked, words)
    as_asked = replace(turn, message=replace(turn.message, text=moved))
    if inquiry := find_inquiry(as_asked, place, triage):
        return answer_inquiry(turn, inquiry)
    if wait := question_rate.find_wait(turn):
        return question_rate.ask_to_wait(turn, wait)
    turn = question_rate.note_question(turn)
    answer = note_general_answer(ask_sources(turn, moved, place, triage), place.name)
    decision = reply_with_answer(turn, answer, triage)
    return _note_nothing_for_place(turn, decision, answer, place.name)


def _note_nothing_for_place(turn: Turn, decision: Decision, answer: Answer, name: str) -> Decision:
    """The decision with a sentence above its reply that no document says anything of the place, where
    nothing is said and no section that is offered names it."""
    shown = " ".join(f"{one.title} {one.label}" for one in answer.offers)
    if answer.verdict not in ("offered", "no_evidence") or name.lower() in shown.lower():
        return decision
    note = render_phrase("founder.nothing_for_place", turn.conversation.language, place=name)
    *before, reply = decision.outgoing
    content = replace(reply.content, text=f"{note}\n\n{reply.content.text}")
    return replace(decision, outgoing=(*before, replace(reply, content=content)))


def _move_question(turn: Turn, asked: str, words: str) -> str:
    """The question for another place, which `words` name: in place of the one it names, else before
    it."""
    named = turn.services.places.find_mentioned_place(asked)
    if named is not None and named.name in asked:
        return asked.replace(named.name, words, 1)
    return f"{words} {asked}"


def handle_place_button(turn: Turn, name: str) -> Decision:
    """The answer to which of two places of one name is meant."""
    return find_and_set_place(turn, name)


def find_and_set_place(turn: Turn, text: str) -> Decision:
    """Remember the place that `text` names, or open the case that waits for one; an ambiguous name
    is asked about, an unknown one asked for again."""
    try:
        return _set_place(turn, turn.services.places.find_place(text))
    except AmbiguousPlace as error:
        return _ask_which_place(turn, text, error.choices)
    except UnknownPlace:
        unknown = render_phrase(
            "founder.unknown_place", turn.conversation.language, text=shorten_text(text)
        )
        return turn.reply_content(Content(unknown), awaited="place")


def _ask_which_place(turn: Turn, text: str, choices: tuple[str, ...]) -> Decision:
    """Ask which of the places of one name is meant; the answer is typed or pressed."""
    asked = render_phrase(
        "founder.which_place",
        turn.conversation.language,
        text=shorten_text(text),
        choices=" · ".join(choices),
    )
    buttons = tuple(Button(write_place_key(name), name) for name in choices)
    return turn.reply_content(Content(asked, buttons=(buttons,)), awaited="place")


def _set_place(turn: Turn, place: Place) -> Decision:
    """Remember a place that was named or shared on purpose: no country that only occurs in a later
    text replaces it."""
    conversation = replace(turn.conversation, place=place, place_fixed=True)
    turn = turn.with_conversation(conversation)
    if conversation.asking_place and conversation.pending:
        return open_case(turn, place)
    missions, language = turn.services.missions, conversation.language
    route = find_route(place, missions, turn.services.now)
    reason = render_reason(route, missions, language)
    name = spell_place(place, language)
    text = render_phrase("founder.place_kept", language, place=name, reason=reason)
    pending = conversation.pending
    is_urgent = pending is not None and pending.urgency in URGENT
    if is_urgent or conversation.awaited == "person":  # that was offered before, and still is
        return turn.offer_person_below(Content(text))
    return turn.reply_content(Content(text))
