"""Golden questions: a few whose verdicts must not change with a new Naru or a new edition.

A Naru that answers nothing any more looks healthy otherwise: it polls, writes and sends.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import yaml

from adapters.errors import GoldenBroken
from knowledge.errors import KnowledgeError
from knowledge.types import LANGUAGES, Language, Question, Verdict, find_korean_day

if TYPE_CHECKING:
    from knowledge.chain import Chain

log = logging.getLogger(__name__)

SHIPPED_FILE = Path(__file__).parents[3] / "knowledge" / "golden.yaml"
OWN_FILE_NAME = "golden.yaml"  # in NARU_DATA
MAX_QUESTIONS = 20  # that are asked at a start and with each edition
NOT_ASKED = "The golden questions are not asked yet: the library is being opened."
KEYS = {"id", "language", "question", "verdict"}


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question, and the verdict that it must have."""

    id: str
    language: Language
    text: str
    verdict: Verdict


def read_golden_questions(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a file. Raises GoldenBroken with what is wrong in it."""
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GoldenBroken(f"{path.name} cannot be read: {type(error).__name__}.") from error
    if not isinstance(listed, list) or len(listed) > MAX_QUESTIONS:
        raise GoldenBroken(f"{path.name} must be a list of at most {MAX_QUESTIONS} questions.")
    return tuple(_read_entry(path, number, entry) for number, entry in enumerate(listed, 1))


def _read_entry(path: Path, number: int, entry: Any) -> GoldenQuestion:
    if not isinstance(entry, dict) or set(entry) != KEYS:
        raise GoldenBroken(f"Entry {number} of {path.name} needs {', '.join(sorted(KEYS))}.")
    if entry["language"] not in LANGUAGES or entry["verdict"] not in get_args(Verdict):
        raise GoldenBroken(
            f"Entry {number} of {path.name}: its language is one of {', '.join(LANGUAGES)}, its "
            f"verdict one of {', '.join(get_args(Verdict))}."
        )
    return GoldenQuestion(
        str(entry["id"]), entry["language"], str(entry["question"]), entry["verdict"]
    )


class GoldenWatch:
    """Asks the golden questions of `chain`, which has no language model, once for each edition that
    is opened, and each day. Without a list of its own in the data `folder`, those of the shipped library are asked as
    long as the edition holds documents of it. Thread-safe."""

    def __init__(
        self, folder: Path, chain: Callable[[], Chain], now: Callable[[], datetime]
    ) -> None:
        self.asked, self.changed = 0, 0
        self._problems: Sequence[str] = (NOT_ASKED,)
        self._own_file = folder / OWN_FILE_NAME
        self._chain = chain
        self._now = now
        self._lock = threading.Lock()
        self._asked_of: tuple[object, ...] = ()

    @property
    def problems(self) -> Sequence[str]:
        """A sentence for each question whose verdict differs, or why they could not be asked."""
        return self._problems

    def check(self) -> Sequence[str]:
        """Ask them if the edition, the day or the list is another one; the `problems`."""
        with self._lock:
            try:
                self._check()
            except (KnowledgeError, GoldenBroken) as error:
                self._asked_of = ()
                self._problems = (f"The golden questions could not be asked: {error}",)
            return self._problems

    def _check(self) -> None:
        chain, now = self._chain(), self._now()
        edition = chain.library.get_current_edition()
        is_own = self._own_file.exists()
        stamp = self._own_file.stat().st_mtime_ns if is_own else 0
        # An edition is opened again also when phrases were approved.
        state = (weakref.ref(edition), find_korean_day(now), stamp)
        if state == self._asked_of:
            return
        listed: Sequence[GoldenQuestion] = ()
        if is_own or edition.documents.keys() - edition.own_documents:
            listed = read_golden_questions(self._own_file if is_own else SHIPPED_FILE)
        problems = []
        for one in listed:
            verdict = chain.ask(Question(one.text, one.language, now), edition=edition).verdict
            if verdict != one.verdict:
                problems.append(
                    f"Golden question {one.id}: {verdict} instead of {one.verdict}, in edition "
                    f"{edition.number}. `naru why` says why, `naru rollback` takes an older edition."
                )
        for problem in problems:
            log.error("%s", problem)
        self.asked, self.changed = len(listed), len(problems)
        self._problems, self._asked_of = tuple(problems), state
