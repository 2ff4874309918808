"""Any text arrives on Slack as it was typed, calls no one, and comes back as it was typed."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.slack.outbound import escape_text, render_blocks, render_caption, render_links
from adapters.slack.reading.markup import unescape_text
from bot.messages import Content
from tests.fakes.slack.blocks import find_block_faults
from tests.fakes.slack.mrkdwn import show_mrkdwn

# What Slack's codes, entities and links are made of, between any characters.
signs = st.sampled_from(
    ["<!channel>", "<@U123>", "<#C1|x>", "<https://a.kr|b>", "<", ">", "&", "&amp;", "&lt;", "|", "@here",
     "@channel ", "#general", "*", "_", "~", "`", ":+1:", "\n", " ", "https://a.kr/?a=1&b=2", "http://b.vn/가|x",
     "https://", "!date^1^{date}|x", "가", "제목:", "😀"]
)  # fmt: skip
texts = st.lists(signs | st.text(max_size=4), max_size=15).map("".join)
WORD_JOINER = "\N{WORD JOINER}"


def list_runs(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs of the texts, which Slack shows as they are."""
    rich = [block for block in blocks if block["type"] == "rich_text"]
    return [run for block in rich for part in block["elements"] for run in part["elements"]]


def show_blocks(blocks: list[dict[str, Any]]) -> tuple[str, list[str]]:
    """The texts and the small print one below the other, and the links and codes in them."""
    runs = list_runs(blocks)
    small = [one for block in blocks if block["type"] == "context" for one in block["elements"]]
    shown = [show_mrkdwn(one["text"]) for one in small]
    assert all(one["verbatim"] for one in small)
    text = "".join(run.get("text") or run["url"] for run in runs) + "".join(one for one, _ in shown)
    links = [run["url"] for run in runs if run["type"] == "link"]
    return text, [*links, *(code for _, codes in shown for code in codes)]


@settings(max_examples=200, deadline=None)
@given(text=texts)
@example(text="https://|<!channel>")
def test_any_text_is_shown_as_typed_and_only_addresses_become_codes(text: str) -> None:
    for marked in (escape_text(text), render_links(text)):
        shown, codes = show_mrkdwn(marked)
        assert shown == text
        assert all(code.startswith(("http://", "https://")) for code in codes)


@settings(max_examples=100, deadline=None)
@given(text=texts, details=texts, times=st.sampled_from([1, 1, 60]))
def test_blocks_of_any_text_are_such_as_slack_takes(text: str, details: str, times: int) -> None:
    blocks = render_blocks(Content(text * times, details))
    assert find_block_faults(blocks, "message", "/blocks") == []
    shown, codes = show_blocks(blocks)
    assert "".join(shown.split()).startswith("".join((text * times).split()))
    assert all(code.startswith(("http://", "https://")) for code in codes)


@given(text=texts, headings=st.lists(texts, max_size=2))
def test_no_sign_of_a_style_is_taken_for_one(text: str, headings: list[str]) -> None:
    """Slack would show `*a*` as bold, `:+1:` as a thumb, and a line after ">" as a quotation."""
    blocks = render_blocks(Content(text, headings=tuple(headings)))
    runs = list_runs(blocks)
    assert {block["type"] for block in blocks} <= {"rich_text"}
    assert "".join(run.get("text") or run["url"] for run in runs) == text.strip()
    assert {run["text"] for run in runs if run.get("style")} <= set(headings)
    assert {run["type"] for run in runs} <= {"text", "link"}


@given(text=texts)
def test_a_caption_calls_no_one(text: str) -> None:
    shown, codes = show_mrkdwn(render_caption(text))
    assert codes == [] and shown.replace(WORD_JOINER, "") == text.replace(WORD_JOINER, "")


@given(text=texts)
def test_what_was_escaped_is_read_as_it_was_typed(text: str) -> None:
    assert unescape_text(escape_text(text)) == text
