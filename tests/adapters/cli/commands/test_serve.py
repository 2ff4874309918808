"""`naru serve` encodes questions in a process of its own, unless another model is set."""

from __future__ import annotations

import pytest

from adapters.serve.service import Service
from knowledge.embedding.embedder import Embedder
from knowledge.embedding.embedder_process import EmbedderProcess
from knowledge.embedding.sentence_embedder import SentenceEmbedder
from tests.adapters.cli.conftest import RunCommand


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Embedder]:
    """The embedder that was served with."""
    found: list[Embedder] = []

    async def serve(self: Service) -> None:
        found.append(self.app.chain.library.embedder)

    monkeypatch.setattr(Service, "run", serve)
    return found


@pytest.mark.parametrize(
    ("setting", "kind"), [("", EmbedderProcess), ("intfloat/x", SentenceEmbedder)]
)
def test_the_shipped_encoder_runs_in_a_process_of_its_own(
    run: RunCommand, served: list[Embedder], monkeypatch: pytest.MonkeyPatch, setting: str, kind: type
) -> None:  # fmt: skip
    monkeypatch.setenv("NARU_EMBEDDER", setting)
    assert run("serve").code == 0
    assert [type(one) for one in served] == [kind]
