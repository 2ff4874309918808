"""`make lock`: the locks of Naru's parts, with the hash of every file that the index has.

Reads what `pyproject.toml` asks for and keeps the versions of the present locks where it can. A lock
holds only what those before it lack; none holds torch, whose builds differ by machine (see
docs/decisions/0089-installed-in-three-parts.md).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
LEFT_OUT = HERE / "left-out.txt"
PARTS = ("build", "runtime", "encoders", "dev")
# Torch and what its builds for graphics cards bring; installed by `install.py` as one.
TORCH = re.compile(r"(torch|triton|nvidia-.*|cuda-.*)$")
HEADS = {
    "build": "what packages are built with that come as their source",
    "runtime": "what Naru runs on",
    "encoders": "what sentence-transformers needs besides, but torch",
    "dev": "what tests, checks and fits need besides",
}
UV = ("uv", "pip", "compile", "-", "--quiet", "--universal", "--python-version", "3.11",
      "--generate-hashes", "--no-annotate", "--no-header")  # fmt: skip

Lock = dict[str, str]  # the lines of each package, by its name


def main() -> None:
    """Write every lock anew; with `--upgrade` the newest versions that `pyproject.toml` allows."""
    wanted = read_wanted(HERE.parent / "pyproject.toml")
    held: Lock = {}
    present = "" if "--upgrade" in sys.argv else "".join(map(list_pins, map(read_lock, PARTS)))
    for part in PARTS:
        made = resolve(wanted[part], present, list_pins(held), part == "runtime")
        fresh = {
            name: lines
            for name, lines in made.items()
            if name not in held and not TORCH.match(name)
        }
        head = f"# {HEADS[part]}: every file that the index has. Made by `make lock`.\n"
        (HERE / f"{part}.lock").write_text(head + "".join(fresh.values()), "utf-8")
        held |= fresh
        print(f"{part}.lock: {len(fresh)} packages")


def read_wanted(pyproject: Path) -> dict[str, Sequence[str]]:
    """The requirements of each part."""
    table = tomllib.loads(pyproject.read_text("utf-8"))
    groups, extras = table["dependency-groups"], table["project"]["optional-dependencies"]
    return {
        "build": groups["build"],
        "runtime": table["project"]["dependencies"],
        "encoders": extras["encoders"],
        "dev": [*extras["bench"], *groups["dev"]],
    }


def read_lock(part: str) -> Lock:
    """The present lock of a part; empty if there is none."""
    path = HERE / f"{part}.lock"
    return divide_lock(path.read_text("utf-8")) if path.exists() else {}


def divide_lock(text: str) -> Lock:
    """The lines of each package in a lock."""
    blocks = re.findall(r"^[\w.-]+==.*(?:\n .*)*\n", text, re.MULTILINE)
    return {block.partition("==")[0]: block for block in blocks}


def list_pins(lock: Lock) -> str:
    """The lock's versions without hashes, one a line."""
    return "".join(block.partition(" \\\n")[0] + "\n" for block in lock.values())


def resolve(wanted: Sequence[str], present: str, held: str, leave_out: bool) -> Lock:
    """All that `wanted` needs: at the versions of `held`, and where possible those of `present`."""
    with tempfile.TemporaryDirectory() as folder:
        output, constraints = Path(folder, "made.lock"), Path(folder, "held.txt")
        output.write_text(present, "utf-8")
        constraints.write_text(held, "utf-8")
        command = [*UV, "--constraints", str(constraints), "--output-file", str(output)]
        if leave_out:
            command += ["--excludes", str(LEFT_OUT)]
        subprocess.run(command, input="\n".join(wanted), text=True, check=True)  # noqa: S603
        return divide_lock(output.read_text("utf-8"))


if __name__ == "__main__":
    main()
