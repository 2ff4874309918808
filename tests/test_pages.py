"""The pages lead somewhere, are listed and short, and agree with each other and with the code."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "docs/decisions", ROOT / "adapters/cli/sheets")
    for path in sorted(folder.glob("*.md"))
]
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
MAX_PICTURE_BYTES = 150_000
MAX_CONSOLE_PICTURE_BYTES = 120_000
MAX_README_LINES = 150
READMES = ("README.md", "README.ko.md", "README.vi.md")


def strip_code(text: str) -> str:
    """The text without what is not Markdown."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


@cache
def list_anchors(path: Path) -> frozenset[str]:
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#{1,6} (.+)$", FENCE.sub("", path.read_text("utf-8")), re.MULTILINE)
    return frozenset(make_anchor(one) for one in headings)


def make_anchor(heading: str) -> str:
    """Lower case, letters and digits of any script; a space becomes a hyphen."""
    kept = (
        letter
        for letter in heading.strip().lower()
        if letter in " -_" or unicodedata.category(letter)[0] in "LNM"
    )
    return "".join(kept).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for inline, attribute in LINK.findall(strip_code(page.read_text("utf-8"))):
        link = inline or attribute
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in list_anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text("utf-8")
    pages = [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"]
    assert len(pages) >= 12 and [name for name in pages if f"({name}" not in index] == []


def test_every_picture_is_shown_and_small() -> None:
    pictures = sorted((ROOT / "docs/screens").glob("*.png"))
    index = (ROOT / "docs/README.md").read_text("utf-8")
    assert len(pictures) == 12
    assert [one.name for one in pictures if f"(screens/{one.name})" not in index] == []
    assert [one.name for one in pictures if one.stat().st_size > MAX_PICTURE_BYTES] == []
    console = sorted((ROOT / "docs/pictures").glob("console-*.png"))
    shown = "".join((ROOT / name).read_text("utf-8") for name in READMES)
    assert len(console) == 8
    assert [one.name for one in console if f"docs/pictures/{one.name}" not in shown] == []
    assert [one.name for one in console if one.stat().st_size > MAX_CONSOLE_PICTURE_BYTES] == []


def test_a_heading_s_anchor_is_github_s() -> None:
    assert make_anchor("Who can reply? (2026)") == "who-can-reply-2026"
    assert make_anchor("얼마나 맞게 답하나") == "얼마나-맞게-답하나"


def test_the_readmes_are_short() -> None:
    for name in READMES:
        lines = (ROOT / name).read_text("utf-8").splitlines()
        assert 50 <= len(lines) <= MAX_README_LINES, name


def test_the_readmes_figures_are_those_of_the_page() -> None:
    rows = re.findall(r"^\| .*n=\d+.*\|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 4
    page = (ROOT / "docs/how-well-it-answers.md").read_text("utf-8")
    assert [row for row in rows if row not in page] == []


def test_what_is_monitored_is_what_health_says() -> None:
    table = (
        (ROOT / "docs/run-it.md").read_text("utf-8").split("| in `/health` |")[1].split("\n\n")[0]
    )
    named = re.findall(r"`(\w+)`", table)
    code = "".join(path.read_text("utf-8") for path in (ROOT / "adapters").rglob("*.py"))
    assert len(named) >= 8 and [name for name in named if f'"{name}"' not in code] == []
