"""Any text, heading and small print arrives on Telegram as it was typed, through its HTML and back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.outbound import render_text
from bot.delivery.channel import PlatformMessage
from bot.messages import Address, Content
from tests.fakes.telegram.markup import count_utf16_units, parse_html

NO_BREAK = "\N{NO-BREAK SPACE}"
# What HTML, entities and Markdown are made of, between any characters.
signs = st.sampled_from(
    ["<b>", "</b>", "<", ">", "&", "&amp;", "&lt;", "&#60;", "&#x3c;", '"', "'", "<a href='x'>", "<!--",
     "*", "_", "`", "~", "||", "[1]", "가 [1]", "… [2]", "\n", ":", "제목:", "https://a.kr/?a=1&b=2", "😀"]
)  # fmt: skip
texts = st.lists(signs | st.text(max_size=4), max_size=15).map("".join)
lines = texts.map(lambda text: " ".join(text.split()))


def make_message(content: Content, plain: bool = False) -> PlatformMessage:
    return PlatformMessage("k", Address("telegram", "1"), None, content, plain)


@settings(max_examples=200, deadline=None)
@given(text=texts, headings=st.lists(lines, max_size=2), heads=st.booleans())
def test_any_text_with_any_headings_is_shown_as_typed(
    text: str, headings: list[str], heads: bool
) -> None:
    """A message's own headings stand in it as lines."""
    said = "\n".join([*headings, text]) if heads else text
    shown, entities = parse_html(render_text(make_message(Content(said, headings=tuple(headings)))))
    assert shown == said
    size = count_utf16_units(shown)
    assert all(one["offset"] >= 0 and one["offset"] + one["length"] <= size for one in entities)
    assert {one["type"] for one in entities} <= {"bold"}


@settings(max_examples=100, deadline=None)
@given(text=texts, details=st.lists(lines, min_size=1, max_size=3).map("\n".join))
def test_any_small_print_is_folded_below_the_text(text: str, details: str) -> None:
    """But for the marks of sources, which stay on the line of their word, and what is shown of a long
    address."""
    shown, entities = parse_html(render_text(make_message(Content(text, details))))
    words = f"{text}\n{details}" if details else text
    assert shown.replace(NO_BREAK, " ").strip() == words.replace(NO_BREAK, " ").strip()
    assert {one["type"] for one in entities} <= {"blockquote", "expandable_blockquote", "text_link"}


@given(text=texts)
def test_a_plain_message_has_no_markup(text: str) -> None:
    assert render_text(make_message(Content(text), plain=True)) == text
