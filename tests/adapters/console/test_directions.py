"""On the console's pages and in the desk's papers no name turns the words that stand after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.console.rendering import FOLDER, build_environment, render_text
from adapters.serve.desk.templates import render_markdown
from bot.admin.desk.papers import DeskPaper, PaperSection
from tests.bot.phrases.test_directions import list_turned

TEMPLATES = sorted((FOLDER / "templates").glob("*.html"))
NAME = "김\u202e"
SHOWN = re.compile(r"(?=\{\{ ([^{}]+) \}\}(.*))")
OTHERS_WORDS = re.compile(r"(^|\.)(name|title|issuer|reason|file|heading\[-1\])$|^names\.get\(")
# A block and a line's end end what a text turns. So does an attribute, and a field has it as it is.
END = re.compile(
    r"(</(a|span|strong)>|\{% (else|elif|endif)[^%]*%\})*"
    r"($|\"|<br>|</(p|li|t[dh]|h[1-3]|d[dt]|div|option|summary|textarea)>)"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_what_stands_before_other_words_of_its_line_is_isolated(path: Path) -> None:
    for said, rest in SHOWN.findall(path.read_text(encoding="utf-8")):
        words, *filters = said.split(" | ")
        if OTHERS_WORDS.search(words) and not END.match(rest):
            assert "isolate" in filters, said + rest


def test_lists_of_names_isolate_each() -> None:
    names = build_environment().from_string('{{ names | map("isolate") | join(", ") }}')
    line = render_text("case.present", "en", names=names.render(names=[NAME, NAME]))
    assert list_turned(line) == [] and line.count(f"\u2068{NAME}\u2069") == 2


def test_a_cell_of_a_paper_turns_no_other() -> None:
    section = PaperSection("표", head=("무엇", "누구"), rows=((NAME, "이"),))
    paper = DeskPaper("agenda", NAME, "ko", (NAME,), (section,))
    for line in render_markdown(paper).splitlines():
        assert list_turned(line) == []
