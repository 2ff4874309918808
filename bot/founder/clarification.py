"""Asking back which document is meant, and what is then chosen by a button or by its name."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Turn, shorten_text
from bot.founder import answer_text
from bot.types import Button, Clarification, Conversation
from knowledge.text.language import fold_diacritics
from knowledge.types import Answer

MAX_REMEMBERED_CLARIFICATIONS = (
    3  # times of asking back that are remembered: older buttons say what to do
)
TITLE_EDGE_CHARACTERS = " \t\n「」『』\"'“”‘’.,?!"  # what people write around a name

Choice = tuple[Clarification, int]


def remember_clarification(scene: Turn, question: str, answer: Answer) -> Turn:
    """The scene after `question` was answered by asking which document is meant."""
    token = scene.message.token(question)
    earlier = tuple(one for one in scene.conversation.asked_back if one.token != token)
    back = Clarification(token, question, answer_text.list_choices(answer))
    return scene.with_conversation(
        replace(scene.conversation, asked_back=(*earlier, back)[-MAX_REMEMBERED_CLARIFICATIONS:])
    )


def build_choice_buttons(talk: Conversation) -> tuple[tuple[Button, ...], ...]:
    """One below the other: titles are long. A key is short, for Telegram keeps 64 bytes of it."""
    back = talk.asked_back[-1]
    return tuple(
        (Button(f"about:{back.token}:{number}", shorten_text(title)),)
        for number, title in enumerate(back.titles)
    )


def find_pressed_choice(talk: Conversation, value: str) -> Choice | None:
    """The choice whose button carries `value`; None where it is no longer remembered."""
    token, _, number = value.partition(":")
    for back in talk.asked_back:
        if back.token == token and number.isdigit() and int(number) < len(back.titles):
            return back, int(number)
    return None


def find_named_choice(talk: Conversation, text: str) -> Choice | None:
    """The choice that is called by its title or, right after asking, by a part of it alone."""
    wanted = _normalise_title(text)
    if not talk.asked_back or len(wanted) < 2:
        return None
    back = talk.asked_back[-1]
    titles = [_normalise_title(title) for title in back.titles]
    if wanted in titles:
        return back, titles.index(wanted)
    parts = [number for number, title in enumerate(titles) if wanted in title]
    just_asked = bool(talk.turns) and talk.turns[-1].question == back.question
    return (back, parts[0]) if just_asked and len(parts) == 1 else None


def apply_choice(scene: Turn, choice: Choice) -> Turn:
    """The scene as if the question were asked now, and the button noted as used."""
    back, number = choice
    talk, done = scene.conversation, replace(back, chosen=(*back.chosen, number))
    pending = talk.pending if talk.pending and talk.pending.question == back.question else None
    files = (*(pending.files if pending else ()), *scene.message.files)
    kept = tuple(done if one == back else one for one in talk.asked_back)
    message = replace(scene.message, kind="text", text=back.question, files=files)
    return replace(scene, conversation=replace(talk, asked_back=kept), message=message)


def _normalise_title(text: str) -> str:
    return fold_diacritics(" ".join(text.split())).strip(TITLE_EDGE_CHARACTERS)
