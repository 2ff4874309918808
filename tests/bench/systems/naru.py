"""Naru as `naru ingest` and its chain use it: an edition made from the files, and its search by words and
vectors together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from adapters.bootstrap import App
from adapters.settings import Settings
from knowledge.embedding.embedder import Embedder
from knowledge.embedding.question_map import move_questions
from knowledge.retrieval.centring import point_from
from knowledge.text.language import detect_language
from knowledge.types import Passage, Question
from tests.bench.systems.system import COUNT

NOW = datetime(2026, 12, 2, tzinfo=UTC)


class Naru:
    """The application over a data folder, without a language model."""

    def __init__(self, folder: Path, encoder: Embedder) -> None:
        self._app = App(Settings(_env_file=None, data=folder), lambda: NOW, encoder)
        self._encoder = encoder

    def ingest(self, corpus: Path) -> None:
        """As `System.ingest`."""
        plan = self._app.ingest.plan([corpus])
        assert not plan.skipped, plan.skipped[:3]
        self._app.ingest.apply(plan, note="bench", now=NOW)

    def search(self, question: str) -> list[str]:
        """As `System.search`."""
        asked = Question(question, detect_language(question), NOW)
        edition = self._app.library.get_current_edition()
        return [_name(hit.passage) for hit in self._app.retriever.search(edition, asked, COUNT)]

    def answer(self, question: str) -> str:
        """What its chain makes of a question beyond the search: the verdict."""
        return self._app.chain.ask(Question(question, detect_language(question), NOW)).verdict

    def compare_with_exact(self, questions: Sequence[str]) -> float:
        """The share of the COUNT nearest passages, computed in double precision, that are among the
        nearest by the arm of vectors alone: as it sees them, from the middle of their language."""
        index = self._app.library.get_current_edition().vector_index
        assert index
        exact = index.vectors.astype(np.float64)
        shares = []
        for text in questions:
            language = detect_language(text)
            vector = self._encoder.embed_query(text)
            point = point_from(vector[None].astype(np.float64), index.question_centres[language])
            if index.question_map is not None:
                point = move_questions(point, index.question_map.astype(np.float64))
            nearest = np.argsort(-index.compare(vector, language))[:COUNT]
            right = np.argsort(-(exact @ point[0]))[:COUNT]
            shares.append(len(np.intersect1d(nearest, right)) / COUNT)
        return float(np.mean(shares))

    def close(self) -> None:
        """As `System.close`."""


def _name(passage: Passage) -> str:
    return f"{passage.document.id}#{passage.ord}"
