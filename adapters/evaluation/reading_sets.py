"""The search alone on public reading sets in SQuAD's format (KorQuAD, XQuAD), which nothing here is
fitted to: `python -m adapters.evaluation.reading_sets FILE…`."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from adapters.evaluation.estimates import Estimate, estimate_mean
from knowledge.embedding.embedder import Embedder, ShippedEmbedder
from knowledge.retrieval.centring import centre_passages, compute_centres
from knowledge.retrieval.counts.edition_counts import count_edition
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import (
    build_index_text,
    compute_text_key,
    list_indexed_texts,
)
from knowledge.retrieval.retriever import Retriever
from knowledge.retrieval.vector_index import VectorIndex
from knowledge.text.concepts import GLOSSARY_FOLDER, read_glossary
from knowledge.text.glossary import Glossary
from knowledge.text.language import detect_language
from knowledge.types import Document, Passage, Question

RANKED_PASSAGES = 10
REPORT_EVERY_QUESTIONS = 500


def measure_reading_set(path: Path, glossary: Glossary, embedder: Embedder) -> Estimate:
    """nDCG@10 of the fused search over the passages of a file, each a document of its own, with the
    95 % interval. Raises OSError, ValueError or KeyError for a file that is not SQuAD's format."""
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    edition = _open_paragraphs([paragraph["context"] for paragraph in paragraphs], glossary, embedder)  # fmt: skip
    retriever, now = Retriever(glossary, embedder), datetime.now(UTC)
    asked = [(q["question"], n) for n, one in enumerate(paragraphs) for q in one["qas"]]
    gains: list[float] = []
    for text, number in asked:
        hits = retriever.search(
            edition, Question(text, detect_language(text), now), RANKED_PASSAGES
        )
        found = [hit.passage.document.id for hit in hits]
        name = str(number)
        gains.append(1 / math.log2(found.index(name) + 2) if name in found else 0.0)
        if len(gains) % REPORT_EVERY_QUESTIONS == 0:
            print(
                f"{len(gains)} of {len(asked)}: {np.mean(gains):.4f}", file=sys.stderr, flush=True
            )
    return estimate_mean(gains)


def _open_paragraphs(texts: Sequence[str], glossary: Glossary, embedder: Embedder) -> Edition:
    languages = [detect_language(text) for text in texts]
    passages = [
        Passage(Document(str(number), "", "", language, ""), 0, ("",), text, str(number))
        for number, (text, language) in enumerate(zip(texts, languages, strict=True))
    ]
    terms = {
        compute_text_key(one.text): glossary.analyser.tokenise_passage(one.text, one.language)
        if one.kind == "passage"
        else []  # nothing is asked but where a paragraph is found
        for one in list_indexed_texts(passages)
    }
    vectors = embedder.embed_passages([build_index_text(one) for one in passages])
    centres = compute_centres(vectors, languages, embedder.name)
    centred = centre_passages(vectors, languages, centres)
    index = VectorIndex(np.arange(len(passages)), centred, centres.questions)
    return Edition(1, passages, count_edition(passages, terms), index)


def main(paths: Sequence[str]) -> None:
    """Measure each file and print a line about it."""
    glossary, embedder = Glossary(read_glossary([GLOSSARY_FOLDER])), ShippedEmbedder()
    for path in paths:
        found = measure_reading_set(Path(path), glossary, embedder)
        low, high = found["interval"]
        print(f"{Path(path).stem:24} nDCG@10 {found['share']:.3f}  [{low:.3f}, {high:.3f}]  n={found['n']}")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
