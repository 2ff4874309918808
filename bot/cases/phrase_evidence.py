"""What people show about which section answers which question; an admin's review starts from it.

Nothing is kept of what is sealed, suspect or critical, of another person's words that were
forwarded, or of a question that is only understood after the one before it. See
docs/decisions/0076-known-questions-grow-by-use.md
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.cases.wording import find_quoted_line
from bot.context import Decision, Services, Turn
from bot.messages import Message
from bot.types import Case, Conversation
from knowledge.phrases.phrase import SectionChoice
from knowledge.text.personal_data import mask_personal_data
from knowledge.types import Answer, AnsweredQuestion

MAX_REMEMBERED_ANSWERS = 3  # of a conversation, whose button can still teach something
MIN_PHRASE_CHARACTERS, MAX_PHRASE_CHARACTERS = 4, 200  # of a question that others may ask as well


def select_own_words(message: Message, answer: Answer) -> str:
    """The words of a message that stand for themselves; "" for another person's that were forwarded,
    and for a question that was only understood after the one before it."""
    words = message.text.strip()
    searched = answer.query.strip()
    is_follow_up = bool(searched) and searched != unicodedata.normalize("NFC", words)
    return "" if message.forwarded_from or is_follow_up else words


def prepare_phrase(words: str) -> str:
    """A question on one line and without personal data; "" for one too short or long to be asked by
    others in the same way."""
    phrase = " ".join(mask_personal_data(words).split())
    return phrase if MIN_PHRASE_CHARACTERS <= len(phrase) <= MAX_PHRASE_CHARACTERS else ""


def remember_answer(turn: Turn, answer: Answer) -> tuple[Turn, str]:
    """The turn that remembers an answer with its section, the one quoted first, and the token of the
    button that confirms it; "" where that would teach nothing."""
    phrase = prepare_phrase(select_own_words(turn.message, answer))
    if not phrase or not answer.citations:
        return turn, ""
    token = turn.message.token(phrase)
    cited = answer.citations[0]
    latest = AnsweredQuestion(token, answer.language, phrase, cited.document, cited.heading)
    others = [one for one in turn.conversation.answered if one.token != token]
    answered = (*others, latest)[-MAX_REMEMBERED_ANSWERS:]
    return turn.with_conversation(replace(turn.conversation, answered=answered)), token


def confirm_answer(turn: Turn, token: str) -> Decision:
    """Thank for "I'm all set"; the answer that its button names is confirmed, once."""
    conversation = turn.conversation
    confirmed = next((one for one in conversation.answered if one.token == token), None)
    if confirmed is None:
        return turn.reply_phrase("all_set")
    left = tuple(one for one in conversation.answered if one != confirmed)
    choice = SectionChoice(
        conversation.key, confirmed.language, confirmed.question, confirmed.document,
        confirmed.heading, "confirmed",
    )  # fmt: skip
    thanks = turn.with_conversation(replace(conversation, answered=left)).reply_phrase("all_set")
    return replace(thanks, choice=choice)


def find_staff_choice(services: Services, message: Message, case: Case) -> SectionChoice | None:
    """That staff answered the question of a case with a section, which their words cite or link; None
    if they name none, or answer other words of the founder than the question."""
    is_kept_back = case.sealed or case.urgency == "critical"
    is_one_line = (
        "\n" not in case.question
    )  # of more, one is forwarded, enclosed or another question
    phrase = prepare_phrase(case.question) if is_one_line and not is_kept_back else ""
    if not phrase or _is_about_other_words(services, message, case):
        return None
    section = services.find_linked_section(message.text)
    if section is None:
        return None
    return SectionChoice(
        case.conversation, case.language, phrase, section.document, section.heading, "staff"
    )


def forget_answer(conversation: Conversation, words: str) -> Conversation:
    """The conversation without the answers to a question that its person deleted."""
    phrase = prepare_phrase(words)
    answered = tuple(one for one in conversation.answered if one.question != phrase)
    return replace(conversation, answered=answered)


def _is_about_other_words(services: Services, message: Message, case: Case) -> bool:
    """Whether the message quotes something else of the founder's than the question of the case."""
    record = services.list_lines(case.number) if message.quoted else ()
    line = find_quoted_line(message.quoted, record)
    return line is not None and line.author == "founder" and line.text != case.question
