"""A few damaged files for each parser; `make fuzz` has them by the thousand."""

from __future__ import annotations

import logging
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import targets
from tests.fuzz.mutations import damage_file
from tests.fuzz.seeds import make_seeds
from tests.fuzz.targets import try_file

KINDS = ("hwp", "hwpx", "hwpml", "pdf", "docx", "xlsx", "pptx", "html", "csv", "txt", "zip", "mail", "feed")  # fmt: skip
FILES = {"docx": 6, "xlsx": 8, "pptx": 8}  # the slower ones
MORE_FILES = 20
SEED = "2026-12-02"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    return make_seeds(tmp_path_factory.mktemp("sound"))


def test_there_are_sound_files_of_every_kind_and_all_are_read(
    seeds: dict[str, list[bytes]],
) -> None:
    assert tuple(seeds) == (*KINDS[:10], "mail", "feed", "zip")
    results = {kind: {try_file(kind, data)[:2] for data in files} for kind, files in seeds.items()}
    good = {"mail": "mail: message", "feed": "feed: entries"}
    assert results == {kind: {(good.get(kind, "text"), "")} for kind in seeds}


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_text_or_a_documented_refusal(
    kind: str, seeds: dict[str, list[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    results = set()
    for number in range(FILES.get(kind, MORE_FILES)):
        random = Random(f"{SEED} {kind} {number}")
        data = damage_file(random.choice(seeds[kind]), random)
        result, wrong, _ = try_file(kind, data)
        assert not wrong, f"file {number}: {wrong}"
        results.add(result)
    assert len(results) > 1 or kind == "mail"  # the damage shows


def test_the_same_seed_gives_the_same_files(seeds: dict[str, list[bytes]]) -> None:
    def damage(seed: str) -> list[bytes]:
        return [damage_file(files[0], Random(seed + kind)) for kind, files in seeds.items()]

    assert damage("1") == damage("1") != damage("2")


def test_what_is_not_documented_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_error(*_: object) -> list[object]:
        raise KeyError("link")

    monkeypatch.setattr(targets, "parse_feed", raise_error)
    assert try_file("feed", b"x")[1] == "KeyError: 'link'"


def test_what_runs_away_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait_for_ever(*_: object) -> list[object]:
        while True:
            pass

    monkeypatch.setattr(targets, "parse_feed", wait_for_ever)
    monkeypatch.setattr(targets, "MAX_CPU_SECONDS", 0.05)
    assert try_file("feed", b"x")[1].startswith("Runaway")


def test_what_kills_the_reader_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ingest.errors import Unreadable

    def die(*_: object, **__: object) -> object:
        raise Unreadable("reader_died", code=-11, most="512 MB")

    monkeypatch.setattr(targets, "parse_file", die)
    assert try_file("pdf", b"x")[1] == "reader_died"
