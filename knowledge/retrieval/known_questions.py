"""Known questions of passages, and the one numbering of all texts that are embedded.

A vector is stored under the number of its text, so whatever reads or writes vectors must number
the texts of an edition alike: everything goes through `number_texts`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.retrieval.gloss_cache import Glosser
from knowledge.text.language import detect_language
from knowledge.text.personal_data import mask_personal_data
from knowledge.types import Language, Passage

# Share of a text's terms that the glossary must know for an English model to read its gloss.
MIN_GLOSS_SHARE = 0.5  # tuned: see docs/parameters.md


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question whose answer is known: the passage at `position` in the edition.

    Where `is_answered` is false no passage answers it, and `position` is the passage it is
    similar to.
    """

    position: int
    text: str
    language: Language
    is_answered: bool = True


@dataclass(frozen=True, slots=True)
class NumberedText:
    """A text by which the passage at `position` is found.

    `number` is the key of its vector. `question` is None for the passage's own text.
    """

    number: int
    position: int
    text: str
    language: Language
    question: KnownQuestion | None = None


def compute_text_key(text: str) -> str:
    """The sha256 of a text as it is analysed or embedded: equal text is never done twice."""
    return hashlib.sha256(text.encode()).hexdigest()


def build_index_text(passage: Passage) -> str:
    """What a passage is found by: its heading path, which gives it meaning, and its text."""
    return "\n".join([" – ".join(passage.heading), passage.text])


def get_translation_key(passage: Passage) -> tuple[str, int]:
    """A key that is equal for passages that are translations of each other."""
    return passage.document.base_id, passage.ord


def list_known_questions(passages: Sequence[Passage]) -> list[KnownQuestion]:
    """The known questions of `passages` in order: of each its heading, its other wordings and
    the unanswerable questions close to it."""
    return [
        question
        for position, passage in enumerate(passages)
        for question in _iterate_questions(position, passage)
    ]


def number_texts(passages: Sequence[Passage]) -> list[NumberedText]:
    """Every text of an edition with its number, from 0: first the passages in order, then their
    known questions in order."""
    own = [(at, build_index_text(p), p.document.language, None) for at, p in enumerate(passages)]
    questions = [
        (one.position, one.text, one.language, one) for one in list_known_questions(passages)
    ]
    return [NumberedText(number, *fields) for number, fields in enumerate([*own, *questions])]


def select_embedding_texts(passages: Sequence[Passage], glosser: Glosser | None) -> dict[int, str]:
    """The texts to embed, by their number in `number_texts`.

    Without a `glosser` the model reads every language, so all texts are embedded as they are.
    With one the model reads English only: English texts are embedded as they are; of the others
    only passages without an English translation, as a gloss, and only where the glossary knows
    at least MIN_GLOSS_SHARE of their terms.
    """
    numbered = number_texts(passages)
    if glosser is None:
        return {one.number: one.text for one in numbered}
    english = {get_translation_key(p) for p in passages if p.document.language == "en"}
    selected: dict[int, str] = {}
    for one in numbered:
        if one.language == "en":
            selected[one.number] = one.text
        elif one.question is None and get_translation_key(passages[one.position]) not in english:
            gloss, known_share = glosser.gloss_text(one.text, one.language)
            if known_share >= MIN_GLOSS_SHARE:
                selected[one.number] = gloss
    return selected


def _iterate_questions(position: int, passage: Passage) -> Iterator[KnownQuestion]:
    has_words = any(map(str.isalpha, passage.heading[-1]))  # a heading may be just "①"
    if len(passage.heading) > 1 and has_words:
        yield KnownQuestion(position, passage.heading[-1], passage.document.language)
    for text in map(mask_personal_data, passage.asked):  # people asked them
        yield KnownQuestion(position, text, detect_language(text))
    for text in map(mask_personal_data, passage.unanswered):
        yield KnownQuestion(position, text, detect_language(text), is_answered=False)
