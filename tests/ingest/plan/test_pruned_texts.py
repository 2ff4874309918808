"""Pruning drops what is stored of texts that no edition has any more, and nothing else."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from ingest.pipeline import IngestPipeline
from knowledge.catalogue import tables as t
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import find_nearest_text, run_ingest, write_document


def test_vectors_and_terms_of_dropped_editions_go(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    numbers = []
    for count in range(4):
        write_document(folder, "voucher", f"How much?: KRW {count} million.")
        numbers.append(run_ingest(ingest, folder) or 0)
    assert ingest.catalogue.count_rows()["vectors"] == 4
    ingest.prune(keep=2)
    assert ingest.catalogue.count_rows()["vectors"] == 2
    with ingest.catalogue._engine.connect() as connection:
        kept = set(connection.execute(select(t.passage_terms.c.digest)).scalars())
    wanted = [ingest.library.list_term_keys(number) for number in numbers[2:]]
    assert kept == set.union(*wanted)
    embedder.take_embedded()
    assert ingest.reindex() == 1 and embedder.take_embedded() == []  # nothing kept is made again
    ingest.catalogue.activate_edition(numbers[2])
    assert find_nearest_text(ingest, "How much?") == "KRW 2 million."
