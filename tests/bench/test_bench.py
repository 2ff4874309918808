"""The bench measures what it says: a small one runs here, the frameworks' where they are installed."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench.corpus import ask_questions, change_corpus, read_corpus, write_corpus
from tests.bench.encoders import NullEmbedder
from tests.bench.environments import find_python
from tests.bench.figures import FLOOR, ROWS, compute_figures
from tests.bench.report import TITLES, render_chart, render_table
from tests.bench.rounds import PHASES, Profile, run_rounds
from tests.bench.systems.system import COUNT
from tests.bench.worker import measure_queries, open_system

PASSAGES = 200
PEERS = [name for name in TITLES if name not in (FLOOR, "naru")]
pytestmark = pytest.mark.server


class CountingEncoder(NullEmbedder):
    """Counts the passages that it was given."""

    count = 0

    def embed_query(self, text: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as above it
        """As `NullEmbedder.embed_query`."""
        self.count += 1
        return super().embed_query(text)


def test_a_corpus_is_the_same_in_every_run_and_changes_by_a_hundredth(tmp_path: Path) -> None:
    write_corpus(tmp_path / "a", PASSAGES)
    write_corpus(tmp_path / "b", PASSAGES)
    first = read_corpus(tmp_path / "a")
    assert len(first) == len({one.text for one in first}) == PASSAGES
    assert first == read_corpus(tmp_path / "b")
    change_corpus(tmp_path / "b", PASSAGES)
    changed = set(read_corpus(tmp_path / "b")) - set(first)
    assert len(changed) == PASSAGES // 100
    ids = {one.id for one in first}
    assert {one.answer for one in ask_questions(PASSAGES, 50)} <= ids


@pytest.mark.parametrize("name", [FLOOR, "naru"])
def test_only_what_changed_is_embedded_again(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Analysing the glossary's spellings takes seconds, once in the life of a database.
    monkeypatch.setattr("knowledge.text.concepts.GLOSSARY_FOLDER", tmp_path / "no-glossary")
    corpus, encoder = tmp_path / "corpus", CountingEncoder()
    write_corpus(corpus, PASSAGES)
    (tmp_path / "data").mkdir()
    system = open_system(name, tmp_path / "data", encoder)
    embedded = []
    for _ in range(2):
        system.ingest(corpus)
        embedded.append(encoder.count)
    change_corpus(corpus, PASSAGES)
    system.ingest(corpus)
    embedded.append(encoder.count)
    assert embedded == [PASSAGES, PASSAGES, PASSAGES + PASSAGES // 100]
    asked = ask_questions(PASSAGES, 8)
    found = measure_queries(system, asked)
    assert {len(names) for names in found["found"]} == {COUNT}
    assert len(found["alone"]) == len(found["together"]) == len(asked)
    if name == "naru":  # vectors that say nothing, so the words do the finding
        assert found["hits"] >= 0.5
        assert found["recall"] == 1.0
    system.close()


def test_rounds_become_a_table_and_a_chart(tmp_path: Path) -> None:
    pythons = {FLOOR: Path(sys.executable), "haystack": Path("/bin/false")}
    results = run_rounds(Profile("null", PASSAGES, 1, 8), pythons, tmp_path / "work")
    assert [*results.rounds[0][FLOOR]] == [*PHASES]
    assert results.given_up == {"haystack": "full failed"}
    # A system that takes twice as long.
    results.rounds[0]["naru"] = {
        phase: {**one, **{key: 2 * one[key] for key in ("wall", "cpu") if key in one}}
        for phase, one in results.rounds[0][FLOOR].items()
    }
    figures = compute_figures(results)
    assert set(figures) == {row.title for row in ROWS}
    assert figures["full ingest, CPU"]["naru"].ratio == pytest.approx(2)
    assert figures["recall@10 against exact"]["naru"].value == 1
    table = render_table(results)
    assert "| full ingest, wall | " in table and " | – | 2 × |" in table
    assert "Haystack + Chroma: full failed." in table
    chart = ElementTree.fromstring(render_chart(results))
    assert "2" in {one.text for one in chart.iter("{http://www.w3.org/2000/svg}text")}


@pytest.mark.chaos
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", PEERS)
def test_a_framework_does_the_same_job(name: str, tmp_path: Path) -> None:
    python = find_python(name)
    if python is None:
        pytest.skip("its environment is not there; `make bench` makes it")
    pythons = {FLOOR: Path(sys.executable), name: python}
    results = run_rounds(Profile("null", PASSAGES, 1, 8), pythons, tmp_path)
    assert results.given_up == {}
    figures = compute_figures(results)
    assert figures["recall@10 against exact"][name].value >= 0.9
