"""Sections offered where no answer is sure, and the one that the founder chooses, whole.

See docs/decisions/0072-offers-kept-in-the-conversation.md
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.buttons import write_none_key, write_offer_key
from bot.cases.phrase_evidence import prepare_phrase, select_own_words
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision, Turn, shorten_text
from bot.founder import answer_text
from bot.founder.handover import request_person
from bot.founder.reading.triage import triage_message
from bot.founder.talk.matter import add_to_matter, carry_over, remember_exchange
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.types import URGENT, Conversation, OfferedSections, PendingQuestion
from knowledge.phrases.phrase import SectionChoice
from knowledge.text.language import fold_diacritics
from knowledge.types import Answer, Language, Offer, Question

MAX_REMEMBERED_OFFERS = 3  # questions of a conversation; buttons of older ones are stale
# Of a button, as much as a phone shows of it; its line above has the label whole.
LABEL_LIMIT_CHARACTERS, KOREAN_LABEL_LIMIT_CHARACTERS = 34, 28
LABEL_EDGE_CHARACTERS = " \t\n「」『』\"'“”‘’.,?!"  # what people write around a name

Choice = tuple[OfferedSections, int]  # what was offered, and the number of the chosen one, from 0

_NUMBER = re.compile(
    r"(?:#|(?:no|number|option|so|muc)\.? ?)?(\d{1,2})[.)]?(?: ?번(?:째|이요|요)?)?"
)
# What people answer to "is it one of these?" when it is not, without diacritics.
_NONE_WORDS = frozenset(
    {"없음", "없어요", "없습니다", "없네요", "아니요", "아니오", "아닙니다", "이 가운데 없음", "no", "none",
     "none of these", "none of them", "khong", "khong co", "khong phai", "khong co muc nao"}
)  # fmt: skip
_YES_WORDS = frozenset({"네", "예", "맞아요", "맞습니다", "yes", "dung", "vang", "phai"})


def reply_with_offers(turn: Turn, answer: Answer, *, for_people: bool = False) -> Decision:
    """Offer the sections of an answer that is not sure: a line for each, a button for each, and one
    for a person below. They are remembered with the pending question. What is `for_people` is first
    offered to them: a yes then passes it on."""
    pending = turn.conversation.pending
    assert pending is not None
    token = turn.message.token(pending.question)
    earlier = tuple(one for one in turn.conversation.offered if one.token != token)
    own_words = select_own_words(turn.message, answer)
    latest = OfferedSections(token, pending, answer.offers, own_words=own_words)
    offered = (*earlier, latest)[-MAX_REMEMBERED_OFFERS:]
    turn = turn.with_conversation(replace(turn.conversation, offered=offered))
    text = answer_text.render_answer_text(answer, turn.services.now)
    if for_people:
        choices = answer_text.render_offers(answer.offers)
        text = render_phrase("founder.people_offered", answer.language, choices=choices)
    content = Content(text, buttons=_build_buttons(turn, latest))
    return turn.reply_content(content, awaited="person" if for_people else "choice")


def handle_offer_reply(turn: Turn) -> Decision | None:
    """What a message leads to that answers the latest offers in words or by a number; None if it is
    something else, such as the next question."""
    conversation, words = turn.conversation, turn.message.words
    if turn.message.kind != "text":
        return None
    if is_none_of_offers(conversation, words):
        pending = _find_pending(turn, conversation.offered[-1])
        turn = turn.with_conversation(replace(conversation, pending=pending))
        return turn.offer_person("none_of_offers")
    choice = find_named_choice(conversation, words)
    return show_choice(turn, choice) if choice else None


def find_offers(conversation: Conversation, token: str) -> OfferedSections | None:
    """The offers that `token` names; None if they are not remembered."""
    return next((one for one in conversation.offered if one.token == token), None)


def find_named_choice(conversation: Conversation, text: str) -> Choice | None:
    """The choice of the latest offers that `text` names: by a whole label or, if nothing was asked
    since, by its number, by words that only one of them has or, of a single one, by a yes. None if
    it names none."""
    wanted = _normalise_name(text)
    if not conversation.offered or not wanted:
        return None
    asked = conversation.offered[-1]
    labels = [_normalise_name(offer.label) for offer in asked.offers]
    if wanted in labels:
        return asked, labels.index(wanted)
    if not _is_just_offered(conversation):
        return None
    if match := _NUMBER.fullmatch(wanted):
        number = int(match[1]) - 1
        return (asked, number) if 0 <= number < len(labels) else None
    if wanted in _YES_WORDS:
        return (asked, 0) if len(labels) == 1 else None
    names = [_normalise_name(f"{offer.title} {offer.label}") for offer in asked.offers]
    named = [number for number, name in enumerate(names) if wanted in name]
    return (asked, named[0]) if len(wanted) > 1 and len(named) == 1 else None


def is_none_of_offers(conversation: Conversation, text: str) -> bool:
    """Whether `text` says of what was just offered that it is none of it: in words, or by the number
    after the last one."""
    if not conversation.offered or not _is_just_offered(conversation):
        return False
    wanted = _normalise_name(text)
    match = _NUMBER.fullmatch(wanted)
    after_last = len(conversation.offered[-1].offers) + 1
    return wanted in _NONE_WORDS or (match is not None and int(match[1]) == after_last)


def show_choice(turn: Turn, choice: Choice) -> Decision:
    """The chosen section whole, as the answer to the question it was offered for. Where the library
    cannot give it any more, the reply says so and offers a person."""
    asked, number = choice
    conversation, now = turn.conversation, turn.services.now
    language = conversation.language if conversation.fixed_language else asked.asked.language
    question = Question(asked.asked.question, language, now, conversation.turns)
    answer = turn.services.show_section(question, asked.offers[number])
    turn = turn.with_conversation(replace(conversation, language=language))
    turn = turn.with_conversation(_remember_choice(turn, choice, answer))
    is_emergency = asked.asked.urgency in URGENT
    content = answer_text.render_reply(answer, now, is_emergency=is_emergency)
    if answer.verdict != "answered":
        return turn.offer_person_below(content)
    decision = turn.reply_content(content)
    return replace(decision, choice=None if number in asked.chosen else _build_choice(turn, choice))


def hand_over_offered(turn: Turn, asked: OfferedSections) -> Decision:
    """None of the offers is what was asked: a person gets the question they were offered for."""
    pending = _find_pending(turn, asked)
    return request_person(turn.with_conversation(replace(turn.conversation, pending=pending)))


def shorten_label(label: str) -> str:
    """A button's label, cut after a word where a phone would cut it anywhere."""
    is_korean = re.search("[가-힣]", label) is not None
    return shorten_text(
        label, KOREAN_LABEL_LIMIT_CHARACTERS if is_korean else LABEL_LIMIT_CHARACTERS
    )


