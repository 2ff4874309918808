"""The founders' page as HTML: everything that anybody wrote is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from adapters.messaging.addresses import encode_address, render_sources
from adapters.messaging.command_words import name_commands
from adapters.messaging.emphasis import bind_marks, split_heading
from adapters.web.limits import WORDS_LIMIT_CHARACTERS
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.types import WebLine
from knowledge.types import LANGUAGES, Language

FOLDER = Path(__file__).parent
PAGE_TEXTS = (
    "title", "intro", "warning", "question", "send", "look", "looking", "link_name", "talk", "naru", "you", "sources",
    "choices", "languages", "skip",
)  # fmt: skip
_ADDRESS = re.compile(r"(https?://[^\s<>\"'「」·]+[^\s<>\"'「」·.,;:!?)\]])")


@cache
def load_template() -> jinja2.Template:
    """The page: everything is escaped, and a name that is not there is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"shown": render_text, "sources": render_details}
    return environment.get_template("page.html")


def render_ask_page(
    language: Language, lines: Sequence[WebLine] = (), buttons: Sequence[Button] = (), *,
    address: str = "", form: str = "", draft: str = "", problem: str = "", days: int = 0,
) -> str:  # fmt: skip
    """The page of a conversation: its lines, what can be pressed now, and the form for the next words.
    `address` is where it is found, "" for one that did not begin; `form` names the form, `days` is how
    long it is kept."""
    is_looking = bool(lines) and not lines[-1].is_naru
    return load_template().render(
        t={name: render_phrase(f"web.{name}", language) for name in PAGE_TEXTS},
        most=WORDS_LIMIT_CHARACTERS, language=language, languages=LANGUAGES, lines=lines, address=address, form=form,
        draft=draft, problem=problem, kept=render_phrase("web.link", language, days=days), is_looking=is_looking,
        buttons=buttons,
    )  # fmt: skip


def list_buttons(lines: Sequence[WebLine]) -> list[Button]:
    """The choices under what Naru said last, each once."""
    said: list[WebLine] = []
    for line in reversed(lines):
        if not line.is_naru:
            break
        said.append(line)
    found: dict[str, Button] = {}
    for line in said:
        for row in line.content.buttons:
            for button in row:
                found.setdefault(button.key, button)
    return list(found.values())


def render_text(content: Content) -> Markup:
    """The text of a message with its headings, its line breaks and its links."""
    text = bind_marks(content) if content.relayed else name_commands(bind_marks(content), "Naru")
    text += "".join(f"\n📎 {file.name}" for file in content.files)
    render_line = partial(_render_line, headings=content.headings)
    return Markup("<br>\n").join(map(render_line, text.split("\n")))


def _render_line(line: str, headings: Sequence[str]) -> Markup:
    heading, rest = split_heading(line, headings)
    strong = Markup("<strong>{}</strong>").format(heading) if heading else Markup("")
    return strong + render_links(rest)


def render_links(text: str) -> Markup:
    """A text with its web addresses as links."""
    parts = _ADDRESS.split(text)  # every second part is an address
    return Markup("").join(
        render_link(encode_address(part), part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def render_link(address: str, words: str) -> Markup:
    """A link to another site, which opens outside of a frame and learns nothing of this page."""
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(
        address, words
    )


def render_details(details: str) -> Markup:
    """The sources of an answer, a line for each, with their titles as links."""
    lines = render_sources(details, lambda text: str(escape(text)), render_link)
    return Markup(lines.replace("\n", "<br>\n"))  # noqa: S704, every part of it is escaped
