"""An edition's vectors, in folders and on a real Chroma server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding.embedder import Vectors
from knowledge.errors import LibraryStale, StoreUnavailable
from knowledge.retrieval.vector_store import UPSERT_BATCH_VECTORS, VectorStore
from knowledge.types import LANGUAGES
from tests.harness.chroma_server import find_free_port, run_chroma_server

EAST, NORTH_EAST, NORTH = (1.0, 0.0), (0.6, 0.8), (0.0, 1.0)
CENTRES = dict.fromkeys(LANGUAGES, np.zeros(2, np.float32))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_chroma_server(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture(params=["folders", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorStore]:
    if request.param == "folders":
        yield VectorStore(tmp_path / "index")
        return
    store = VectorStore(tmp_path / "unused", request.getfixturevalue("server"))
    yield store
    for name in store.list_names():
        store.drop(name)
    store.close()


def make_vectors(*values: tuple[float, ...], first: int = 0) -> dict[int, Vectors]:
    return {first + key: np.array(value, np.float32) for key, value in enumerate(values)}


def find_nearest(
    store: VectorStore, name: str, *to: float, count: int = 2
) -> list[tuple[int, float]]:
    index = store.open(name, "m")
    cosines = index.compare(np.array(to, np.float32), "ko")
    best = np.argsort(-cosines)[:count]
    return [(int(index.positions[row]), round(float(cosines[row]), 4)) for row in best]


def test_the_nearest_come_first_with_their_cosine(store: VectorStore) -> None:
    store.build("edition-a", make_vectors(NORTH, EAST, NORTH_EAST, first=40), "m", CENTRES)
    assert find_nearest(store, "edition-a", *EAST, count=3) == [(41, 1.0), (42, 0.6), (40, 0.0)]
    assert find_nearest(store, "edition-a", *NORTH, count=1) == [(40, 1.0)]


def test_a_question_is_seen_from_the_centre_of_its_language(store: VectorStore) -> None:
    centres = CENTRES | {"vi": np.array(NORTH, np.float32)}
    store.build("edition-a", make_vectors(NORTH, EAST), "m", centres)
    index = store.open("edition-a", "m")
    between = np.array([0.5, 1.0], np.float32)
    assert np.allclose(index.compare(between, "vi"), [0, 1])
    assert np.allclose(index.compare(between, "en"), [0.8944, 0.4472], atol=1e-4)


def test_asking_for_more_than_there_is_gives_what_there_is(store: VectorStore) -> None:
    store.build("edition-a", make_vectors(NORTH, EAST), "m", CENTRES)
    store.build("edition-empty", {}, "m", CENTRES)
    assert len(find_nearest(store, "edition-a", *EAST, count=50)) == 2
    assert find_nearest(store, "edition-empty", *EAST) == []


def test_each_edition_has_its_own_vectors(store: VectorStore) -> None:
    store.build("edition-a", make_vectors(EAST), "m", CENTRES)
    store.build("edition-b", make_vectors(NORTH, first=7), "m", CENTRES)
    assert find_nearest(store, "edition-a", *EAST) == [(0, 1.0)]
    assert find_nearest(store, "edition-b", *EAST) == [(7, 0.0)]
    assert sorted(store.list_names()) == ["edition-a", "edition-b"]


def test_dropping_one_edition_leaves_the_others(store: VectorStore) -> None:
    store.build("edition-a", make_vectors(EAST), "m", CENTRES)
    store.build("edition-b", make_vectors(NORTH), "m", CENTRES)
    store.drop("edition-a")
    store.drop("edition-that-never-was")
    assert store.list_names() == ["edition-b"]
    assert find_nearest(store, "edition-b", *NORTH) == [(0, 1.0)]
    with pytest.raises(LibraryStale, match="naru reindex"):
        store.open("edition-a", "m")


def test_more_vectors_than_chroma_takes_at_once_are_all_found(store: VectorStore) -> None:
    count = UPSERT_BATCH_VECTORS + 500
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    store.build("edition-a", dict(enumerate(circle)), "m", CENTRES)
    index = store.open("edition-a", "m")
    assert index.positions.tolist() == list(range(count))
    assert np.allclose(index.vectors, circle, atol=1e-6)


def test_another_model_s_vectors_are_refused_with_the_remedy(store: VectorStore) -> None:
    store.build("edition-a", make_vectors(EAST), "old-model", CENTRES)
    with pytest.raises(LibraryStale, match=r"old-model.*new-model.*naru reindex"):
        store.open("edition-a", "new-model")


def test_what_an_earlier_build_left_behind_is_built_over(store: VectorStore) -> None:
    store.build("edition-a", make_vectors(NORTH, NORTH), "m", CENTRES)
    store.build("edition-a", make_vectors(EAST), "m", CENTRES)
    assert find_nearest(store, "edition-a", *EAST) == [(0, 1.0)]


def test_a_half_built_folder_answers_nothing_until_it_is_complete(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    store.build("edition-a", make_vectors(EAST), "m", CENTRES)
    (tmp_path / "edition-a").rename(tmp_path / "edition-a.part")  # as a kill would leave it
    with pytest.raises(LibraryStale, match="naru reindex"):
        store.open("edition-a", "m")
    assert store.list_names() == ["edition-a.part"]
    store.build("edition-a", make_vectors(NORTH), "m", CENTRES)
    assert store.list_names() == ["edition-a"]
    assert find_nearest(store, "edition-a", *NORTH) == [(0, 1.0)]


@pytest.mark.parametrize(
    "spoilt", [("manifest.json",), ("chroma.sqlite3", "vectors.f4")], ids=", ".join
)
def test_a_spoilt_folder_is_a_sentence_with_the_remedy(
    tmp_path: Path, spoilt: tuple[str, ...]
) -> None:
    store = VectorStore(tmp_path)
    store.build("edition-a", make_vectors(EAST), "m", CENTRES)
    for name in spoilt:
        (tmp_path / "edition-a" / name).write_bytes(b"not what it was " * 100)
    for look in (lambda: store.open("edition-a", "m"), lambda: store.check("edition-a")):
        with pytest.raises(LibraryStale, match="naru reindex"):
            look()


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"0" * 24)])
def test_without_its_flat_copy_a_folder_is_read_by_chroma(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    """As one that an older Naru built."""
    store = VectorStore(tmp_path)
    store.build("edition-a", make_vectors(NORTH, EAST, NORTH_EAST, first=40), "m", CENTRES)
    copied = store.open("edition-a", "m")
    spoil(tmp_path / "edition-a" / "vectors.f4")
    store.check("edition-a")
    read = store.open("edition-a", "m")
    assert read.positions.tolist() == copied.positions.tolist() == [40, 41, 42]
    assert read.vectors.tolist() == copied.vectors.tolist()
    with pytest.raises(LibraryStale, match="made by m"):
        store.open("edition-a", "another")


READS = """
import sys
from pathlib import Path
import numpy as np
from knowledge.retrieval.vector_store import VectorStore
index = VectorStore(Path(sys.argv[1])).open("edition-a", "m")
for line in sys.stdin:
    print(index.compare(np.array([1, 0], np.float32), "ko").argmax(), flush=True)
"""


def test_a_killed_reader_harms_neither_the_vectors_nor_another_reader(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    store.build("edition-a", make_vectors(NORTH, EAST, NORTH_EAST), "m", CENTRES)
    index = store.open("edition-a", "m")
    reader = subprocess.Popen(
        [sys.executable, "-c", READS, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with reader:
        assert reader.stdin and reader.stdout
        reader.stdin.write("?\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "1\n"
        reader.kill()
    assert index.compare(np.array(EAST, np.float32), "ko").argmax() == 1
    assert find_nearest(store, "edition-a", *EAST, count=1) == [(1, 1.0)]


def test_a_chroma_server_that_is_not_there_is_a_sentence_with_the_remedy(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, f"http://127.0.0.1:{find_free_port()}")
    for attempt in (
        lambda: store.build("edition-a", make_vectors(EAST), "m", CENTRES),
        lambda: store.open("edition-a", "m"),
        lambda: store.drop("edition-a"),
        store.list_names,
    ):
        with pytest.raises(StoreUnavailable, match="NARU_CHROMA_URL"):
            attempt()
