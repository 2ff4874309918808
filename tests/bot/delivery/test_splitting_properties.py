"""Any text in parts: nothing but white space is lost, every part fits, no letter is cut in two."""

from __future__ import annotations

import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.slack.limits import SLACK_LIMITS
from adapters.slack.outbound import render_blocks
from adapters.telegram.limits import TELEGRAM_LIMITS
from adapters.telegram.outbound import render_text
from bot.delivery.channel import PlatformMessage
from bot.delivery.splitting import count_utf16_units, split_messages, split_text
from bot.messages import Address, Content, Outgoing
from tests.fakes.slack.blocks import TEXT_LIMIT, render_rich_text
from tests.fakes.telegram.markup import parse_html
from tests.fakes.telegram.request import TEXT_LIMIT as TELEGRAM_TEXT_LIMIT

# What is several characters, or several units, and one letter to a reader.
LETTERS = ("가", "a", "한", "e\u0301\u0323", "😀", "🇰🇷", "👨‍👩‍👧", "👍🏽", "&", "<b>", "\r\n",
           " ", "\n", "\n\n", ". ", "각", " \u0301", "&amp;", "*", "|")  # fmt: skip
texts = st.lists(st.sampled_from(LETTERS) | st.text(max_size=3), max_size=60).map("".join)
LIMITS = {"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS}


def strip_whitespace(text: str) -> str:
    return "".join(text.split())


def list_letters(text: str) -> list[str]:
    """What a reader takes for letters, without white space."""
    return [letter for one in regex.findall(r"\X", text) if (letter := one.strip())]


@settings(max_examples=100, deadline=None)
@given(text=texts, limit=st.integers(12, 40))
@example(text="가" * 3 + "👨‍👩‍👧" * 4, limit=12)
def test_any_text_arrives_in_letters_that_are_whole(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(0 < count_utf16_units(piece) <= limit for piece in pieces)
    assert strip_whitespace("".join(pieces)) == strip_whitespace(text)
    if all(count_utf16_units(one) <= limit for one in list_letters(text)):
        assert [one for piece in pieces for one in list_letters(piece)] == list_letters(text)


@settings(max_examples=10, deadline=None)
@given(text=texts, times=st.integers(100, 600))
def test_every_part_of_any_text_is_within_what_both_messengers_take(text: str, times: int) -> None:
    words = text * times
    for channel in LIMITS:
        address = Address(channel, "1")
        parts = [one.content.text for one in split_messages([Outgoing(address, Content(words))], LIMITS)]  # fmt: skip
        assert strip_whitespace("".join(parts)) == strip_whitespace(words)
        for part in parts:
            if channel == "telegram":
                parcel = PlatformMessage("k", address, None, Content(part))
                shown, _ = parse_html(render_text(parcel))
                assert count_utf16_units(shown) <= TELEGRAM_TEXT_LIMIT
            else:
                for block in render_blocks(Content(part)):
                    assert len(render_rich_text(block)) <= TEXT_LIMIT


def test_half_a_million_characters_take_no_stack() -> None:
    assert "".join(split_text("가" * 500_000, 200)) == "가" * 500_000
