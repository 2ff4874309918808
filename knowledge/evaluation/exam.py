"""The golden exam: questions with what a right answer must and must not say, and the marking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from knowledge.errors import KnowledgeError
from knowledge.types import Citation, Document, Language, Verdict

EXAM = Path(__file__).parents[1] / "exam"
Part = Literal["open", "locked"]
ANSWERS: frozenset[Verdict] = frozenset({"answered", "expired"})


class ExamBroken(KnowledgeError):
    """An exam file cannot be read: which, and where."""


@dataclass(frozen=True, slots=True)
class Golden:
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
class Mark:
    """How an answer did. `right` is strict: every fact, none contradicted, the right document."""

    answered: bool
    right: bool
    missing: tuple[str, ...] = ()
    said_wrongly: tuple[str, ...] = ()


def parts(part: Part | None) -> list[Path]:
    """The files of the exam's open part, its locked part, or both."""
    locked = [EXAM / "locked.yaml"]
    opened = sorted(path for path in EXAM.glob("*.yaml") if path not in locked)
    return {"open": opened, "locked": locked, None: opened + locked}[part]


def read_exam(paths: Iterable[Path]) -> list[Golden]:
    """The questions of exam files, in order. Raises ExamBroken naming file and entry."""
    return [golden for path in paths for golden in _read_file(path)]


def mark(golden: Golden, verdict: Verdict, text: str, citations: Sequence[Citation],
         documents: dict[str, Document]) -> Mark:  # fmt: skip
    """Mark one answer: `text` is all that the asker reads, sources included."""
    if verdict not in ANSWERS:
        return Mark(answered=False, right=not golden.answerable)
    wrong = tuple(words for words in golden.must_not_say if says(text, words))
    if not golden.answerable:
        return Mark(answered=True, right=False, said_wrongly=wrong)
    missing = tuple(words for words in golden.must_say if not says(text, words))
    cited = {documents[c.document].base for c in citations if c.document in documents}
    proper = not golden.documents or bool(cited & set(golden.documents))
    return Mark(True, not missing and not wrong and proper, missing, wrong)


def says(text: str, alternatives: str) -> bool:
    """Whether one of the alternatives stands in `text`, spaces and case aside."""
    plain = _squeezed(text)
    return any(_squeezed(one) in plain for one in alternatives.split("|"))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s,]+", "", text.lower())


def _read_file(path: Path) -> list[Golden]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ExamBroken(f"{path} cannot be read: {error}") from error
    if not isinstance(entries, list):
        raise ExamBroken(f"{path} must hold a list of questions.")
    return [_golden(path, number, entry) for number, entry in enumerate(entries, 1)]


def _golden(path: Path, number: int, entry: Any) -> Golden:
    try:
        return Golden(
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
