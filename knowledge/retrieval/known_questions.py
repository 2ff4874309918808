"""The texts that passages are found by: their own and their known questions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.text.language import detect_language
from knowledge.text.personal_data import mask_personal_data
from knowledge.types import Language, Passage


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
class IndexedText:
    """A text by whose words the passage at `position` is found; `question` is None for the
    passage's own text."""

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


def list_indexed_texts(passages: Sequence[Passage]) -> list[IndexedText]:
    """Every text of an edition that is found by its words: first the passages in order, then
    their known questions in order. Only the passages are found by a vector as well."""
    own = [
        IndexedText(at, build_index_text(passage), passage.document.language)
        for at, passage in enumerate(passages)
    ]
    questions = [
        IndexedText(one.position, one.text, one.language, one)
        for one in list_known_questions(passages)
    ]
    return [*own, *questions]


def _iterate_questions(position: int, passage: Passage) -> Iterator[KnownQuestion]:
    has_words = any(map(str.isalpha, passage.heading[-1]))  # a heading may be just "①"
    if len(passage.heading) > 1 and has_words:
        yield KnownQuestion(position, passage.heading[-1], passage.document.language)
    for text in map(mask_personal_data, (*passage.asked, *passage.phrases)):  # people asked them
        yield KnownQuestion(position, text, detect_language(text))
    for text in map(mask_personal_data, passage.unanswered):
        yield KnownQuestion(position, text, detect_language(text), is_answered=False)
