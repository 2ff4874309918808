"""Commands that use no model import no model, and the help imports no database either."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "sentence_transformers", "transformers", "chromadb", "langchain",
         "langchain_core", "langchain_openai", "scipy", "kiwipiepy", "telegram", "slack_bolt",
         "aiohttp")  # fmt: skip
NOT_FOR_HELP = (*HEAVY, "sqlalchemy", "alembic", "numpy", "babel", "lxml")
SCRIPT = """
import json, sys
from adapters.cli import main
try:
    main({arguments!r})
except SystemExit as ended:
    assert not ended.code, ended.code
print("\\n" + json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
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
    root = str(Path(__file__).parents[3])
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NARU_")}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(arguments=arguments)],
        cwd=tmp_path, env=environment | {"PYTHONPATH": root}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    loaded = json.loads(ended.stdout.splitlines()[-1])
    assert "adapters" in loaded and sorted(set(loaded) & set(unwanted)) == []
