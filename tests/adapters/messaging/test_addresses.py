"""Long addresses of sources are shown by their site, and still lead to the whole address."""

from __future__ import annotations

import time

import pytest

from adapters.messaging.addresses import render_sources
from adapters.slack.outbound import render_blocks
from adapters.telegram.outbound import render_text
from bot.delivery.channel import PlatformMessage
from bot.messages import Address, Content

SHORT = "https://mss.go.kr/notice/1"
LONG = f"https://www.example.org/news/{'%EC%9E%AC' * 20}?a=1&b=2"


def render_for_telegram(details: str, *, plain: bool = False) -> str:
    content = Content("답", details)
    return render_text(PlatformMessage("1", Address("telegram", "7"), None, content, plain))


def test_telegram_links_the_title_of_a_source() -> None:
    text = render_for_telegram(f"[1] A & B · 「공고」 › 지원 대상 · 3쪽 · 2026년 · {LONG}")
    href = LONG.replace("&", "&amp;")
    line = f'[1] A &amp; B · <a href="{href}">「공고」 › 지원 대상</a> · 3쪽 · 2026년'
    assert text == f"답\n<blockquote expandable>{line}</blockquote>"


def test_slack_links_the_title_of_a_source() -> None:
    _, details = render_blocks(Content("답", f"[1] A & B · 「공고 | 안내」 · 2026년 · {SHORT}"))
    (element,) = details["elements"]
    assert element["text"] == f"[1] A &amp; B · <{SHORT}|「공고 ¦ 안내」> · 2026년"


@pytest.mark.parametrize("address", ["https://a.kr/공고?x=%20", "https://a.kr/%EA%B3%B5?x=%20"])
def test_a_link_leads_to_the_address_in_its_encoded_form(address: str) -> None:
    text = render_for_telegram(f"[1] 나루청 · 「공고」 · {address}")
    assert f'href="{address.replace("공고", "%EA%B3%B5%EA%B3%A0")}"' in text


def test_telegram_shows_the_site_of_a_long_address_without_a_title() -> None:
    text = render_for_telegram(f"[1] <b> & · {LONG}\n[2] 다른 곳 · {SHORT}")
    href = LONG.replace("&", "&amp;")
    assert f'<a href="{href}">example.org/…</a>\n[2] 다른 곳 · {SHORT}<' in text
    assert "<b>" not in text


def test_telegram_shows_all_of_an_address_without_markup() -> None:
    assert render_for_telegram(f"[1] 나루청 · {LONG}", plain=True).endswith(LONG)


def test_slack_shows_the_site_of_a_long_address_of_a_source() -> None:
    _, details = render_blocks(
        Content(f"보기: {LONG}", f"[1] A & B · {LONG}\n[2] 다른 곳 · {SHORT}")
    )
    (element,) = details["elements"]
    href = LONG.replace("&", "&amp;")
    assert element["text"] == (f"[1] A &amp; B · <{href}|example.org/…>\n[2] 다른 곳 · <{SHORT}>")


def test_slack_leaves_addresses_of_the_text_whole() -> None:
    (block,) = render_blocks(Content(f"보기: {LONG}"))
    assert block["elements"][0]["elements"][1] == {"type": "link", "url": LONG}


def test_a_heading_with_a_middle_dot_is_part_of_the_link() -> None:
    line = f"[1] 나루청 · 「공고」 › 송장·포장명세서는? · 2026 · {SHORT}"
    shown = render_sources(line, str, lambda address, words: f"<{address}|{words}>")
    assert shown == f"[1] 나루청 · <{SHORT}|「공고」 › 송장·포장명세서는?> · 2026"


@pytest.mark.parametrize("odd", [
    "[1] " + "「가" * 3_000, "[1] " + "「가」" * 3_000, "[1] 「가」" + " › 나" * 3_000 + " · x",
    "[1] 「가」" + " · 다" * 3_000 + " ·", "[1] " + "「가」 › 나 · " * 2_000, "[1] " + " https://" * 3_000,
])  # fmt: skip
def test_a_line_of_any_form_costs_time_by_its_length(odd: str) -> None:
    """Ten thousand letters took minutes: each title was tried with each section and each end."""
    began = time.process_time()
    shown = render_sources(odd, str, lambda address, words: f"<{address}|{words}>")
    assert shown == odd and time.process_time() - began < 1.0
