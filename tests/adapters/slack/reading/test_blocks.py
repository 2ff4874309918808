"""The words of Block Kit."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.reading.blocks import list_emoji, read_blocks
from adapters.slack.reading.markup import NO_NAMES, SlackNames

NAMES = SlackNames({"U3": "지민"}, {"C1": "수출"})


def make_rich_text(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": list(parts)}]


def make_section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def make_text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def test_rich_text_reads_as_its_text_would() -> None:
    spoken = make_section(
        {"type": "user", "user_id": "U3"}, make_text("님, "), {"type": "broadcast", "range": "here"},
        make_text(" <1> "), {"type": "channel", "channel_id": "C1"}, make_text(" "),
        {"type": "link", "url": "https://x/apply", "text": "apply"}, make_text(" "),
        {"type": "emoji", "name": "pray", "unicode": "1f64f"}, {"type": "emoji", "name": "ours"},
        {"type": "usergroup", "usergroup_id": "S1"}, {"type": "user", "user_id": "U9"},
        {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1970-01-01"},
        {"type": "of_tomorrow", "text": "!"}, {"type": "of_tomorrow"},
    )  # fmt: skip
    words = "@지민님, @here <1> #수출 apply (https://x/apply) 🙏:ours:@그룹@동료1970-01-01!"
    assert read_blocks(make_rich_text(spoken), NAMES) == words


def test_lists_quotations_and_code_keep_their_lines() -> None:
    items: list[dict[str, Any]] = [make_section(make_text("하나")), make_section(make_text("둘"))]
    parts: list[dict[str, Any]] = [
        {"type": "rich_text_list", "style": "bullet", "elements": items},
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": items},
        {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": items},
        {"type": "rich_text_quote", "elements": [make_text("a\nb")]},
        {"type": "rich_text_preformatted", "elements": [make_text("x = 1")]},
    ]
    assert read_blocks(make_rich_text(*parts), NO_NAMES).splitlines() == [
        "• 하나", "• 둘", "  1. 하나", "  2. 둘", "3. 하나", "4. 둘", "> a", "> b", "x = 1",
    ]  # fmt: skip


def test_other_blocks_say_their_texts() -> None:
    mrkdwn = {"type": "mrkdwn", "text": "<@U3> &amp; <https://x.kr|x.kr>"}
    plain = {"type": "plain_text", "text": "a &amp; b"}
    blocks = [
        {"type": "header", "text": plain},
        {"type": "section", "text": mrkdwn, "fields": [plain]},
        {"type": "context", "elements": [{"type": "image", "image_url": "https://x.kr/a", "alt_text": "그림"}, plain]},
        {"type": "image", "image_url": "https://x.kr/b", "alt_text": "도표"},
        {"type": "video", "title": plain, "video_url": "https://x.kr/v"},
        {"type": "markdown", "text": "**굵게**"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "한도"}, make_rich_text(make_section(make_text("500")))[0]]]},
        {"type": "divider"}, {"type": "actions", "elements": []},
    ]  # fmt: skip
    assert read_blocks(blocks, NAMES).splitlines() == [
        "a &amp; b", "@지민 & x.kr", "a &amp; b", "그림 (https://x.kr/a)", "a &amp; b",
        "도표 (https://x.kr/b)", "a &amp; b (https://x.kr/v)", "**굵게**", "한도 | 500",
    ]  # fmt: skip


def test_the_emoji_that_blocks_explain_have_the_names_of_the_text() -> None:
    elements: list[dict[str, Any]] = [
        {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd", "skin_tone": 4},
        {"type": "emoji", "name": "ok_hand::skin-tone-2", "unicode": "1f44c-1f3fb"},
        {"type": "emoji", "name": "our_own"},
        {"type": "emoji", "name": "broken", "unicode": "zz"},
    ]
    explained = list_emoji(make_rich_text(make_section(*elements)))
    assert explained == {"wave::skin-tone-4": "👋🏽", "ok_hand::skin-tone-2": "👌🏻"}


@pytest.mark.parametrize(
    "odd", [None, "text", 5, [5, "a"], [{"type": "section"}], [{"type": "table", "rows": 3}],
            [{"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": 4}]}]],
)  # fmt: skip
def test_blocks_of_any_shape_can_be_read(odd: object) -> None:
    assert read_blocks(odd, NO_NAMES) == "" and list_emoji(odd) == {}
