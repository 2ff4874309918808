"""The exam: questions with what a right answer must and must not say, and the grading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.errors import ExamBroken
from knowledge.types import Citation, Document, Language, Passage, Verdict

EXAM_FOLDER = Path(__file__).parents[1] / "exam"
TOLD_FOLDER = EXAM_FOLDER / "told"  # what the confidence is fitted to
ExamPart = Literal["open", "locked"]
ANSWERING_VERDICTS: frozenset[Verdict] = frozenset({"answered", "expired"})


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
    try:
        return ExamQuestion(
            id=str(entry["id"]),
            language=entry["language"],
            question=str(entry["question"]),
            answerable=bool(entry["answerable"]),
            as_of=datetime.fromisoformat(str(entry["as_of"])) if entry.get("as_of") else None,
            topic=str(entry.get("topic", "")),
            kind=str(entry.get("kind", "plain")),
            documents=tuple(entry.get("documents") or ()),
            must_say=tuple(map(str, entry.get("must_say") or ())),
            must_not_say=tuple(map(str, entry.get("must_not_say") or ())),
            mission=entry.get("mission"),
            place=entry.get("place"),
            twin=entry.get("twin"),
            headings=tuple(map(str, entry.get("headings") or ())),
            also=tuple(map(str, entry.get("also") or ())),
            mixed=bool(entry.get("mixed", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ExamBroken(f"{path.name}, entry {number}: {error!r} is missing or wrong.") from error
