"""Papers as Markdown and HTML, by the templates in this folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.phrases.directions import isolate_lines

if TYPE_CHECKING:
    from bot.admin.desk.papers import DeskPaper

WIDE_FROM_COLUMNS = 9  # of a table: then the page lies on its side
# Longer ones may be broken: a narrow column must not grow over the page.
_KOREAN_WORD = re.compile(r"(?=.*[가-힣])\S{2,14}")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~])")


def render_markdown(paper: DeskPaper) -> str:
    """The paper as Markdown; what people wrote cannot become markup, a link or another cell."""
    text = _open_environment().get_template("paper.md.j2").render(paper=paper)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_html(paper: DeskPaper) -> str:
    """The paper as a page of HTML that needs no other file."""
    wide = any(len(section.head) >= WIDE_FROM_COLUMNS for section in paper.sections)
    return _open_environment().get_template("paper.html.j2").render(paper=paper, wide=wide)


def _escape_line(text: str) -> str:
    """`text` on one line of Markdown, as it is."""
    return _MARKDOWN.sub(r"\\\1", isolate_lines(" ".join(text.split())))


def _keep_words(text: str) -> Markup:
    """`text` as HTML whose Korean words are not broken over lines: WeasyPrint knows no `keep-all`."""
    parts = (
        Markup('<span class="word">{}</span>').format(part) if _KOREAN_WORD.fullmatch(part) else escape(part)
        for part in re.split(r"(\s+)", text)
    )  # fmt: skip
    return Markup("").join(parts)


def _escape_css(text: str) -> str:
    """`text` within the quotes of a CSS string."""
    return re.sub(r'[\\"<>\n\r\f]', lambda match: f"\\{ord(match[0]):06x}", text)


@cache
def _open_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"line": _escape_line, "css": _escape_css, "words": _keep_words}
    return environment