def _build_buttons(turn: Turn, asked: OfferedSections) -> tuple[tuple[Button, ...], ...]:
    """A row for each section, because labels are long, with the number of its line in the text,
    where its document stands; and one for a person."""
    rows = [
        (
            Button(
                write_offer_key(asked.token, number),
                shorten_label(f"{number + 1}. {offer.label}"),
            ),
        )
        for number, offer in enumerate(asked.offers)
    ]
    none = render_phrase("founder.button_none", turn.conversation.language)
    return (*rows, (Button(write_none_key(asked.token), none),))


def _is_just_offered(conversation: Conversation) -> bool:
    """Whether nothing else was asked since the latest offers."""
    asked, turns = conversation.offered[-1].asked, conversation.turns
    return bool(turns) and turns[-1].question == asked.question


def _find_pending(turn: Turn, asked: OfferedSections) -> PendingQuestion:
    """The question of the offers as it would become a case now, with what was sent in its matter
    since, and with what the message brings along."""
    conversation, message, now = turn.conversation, turn.message, turn.services.now
    pending = conversation.pending
    if pending and f"{pending.question}\n".startswith(f"{asked.asked.question}\n"):
        pending = replace(pending, at=now)
    else:
        pending = carry_over(pending, replace(asked.asked, at=now), conversation.turns)
    if message.files or message.enclosures:
        pending = add_to_matter(pending, replace(message, text=""), now)
    return pending


def _remember_choice(turn: Turn, choice: Choice, answer: Answer) -> Conversation:
    """The conversation after a choice: its question is the latest again."""
    asked, number = choice
    conversation, offer = turn.conversation, asked.offers[number]
    pending = _find_pending(turn, asked)
    if answer.verdict != "answered":
        return replace(conversation, pending=pending)
    others = tuple(one for one in conversation.turns if one.question != asked.asked.question)
    used = replace(asked, chosen=tuple(dict.fromkeys((*asked.chosen, number))))
    found = _name_section(offer, "staff.found_chosen", STAFF_LANGUAGE)
    pending = replace(pending, found=found)
    exchange = answer_text.make_exchange(asked.asked.question, answer, turn.services.now)
    return replace(
        remember_exchange(replace(conversation, turns=others, pending=pending), exchange),
        why=_name_section(offer, "founder.why_chosen", conversation.language),
        offered=tuple(used if one == asked else one for one in conversation.offered),
    )


def _name_section(offer: Offer, key: str, language: Language) -> str:
    """The phrase `key` about the section of an offer."""
    percent = round(100 * offer.confidence)
    return render_phrase(
        key, language, title=offer.title, heading=offer.heading[-1], confidence=percent
    )


def _build_choice(turn: Turn, choice: Choice) -> SectionChoice | None:
    """The choice as it is kept for the review of phrases, without personal data; None for a question
    that only few may see, and for words that do not stand for themselves."""
    asked, number = choice
    pending, offer = asked.asked, asked.offers[number]
    is_kept_back = pending.sealed or pending.urgency == "critical"
    phrase = prepare_phrase(asked.own_words)
    if is_kept_back or not phrase or triage_message(pending.question).suspect:
        return None
    return SectionChoice(
        turn.conversation.key, pending.language, phrase, offer.document, offer.heading
    )


def _normalise_name(text: str) -> str:
    return fold_diacritics(" ".join(text.split())).strip(LABEL_EDGE_CHARACTERS)
