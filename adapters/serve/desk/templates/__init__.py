"""Papers as Markdown and HTML, by the templates in this folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

if TYPE_CHECKING:
    from bot.admin.desk.papers import DeskPaper

WIDE_FROM_COLUMNS = 9  # of a table: then the page lies on its side
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
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


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
    environment.filters |= {"line": _escape_line, "css": _escape_css}
    return environment
