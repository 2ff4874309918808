"""The exam: questions with what a right answer must and must not say, and the grading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.errors import ExamBroken
from knowledge.types import LANGUAGES, Citation, Document, Language, Passage, Verdict

EXAM_FOLDER = Path(__file__).parents[1] / "exam"
TOLD_FOLDER = EXAM_FOLDER / "told"  # what the confidence is fitted to
ExamPart = Literal["open", "locked"]
ANSWERING_VERDICTS: frozenset[Verdict] = frozenset({"answered", "expired"})

REQUIRED_FIELDS = ("id", "language", "question", "answerable")
NEAR_FIELD_MIN_SIMILARITY = 0.8  # of a name that is taken for a slip of the pen
LIST_FIELDS = ("documents", "must_say", "must_not_say", "headings", "also")


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One question of the exam.

    `as_of` is the moment it is asked at, None for the caller's. `documents` are the base ids of
    which one has to be cited, empty for any. An answer has to contain every entry of `must_say`
    and none of `must_not_say`; an entry is alternatives separated by "|". `headings` are those of
    the right sections in the originals, empty where they are not graded. `mission` is where it
    has to be routed, None where that is not graded. `twin` is the same for
    questions that ask the same in other words. `mixed` says that it mixes languages.
    """

    id: str
    language: Language
    question: str
    answerable: bool
    as_of: datetime | None = None
    topic: str = ""
    kind: str = "plain"
    documents: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    mission: str | None = None
    place: str | None = None
    twin: str | None = None
    headings: tuple[str, ...] = ()
    mixed: bool = False
    also: tuple[str, ...] = ()


QUESTION_FIELDS = tuple(field.name for field in fields(ExamQuestion))


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one answer.

    `is_right` is strict: every fact, no forbidden one and the right document; for a question
    without an answer, that none was given.
    """

    is_answered: bool
    is_right: bool
    missing_facts: tuple[str, ...] = ()
    forbidden_facts: tuple[str, ...] = ()


def list_exam_files(part: ExamPart | None) -> list[Path]:
    """The files of the exam's open part, of its locked part, or of both for None."""
    locked = [EXAM_FOLDER / "locked.yaml"]
    open_files = sorted(path for path in EXAM_FOLDER.glob("*.yaml") if path not in locked)
    return {"open": open_files, "locked": locked, None: open_files + locked}[part]


def list_told_files() -> list[Path]:
    """The files of the questions as told that the confidence is fitted to."""
    return sorted(TOLD_FOLDER.glob("*.yaml"))


def read_exam(paths: Iterable[Path]) -> list[ExamQuestion]:
    """The questions of exam files, in order.

    Raises ExamBroken for a file that cannot be read, is no list or has an incomplete entry.
    """
    return [question for path in paths for question in _read_exam_file(path)]


def grade_answer(question: ExamQuestion, verdict: Verdict, text: str, citations: Sequence[Citation],
         documents: dict[str, Document]) -> Grade:  # fmt: skip
    """Grade one answer.

    `text` is all that the asker reads, including the sources; `documents` are the edition's by id.
    """
    if verdict not in ANSWERING_VERDICTS:
        return Grade(is_answered=False, is_right=not question.answerable)
    forbidden = tuple(words for words in question.must_not_say if contains_alternative(text, words))
    if not question.answerable:
        return Grade(is_answered=True, is_right=False, forbidden_facts=forbidden)
    missing = tuple(words for words in question.must_say if not contains_alternative(text, words))
    cited = {documents[c.document].base_id for c in citations if c.document in documents}
    is_right_document = not question.documents or bool(cited & set(question.documents))
    return Grade(True, not missing and not forbidden and is_right_document, missing, forbidden)


def is_right_section(
    question: ExamQuestion, passages: Sequence[Passage], original: Sequence[Passage]
) -> bool:
    """Whether a section answers: one of a right document that has a right heading, or says all it
    has to. `passages` are the section's, `original` those of its original, which names headings."""
    if not passages or passages[0].document.base_id not in question.documents:
        return False
    if _has_heading([*passages, *original], question.headings):
        return True
    document = passages[0].document
    texts = [document.title, document.issuer, *passages[0].heading]
    text = "\n".join((*texts, *(passage.text for passage in passages)))
    return bool(question.must_say) and (
        all(contains_alternative(text, words) for words in question.must_say)
        and not any(contains_alternative(text, words) for words in question.must_not_say)
    )


