"""The sheets to hand out name what is there, and carry a code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.cli import sheets
from adapters.cli.sheets import READERS, render_sheet
from adapters.errors import CommandFailed
from adapters.messaging.command_words import COMMAND_WORDS
from adapters.telegram.channel import STAFF_COMMANDS
from bot.founder.commands import FOUNDER_COMMANDS
from bot.phrases import render_phrase
from knowledge.types import LANGUAGES, Language

LINK = "https://t.me/naru_bot?start=vn-hanoi"
TEXTS = {path.name: path.read_text("utf-8") for path in Path(sheets.__file__).parent.glob("*.md")}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("reader", READERS)
def test_a_sheet_is_a_page_with_a_code(reader: sheets.Reader, language: Language) -> None:
    page = render_sheet(LINK, reader, language)
    assert page.count("<svg") == 1 and "viewBox" in page and LINK in page
    assert "<h1>" in page and "<table>" in page and "|" not in page


def test_two_links_have_two_codes() -> None:
    one, other = (render_sheet(f"https://t.me/{name}_bot", "founder", "ko") for name in "ab")
    assert one.split("<svg")[1].split("</svg>")[0] != other.split("<svg")[1].split("</svg>")[0]


def test_a_link_cannot_write_into_the_page() -> None:
    assert "<script>" not in render_sheet("https://t.me/x<script>", "founder", "en")


@pytest.mark.parametrize(
    "link", ["", "t.me/naru_bot", "javascript:alert(1)", "https://" + "a" * 400]
)
def test_what_no_phone_opens_is_refused(link: str) -> None:
    with pytest.raises(CommandFailed):
        render_sheet(link, "founder", "ko")


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_sheet_names_commands_that_exist(name: str) -> None:
    commands = FOUNDER_COMMANDS if name.startswith("founder") else STAFF_COMMANDS
    named = {word for word in re.findall(r"`/(\w+)", TEXTS[name]) if word != "naru"}
    assert len(named) >= 6 and named <= set(commands)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_sheet_names_buttons_and_words_that_exist(language: Language) -> None:
    founder, staff = TEXTS[f"founder.{language}.md"], TEXTS[f"staff.{language}.md"]
    assert f"**{render_phrase('founder.button_human', language)}**" in founder
    for key in ("claim", "resolve", "reassign"):
        assert f"**{render_phrase(f'staff.button_{key}', 'ko')}**" in staff
    rows = re.findall(r"^\| `/\w+.*?` \| `([^`@]+)` \|", staff, re.MULTILINE)
    assert len(rows) >= 3 and set(rows) <= set(COMMAND_WORDS)
