"""Asking which document a question is about, and finding the one that is chosen.

See docs/decisions/0042-document-choices-kept-in-the-conversation.md
"""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import write_choice_key
from bot.context import Turn, shorten_text
from bot.founder import answer_text
from bot.messages import Button
from bot.types import Clarification, Conversation
from knowledge.text.language import fold_diacritics
from knowledge.types import Answer

MAX_REMEMBERED_CLARIFICATIONS = 3  # in a conversation; buttons of older ones are stale
TITLE_EDGE_CHARACTERS = " \t\n「」『』\"'“”‘’.,?!"  # what people write around a name

Choice = tuple[Clarification, int]  # what was asked, and the number of the chosen title, from 0


def remember_clarification(turn: Turn, question: str, answer: Answer) -> Turn:
    """The turn after `question` was answered by asking which document is meant."""
    token = turn.message.token(question)
    earlier = tuple(asked for asked in turn.conversation.asked_back if asked.token != token)
    latest = Clarification(token, question, answer_text.list_choices(answer))
    remembered = (*earlier, latest)[-MAX_REMEMBERED_CLARIFICATIONS:]
    return turn.with_conversation(replace(turn.conversation, asked_back=remembered))


def build_choice_buttons(conversation: Conversation) -> tuple[tuple[Button, ...], ...]:
    """A row for each title of the latest clarification: titles are long."""
    asked = conversation.asked_back[-1]
    return tuple(
        (Button(write_choice_key(asked.token, number), shorten_text(title)),)
        for number, title in enumerate(asked.titles)
    )


def find_pressed_choice(conversation: Conversation, token: str, number: int) -> Choice | None:
    """The choice of title `number` of the clarification `token`; None if it is not remembered."""
    for asked in conversation.asked_back:
        if asked.token == token and number < len(asked.titles):
            return asked, number
    return None


def find_named_choice(conversation: Conversation, text: str) -> Choice | None:
    """The choice of the latest clarification that `text` names: by a whole title or, if nothing
    was asked since, by a part that only one title has. None if it names none."""
    wanted = _normalise_title(text)
    if not conversation.asked_back or len(wanted) < 2:
        return None
    asked = conversation.asked_back[-1]
    titles = [_normalise_title(title) for title in asked.titles]
    if wanted in titles:
        return asked, titles.index(wanted)
    matches = [number for number, title in enumerate(titles) if wanted in title]
    turns = conversation.turns
    just_asked = bool(turns) and turns[-1].question == asked.question
    return (asked, matches[0]) if just_asked and len(matches) == 1 else None


def apply_choice(turn: Turn, choice: Choice) -> Turn:
    """The turn as if its message were the question that was asked back about, with the choice
    noted as used and the files of that question kept."""
    asked, number = choice
    conversation = turn.conversation
    used = replace(asked, chosen=(*asked.chosen, number))
    asked_back = tuple(used if other == asked else other for other in conversation.asked_back)
    pending = conversation.pending
    earlier_files = pending.files if pending and pending.question == asked.question else ()
    files = (*earlier_files, *turn.message.files)
    return replace(
        turn,
        conversation=replace(conversation, asked_back=asked_back),
        message=replace(turn.message, kind="text", text=asked.question, files=files),
    )


def _normalise_title(text: str) -> str:
    return fold_diacritics(" ".join(text.split())).strip(TITLE_EDGE_CHARACTERS)