def is_useful_section(question: ExamQuestion, passages: Sequence[Passage]) -> bool:
    """Whether a section (with its original) is one that helps without being the answer."""
    return _has_heading(passages, question.also)


def _has_heading(passages: Sequence[Passage], headings: Sequence[str]) -> bool:
    """Whether a passage has one of `headings`: a heading alone, or "document: heading"."""
    named = {(p.heading[-1], f"{p.document.base_id}: {p.heading[-1]}") for p in passages}
    return any(name in headings for names in named for name in names)


def contains_alternative(text: str, alternatives: str) -> bool:
    """Whether `text` has one of the `alternatives` (separated by "|"); spaces, commas and case do
    not count."""
    squeezed = _squeeze_text(text)
    return any(_squeeze_text(one) in squeezed for one in alternatives.split("|"))


def _squeeze_text(text: str) -> str:
    return re.sub(r"[\s,]+", "", text.lower())


def read_entries(path: Path, of: str) -> list[Any]:
    """The entries of a YAML file that holds a list `of` questions or dialogues. Raises ExamBroken for
    one that cannot be read or is no list."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ExamBroken(f"{path} cannot be read: {error}") from error
    if not isinstance(entries, list):
        raise ExamBroken(f"{path} must hold a list of {of}.")
    return entries


def _read_exam_file(path: Path) -> list[ExamQuestion]:
    entries = read_entries(path, "questions")
    return [_parse_question(path, number, entry) for number, entry in enumerate(entries, 1)]


def _parse_question(path: Path, number: int, entry: Any) -> ExamQuestion:
    """Raises ExamBroken with the file, the entry, what is wrong with it and what to write."""
    where = f"{path.name}, entry {number}"
    if not isinstance(entry, dict):
        raise ExamBroken(f"{where} is not a question with fields. Write id, language, question and "
                         "answerable below it.")  # fmt: skip
    if entry.get("id"):
        where += f" ({entry['id']})"
    if missing := [name for name in REQUIRED_FIELDS if entry.get(name) in (None, "")]:
        raise ExamBroken(f"{where}: {' and '.join(missing)} must be given.")
    for name in map(str, entry):  # other fields are notes of the question's author
        meant = get_close_matches(name, QUESTION_FIELDS, 1, NEAR_FIELD_MIN_SIMILARITY)
        if meant and name not in QUESTION_FIELDS:
            raise ExamBroken(f"{where}: {name} is no field of a question. Write {meant[0]}.")
    _check_values(where, entry)
    lists = {name: tuple(map(str, entry.get(name) or ())) for name in LIST_FIELDS}
    return ExamQuestion(
        id=str(entry["id"]),
        language=entry["language"],
        question=str(entry["question"]),
        answerable=entry["answerable"],
        as_of=_parse_moment(where, entry.get("as_of")),
        topic=str(entry.get("topic", "")),
        kind=str(entry.get("kind", "plain")),
        mission=entry.get("mission"),
        place=entry.get("place"),
        twin=entry.get("twin"),
        mixed=bool(entry.get("mixed", False)),
        **lists,
    )


def _check_values(where: str, entry: dict[str, Any]) -> None:
    """Raises ExamBroken for a value of the wrong kind."""
    if entry["language"] not in LANGUAGES:
        raise ExamBroken(
            f"{where}: language is {entry['language']!r}. Write one of {', '.join(LANGUAGES)}."
        )
    if not isinstance(entry["answerable"], bool):
        raise ExamBroken(f"{where}: answerable is {entry['answerable']!r}. Write true or false.")
    for name in LIST_FIELDS:
        if not isinstance(entry.get(name) or [], list):
            raise ExamBroken(f"{where}: {name} must be a list. Write [{entry[name]}].")


def _parse_moment(where: str, value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError as error:
        raise ExamBroken(f"{where}: as_of is {value!r}. Write 2026-11-21T10:00+09:00.") from error
