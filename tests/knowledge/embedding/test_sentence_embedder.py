"""sentence-transformers as the loader of other models, and as a second reading of the shipped one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.shipped_vectors import read_shipped_passages
from knowledge.embedding.embedder import ShippedEmbedder
from knowledge.embedding.sentence_embedder import SentenceEmbedder
from knowledge.embedding.weight_file import find_shipped_model, read_weight_file
from knowledge.errors import EmbedderMissing
from knowledge.types import LANGUAGES
from tests.knowledge.embedding.sentence_folder import write_sentence_folder

TEXTS_OF_EACH_LANGUAGE = 67
SHORTEST_FULL_TEXT_LETTERS = 200  # longer ones would only cost time


def list_texts() -> Sequence[str]:
    """Headings and beginnings of passages, about as many in each language."""
    texts = []
    for language in LANGUAGES:
        passages = [one for one in read_shipped_passages() if one.document.language == language]
        own = [text for one in passages for text in (one.heading[-1], one.text)]
        step = max(1, len(own) // TEXTS_OF_EACH_LANGUAGE)
        texts += [one[:SHORTEST_FULL_TEXT_LETTERS] for one in own[::step][:TEXTS_OF_EACH_LANGUAGE]]
    return texts


def test_a_model_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissing, match=r"cannot be loaded.*NARU_EMBEDDER"):
        SentenceEmbedder(str(tmp_path)).embed_query("hello")


@pytest.mark.parametrize("library", ["torch", "sentence_transformers"])
def test_without_the_library_it_is_said_how_to_install_it(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(EmbedderMissing, match=r"some/model.*not installed.*make encoders"):
        SentenceEmbedder("some/model").embed_query("hello")
    with pytest.raises(EmbedderMissing, match=r"some/model.*not installed.*make encoders"):
        SentenceEmbedder("some/model").embed_passages(["hello"])


@pytest.mark.long
def test_numpy_and_sentence_transformers_read_the_same_weights_alike(tmp_path: Path) -> None:
    import torch  # late: it takes seconds, and every run collects this file

    texts = list_texts()
    assert len(texts) >= 200
    folder = write_sentence_folder(read_weight_file(find_shipped_model()), tmp_path)
    reference = SentenceEmbedder(str(folder))
    for one, other in (
        (ShippedEmbedder().embed_passages(texts), reference.embed_passages(texts)),
        (ShippedEmbedder().embed_query(texts[0])[None], reference.embed_query(texts[0])[None]),
    ):
        cosines = np.einsum("nd,nd->n", one, other)
        assert cosines.min() >= 0.995, texts[int(cosines.argmin())]
    before = torch.get_num_threads()
    reference.embed_query("How much?")
    assert torch.get_num_threads() == before
