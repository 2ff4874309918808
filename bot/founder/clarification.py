"""Asking back which document is meant, and what is then chosen by a button or by its name."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Scene, short
from bot.founder import answer_text
from bot.types import AskedBack, Button, Conversation
from knowledge.text.language import fold
from knowledge.types import Answer

KEPT = 3  # times of asking back that are remembered: older buttons say what to do
AROUND = " \t\n「」『』\"'“”‘’.,?!"  # what people write around a name

Choice = tuple[AskedBack, int]


def asking_back(scene: Scene, question: str, answer: Answer) -> Scene:
    """The scene after `question` was answered by asking which document is meant."""
    token = scene.message.token(question)
    earlier = tuple(one for one in scene.talk.asked_back if one.token != token)
    back = AskedBack(token, question, answer_text.choices(answer))
    return scene.with_talk(replace(scene.talk, asked_back=(*earlier, back)[-KEPT:]))


def buttons(talk: Conversation) -> tuple[tuple[Button, ...], ...]:
    """One below the other: titles are long. A key is short, for Telegram keeps 64 bytes of it."""
    back = talk.asked_back[-1]
    return tuple(
        (Button(f"about:{back.token}:{number}", short(title)),)
        for number, title in enumerate(back.titles)
    )


def pressed(talk: Conversation, value: str) -> Choice | None:
    """The choice whose button carries `value`; None where it is no longer remembered."""
    token, _, number = value.partition(":")
    for back in talk.asked_back:
        if back.token == token and number.isdigit() and int(number) < len(back.titles):
            return back, int(number)
    return None


def named(talk: Conversation, text: str) -> Choice | None:
    """The choice that is called by its title or, right after asking, by a part of it alone."""
    wanted = _bare(text)
    if not talk.asked_back or len(wanted) < 2:
        return None
    back = talk.asked_back[-1]
    titles = [_bare(title) for title in back.titles]
    if wanted in titles:
        return back, titles.index(wanted)
    parts = [number for number, title in enumerate(titles) if wanted in title]
    just_asked = bool(talk.turns) and talk.turns[-1].question == back.question
    return (back, parts[0]) if just_asked and len(parts) == 1 else None


def chosen(scene: Scene, choice: Choice) -> Scene:
    """The scene as if the question were asked now, and the button noted as used."""
    back, number = choice
    talk, done = scene.talk, replace(back, chosen=(*back.chosen, number))
    pending = talk.pending if talk.pending and talk.pending.question == back.question else None
    files = (*(pending.files if pending else ()), *scene.message.files)
    kept = tuple(done if one == back else one for one in talk.asked_back)
    message = replace(scene.message, kind="text", text=back.question, files=files)
    return replace(scene, talk=replace(talk, asked_back=kept), message=message)


def _bare(text: str) -> str:
    return fold(" ".join(text.split())).strip(AROUND)
