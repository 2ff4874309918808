"""The golden exam: questions with what a right answer must and must not say, and the marking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.errors import ExamBroken
from knowledge.types import Citation, Document, Language, Verdict

EXAM_FOLDER = Path(__file__).parents[1] / "exam"
ExamPart = Literal["open", "locked"]
ANSWERING_VERDICTS: frozenset[Verdict] = frozenset({"answered", "expired"})


@dataclass(frozen=True, slots=True)
class ExamQuestion:
    """One question of the exam. `must_say` are alternatives by "|"; all lines must hold."""

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


@dataclass(frozen=True, slots=True)
class Grade:
    """How an answer did. `right` is strict: every fact, none contradicted, the right document."""

    is_answered: bool
    is_right: bool
    missing_facts: tuple[str, ...] = ()
    forbidden_facts: tuple[str, ...] = ()


def list_exam_files(part: ExamPart | None) -> list[Path]:
    """The files of the exam's open part, its locked part, or both."""
    locked = [EXAM_FOLDER / "locked.yaml"]
    opened = sorted(path for path in EXAM_FOLDER.glob("*.yaml") if path not in locked)
    return {"open": opened, "locked": locked, None: opened + locked}[part]


def read_exam(paths: Iterable[Path]) -> list[ExamQuestion]:
    """The questions of exam files, in order. Raises ExamBroken naming file and entry."""
    return [golden for path in paths for golden in _read_exam_file(path)]


def grade_answer(golden: ExamQuestion, verdict: Verdict, text: str, citations: Sequence[Citation],
         documents: dict[str, Document]) -> Grade:  # fmt: skip
    """Mark one answer: `text` is all that the asker reads, sources included."""
    if verdict not in ANSWERING_VERDICTS:
        return Grade(is_answered=False, is_right=not golden.answerable)
    wrong = tuple(words for words in golden.must_not_say if contains_alternative(text, words))
    if not golden.answerable:
        return Grade(is_answered=True, is_right=False, forbidden_facts=wrong)
    missing = tuple(words for words in golden.must_say if not contains_alternative(text, words))
    cited = {documents[c.document].base_id for c in citations if c.document in documents}
    proper = not golden.documents or bool(cited & set(golden.documents))
    return Grade(True, not missing and not wrong and proper, missing, wrong)


def contains_alternative(text: str, alternatives: str) -> bool:
    """Whether one of the alternatives stands in `text`, spaces and case aside."""
    plain = _squeeze_text(text)
    return any(_squeeze_text(one) in plain for one in alternatives.split("|"))


def _squeeze_text(text: str) -> str:
    return re.sub(r"[\s,]+", "", text.lower())


def _read_exam_file(path: Path) -> list[ExamQuestion]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ExamBroken(f"{path} cannot be read: {error}") from error
    if not isinstance(entries, list):
        raise ExamBroken(f"{path} must hold a list of questions.")
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
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ExamBroken(f"{path.name}, entry {number}: {error!r} is missing or wrong.") from error
