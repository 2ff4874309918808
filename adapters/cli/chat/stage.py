"""What `naru demo` plays: its lines from `demo.yaml`, and how they look on the screen."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Language

BOLD, DIM, GREEN, BLUE, CYAN = (
    "1",
    "2",
    "32",
    "34",
    "1;36",
)  # of ECMA-48's "select graphic rendition"


@dataclass(frozen=True, slots=True)
class Play:
    """The lines of one language. `signs` stand in dated answers to `question` and `other`, `next`
    names the command as `{naru}`, `documents` their `{count}`, `console` the `{consul}` and their
    `{link}`."""

    founder: str
    staff: str
    question: str
    other: str
    unanswerable: str
    staff_reply: str
    follow_up: str
    signs: tuple[str, str]
    steps: tuple[str, ...]
    documents: str
    next: str
    consul: str
    console_step: str
    console: str
    console_end: str


@cache
def read_play(language: Language) -> Play:
    """The lines for a founder who speaks `language`."""
    text = Path(__file__).with_name("demo.yaml").read_text("utf-8")
    lines: dict[str, Any] = parse_yaml(text)[language]
    lists = {name: tuple(lines[name]) for name in ("signs", "steps")}
    return Play(**(lines | lists))


def paint(text: str, code: str) -> str:
    """`text` in colour or weight where a terminal shows it; as it is in a pipe, with NO_COLOR set
    to anything (https://no-color.org) or on a dumb terminal."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain or not sys.stdout.isatty() else f"\x1b[{code}m{text}\x1b[0m"


def print_heading(number: int, total: int, text: str) -> None:
    """The heading of a step."""
    print("\n" + paint(f"[{number}/{total}] {text}", CYAN), flush=True)


def name_command() -> str:
    """How `naru` is started here: by name where the shell finds it, else by its path in the
    environment that runs."""
    beside = Path(sys.executable).with_name("naru")
    found = any(Path(folder) == beside.parent for folder in os.get_exec_path())
    if found or not beside.exists():
        return "naru"
    here = Path.cwd()
    return str(beside.relative_to(here) if beside.is_relative_to(here) else beside)
