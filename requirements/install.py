"""Install parts of Naru step by step: `python requirements/install.py --venv .venv runtime naru`.

Every package but torch comes at the version and with a hash of the locks beside this file. Standard
library only, since it runs before anything is installed. See
docs/decisions/0089-installed-in-three-parts.md.
"""

from __future__ import annotations

import argparse
import os
import queue
import re
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
OLDEST_PYTHON = (3, 11)
SILENCE_SECONDS = 5.0  # a sign of life at least so often
LINE_SECONDS = 1.0  # between two lines about packages
SHOWN_LINES = 25  # of pip's, where it failed

TORCH = "torch==2.13.0"
STEPS = {
    "build": "what packages are built with that come as their source",
    "runtime": "what Naru runs on",
    "encoders": "sentence-transformers, to use or compare with other encoders",
    "torch": "torch, for sentence-transformers",
    "dev": "what tests and checks need",
    "naru": "Naru itself",
}
# Compiling all modules takes 110 MB and as long as all the rest of an install, so only what these
# import is compiled, once and for all: Python may not be allowed to do it later (an image, a
# variable), and would then do it at each start.
WARMED = {
    "runtime": (
        "aiohttp.web", "alembic.command", "babel.dates", "chromadb", "feedparser", "holidays",
        "kiwipiepy", "langchain.chat_models", "langchain_openai", "lxml.html", "openpyxl", "pptx",
        "psycopg", "pydantic_settings", "pypdfium2", "rich.progress", "slack_bolt.async_app",
        "slack_bolt.adapter.socket_mode.aiohttp", "sqlalchemy.dialects.postgresql", "telegram.ext",
        "typer", "unhwp", "yaml",
    ),
    "torch": ("sentence_transformers",),
}  # fmt: skip
WARM = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"      {name} cannot be imported: {error}", flush=True)
"""
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off",
       "--no-deps")  # fmt: skip


@dataclass
class PipReading:
    """What pip's lines have told: packages fetched or there already, of `total`, and megabytes."""

    total: int
    done: int = 0
    megabytes: float = 0.0
    name: str = ""
    is_unpacking: bool = False
    lines: list[str] = field(default_factory=list)

    def read_line(self, line: str) -> bool:
        """Take in a line; whether it is worth showing."""
        self.lines.append(line)
        text = line.strip()
        self.total = max(self.total, self.done)  # torch's builds for graphics cards bring more
        if text.startswith(("Requirement already satisfied", "Ignoring ")):
            self.done += 1
            return False
        if text.startswith("Collecting "):
            self.name = re.split(r"[=<>~ ;]", text.removeprefix("Collecting "))[0]
            return False
        if found := re.match(
            r"(?:Downloading|Using cached|Processing) .*?([^/\s]+)\.(?:whl|tar\.gz|zip)\b"
            r"(?!\.metadata)(?: \(([\d.]+) ([kMG]?)B\))?",
            text,
        ):
            self.done += 1
            self.name = found[1].partition("-")[0]
            scale = {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}
            self.megabytes += float(found[2] or 0) * scale[found[3] or ""]
            return True
        if text.startswith("Installing collected packages"):
            self.is_unpacking = True
            return True
        return False

    def describe(self) -> str:
        """One line about how far it is."""
        if self.is_unpacking:
            return f"unpacking {self.name if self.total == 1 else f'{self.total} packages'}"
        return f"{self.done} of {self.total} packages, {self.megabytes:.0f} MB: {self.name}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps; 0, or 1 with a sentence on stderr if one failed."""
    parser = argparse.ArgumentParser(description="Install parts of Naru.")
    parser.add_argument("parts", nargs="+", choices=["runtime", "encoders", "dev", "naru"])
    parser.add_argument("--venv", type=Path, help="the environment, made if it is not there")
    parser.add_argument(
        "--torch-index", default="", help="an index of torch's builds, e.g. for CPU"
    )
    given = parser.parse_args(arguments)
    if sys.version_info < OLDEST_PYTHON:
        return fail("Naru needs Python 3.11 or newer; try: make PYTHON=python3.11 demo")
    steps = [step for part in given.parts for step in split_part(part)]
    python = Path(sys.executable)
    if given.venv:
        python = given.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        steps = [*([] if python.exists() else ["venv"]), *steps]
    for number, step in enumerate(steps, 1):
        head = f"[{number}/{len(steps)}]"
        if step == "venv":
            say(f"{head} an environment in {given.venv}")
            venv.create(given.venv, with_pip=True)
            continue
        say(f"{head} {STEPS[step]}")
        if not run_pip(python, *plan_step(step, given.torch_index)):
            return fail(f"pip could not install {STEPS[step]}: its own words stand above.")
        if step in WARMED:
            say("            compiling what is used of it")
            warm_modules(python, WARMED[step])
    return 0


def split_part(part: str) -> list[str]:
    """The steps of a part. Torch is one of its own, last: what it needs is locked, its build is
    the machine's."""
    return {"runtime": ["build", "runtime"], "encoders": ["encoders", "torch"]}.get(part, [part])


def plan_step(step: str, torch_index: str) -> tuple[list[str], int]:
    """What pip is asked for, and how many packages that are."""
    flags = [] if step == "dev" else ["--no-compile"]
    if step == "torch":
        return [*flags, *(["--index-url", torch_index] if torch_index else []), TORCH], 1
    # Built with what is locked: in isolation pip would fetch a builder without a hash.
    flags += ["--no-build-isolation"]
    if step == "naru":
        return [*flags, "--editable", str(HERE.parent)], 1
    lock = HERE / f"{step}.lock"
    total = len(re.findall(r"^[\w.-]+==", lock.read_text("utf-8"), re.MULTILINE))
    return [*flags, "--require-hashes", "--requirement", str(lock)], total


def run_pip(python: Path, arguments: Sequence[str], total: int) -> bool:
    """Run pip, showing how far it is; False if it failed, with its last lines shown."""
    command = [str(python), *PIP, *arguments]
    if TORCH in arguments:  # its builds for graphics cards bring more packages
        command.remove("--no-deps")
    began = shown = time.monotonic()
    reading, lines = PipReading(total), queue.Queue[str | None]()
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as pip:  # fmt: skip

        def listen() -> None:
            for line in pip.stdout or ():
                lines.put(line.rstrip())
            lines.put(None)

        threading.Thread(target=listen, daemon=True).start()
        while True:
            wait = SILENCE_SECONDS - (time.monotonic() - shown)
            try:
                line = lines.get(timeout=max(wait, 0.1))
            except queue.Empty:
                is_worth = True
            else:
                if line is None:
                    break
                is_worth = reading.read_line(line)
            now = time.monotonic()
            if is_worth and (now - shown >= LINE_SECONDS or reading.done <= 1):
                say(f"      {now - began:4.0f} s  {reading.describe()}")
                shown = now
    if pip.returncode:
        print(*reading.lines[-SHOWN_LINES:], sep="\n", file=sys.stderr)
        return False
    say(f"      {time.monotonic() - began:4.0f} s  done, {reading.megabytes:.0f} MB fetched")
    return True


def warm_modules(python: Path, names: Sequence[str]) -> None:
    """Import modules once, so that Python keeps them compiled."""
    allowed = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([str(python), "-c", WARM, *names], env=allowed, check=False)  # noqa: S603


def say(line: str) -> None:
    """Print a line at once, in a pipe as well."""
    print(line, flush=True)


def fail(sentence: str) -> int:
    """Say why it ends; the exit code."""
    print(f"naru: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
