"""The texts that passages are found by: their own and their known questions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.catalogue import Catalogue
from knowledge.code_digest import digest_of_modules
from knowledge.text.language import detect_language
from knowledge.text.personal_data import mask_personal_data
from knowledge.types import LANGUAGES, Language, Passage

# The code that decides what is read; after a change of any all wordings are read again.
WORDING_RULE_MODULES = (
    "knowledge.text.language", "knowledge.text.personal_data", "knowledge.text.personal_data_rules",
    "knowledge.retrieval.known_questions",
)  # fmt: skip
NUMBER_END = "\t"

Wording = tuple[str, Language]


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


TextKind = Literal["passage", "question", "name", "places"]


@dataclass(frozen=True, slots=True)
class IndexedText:
    """A text of which the passage at `position` has the terms: by its own text and by its known
    `question` it is found; by its names (title and heading) and by the places that it names it is
    judged once it is found."""

    position: int
    text: str
    language: Language
    kind: TextKind = "passage"
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


def read_wording(text: str) -> Wording:
    """A wording that people asked, as it is indexed: without personal data, and its language."""
    masked = mask_personal_data(text)
    return masked, detect_language(masked)


def list_wordings(passages: Sequence[Passage]) -> list[str]:
    """Every different text of `passages` that `read_wording` reads, as it was asked, in order."""
    every = (text for one in passages for text in (*one.asked, *one.phrases, *one.unanswered))
    return list(dict.fromkeys(every))


def list_known_questions(
    passages: Sequence[Passage], read: Callable[[str], Wording] = read_wording
) -> list[KnownQuestion]:
    """The known questions of `passages` in order: of each its heading, its other wordings and
    the unanswerable questions close to it. `read` gives what `read_wording` does."""
    return [
        question
        for position, passage in enumerate(passages)
        for question in _iterate_questions(position, passage, read)
    ]


def list_indexed_texts(
    passages: Sequence[Passage], read: Callable[[str], Wording] = read_wording
) -> list[IndexedText]:
    """Every text of an edition that is analysed: first the passages in order, then their known
    questions in order, then what each passage is judged by. Only the passages are found by a
    vector as well. `read` gives what `read_wording` does."""
    own = [
        IndexedText(at, build_index_text(passage), passage.document.language)
        for at, passage in enumerate(passages)
    ]
    questions = [
        IndexedText(one.position, one.text, one.language, "question", one)
        for one in list_known_questions(passages, read)
    ]
    judged = [
        IndexedText(at, text, passage.document.language, kind)
        for at, passage in enumerate(passages)
        for kind, text in _list_judged_texts(passage)
    ]
    return [*own, *questions, *judged]


def build_place_text(passage: Passage) -> str:
    """Where the places are looked for that a passage names: all that is shown of it."""
    return "\n".join((passage.document.title, *passage.heading, passage.text)).lower()


def list_names(passage: Passage) -> tuple[str, str]:
    """What a passage is called: its last heading and the title of its document."""
    return passage.heading[-1], passage.document.title


def _list_judged_texts(passage: Passage) -> Iterator[tuple[TextKind, str]]:
    for name in list_names(passage):
        yield "name", name
    yield "places", build_place_text(passage)


def ensure_wordings(catalogue: Catalogue, passages: Sequence[Passage]) -> Callable[[str], Wording]:
    """A function that gives what `read_wording` does for every wording of `passages`. What was read
    of equal wordings is taken from the catalogue; of others it is stored there, in one row: reading
    twenty thousand takes half a second."""
    asked = list_wordings(passages)
    made_by = digest_of_modules(*WORDING_RULE_MODULES)
    key = compute_wordings_key(asked)
    row = catalogue.load_terms([key], made_by).get(key)
    if row is None:
        row = _write_row(asked, [read_wording(text) for text in asked])
        catalogue.add_terms(made_by, {key: row})
    return dict(zip(asked, _read_row(asked, row), strict=True)).__getitem__


def compute_wordings_key(asked: Sequence[str]) -> str:
    """The key of the row in which what was read of these wordings is stored."""
    return compute_text_key("\n".join(["wordings", *asked]))


def _write_row(asked: Sequence[str], read: Sequence[Wording]) -> list[str]:
    """The number of each wording's language, and the few that were masked with their numbers."""
    languages = "".join(str(LANGUAGES.index(language)) for _, language in read)
    both = enumerate(zip(asked, read, strict=True))
    masked = [f"{at}{NUMBER_END}{text}" for at, (raw, (text, _)) in both if raw != text]
    return [languages, *masked]


def _read_row(asked: Sequence[str], row: Sequence[str]) -> list[Wording]:
    languages, *changed = row
    parts = (one.partition(NUMBER_END) for one in changed)
    masked = {int(number): text for number, _, text in parts}
    return [
        (masked.get(at, text), LANGUAGES[int(language)])
        for at, (text, language) in enumerate(zip(asked, languages, strict=True))
    ]


def _iterate_questions(
    position: int, passage: Passage, read: Callable[[str], Wording]
) -> Iterator[KnownQuestion]:
    has_words = any(map(str.isalpha, passage.heading[-1]))  # a heading may be just "①"
    if len(passage.heading) > 1 and has_words:
        yield KnownQuestion(position, passage.heading[-1], passage.document.language)
    for text in (*passage.asked, *passage.phrases):
        yield KnownQuestion(position, *read(text))
    for text in passage.unanswered:
        yield KnownQuestion(position, *read(text), is_answered=False)
