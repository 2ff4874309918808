"""One message as each messenger shows it: headings, titles as links, small print, buttons."""

from __future__ import annotations

from typing import Any

from adapters.slack.outbound import render_blocks
from adapters.slack.plain_words import put_in_plain_words
from adapters.telegram.outbound import render_inline_keyboard, render_text
from bot.delivery.channel import PlatformMessage
from bot.messages import Address, Button, Content
from tests.adapters.messaging.test_addresses import SHORT

HEADING = "물류비는 얼마까지 지원하나요? <A&B>"
ANSWER = Content(
    f"{HEADING}\n최대 1억 원입니다. [1]\n\n오늘 기준입니다.",
    f"[1] 나루청 · 「공고」 › 한도 · {SHORT}",
    ((Button("ok", "해결됐습니다", style="primary"), Button("human", "담당자")),),
    headings=(HEADING,),
)


def show_in_telegram(content: Content, *, plain: bool = False) -> str:
    return render_text(PlatformMessage("1", Address("telegram", "7"), None, content, plain))


def test_telegram_shows_headings_in_bold_and_titles_as_links() -> None:
    assert show_in_telegram(ANSWER) == (
        "<b>물류비는 얼마까지 지원하나요? &lt;A&amp;B&gt;</b>\n최대 1억 원입니다. [1]\n\n"
        f'오늘 기준입니다.\n<blockquote expandable>[1] 나루청 · <a href="{SHORT}">「공고」 › 한도</a>'
        "</blockquote>"
    )
    assert show_in_telegram(ANSWER, plain=True) == f"{ANSWER.text}\n\n{ANSWER.details}"


def test_telegram_colours_the_likeliest_button() -> None:
    keyboard = render_inline_keyboard(ANSWER, "naru_bot")
    assert keyboard is not None
    assert [button.style for button in keyboard.inline_keyboard[0]] == ["primary", None]


def test_slack_shows_a_header_the_text_small_print_and_coloured_buttons() -> None:
    header, section, context, actions = render_blocks(ANSWER)
    assert header == {"type": "header", "text": {"type": "plain_text", "text": HEADING}}
    assert section["text"]["text"] == "최대 1억 원입니다. [1]\n\n오늘 기준입니다."
    assert context["elements"][0]["text"] == f"[1] 나루청 · <{SHORT}|「공고」 › 한도>"
    assert [button.get("style") for button in actions["elements"]] == ["primary", None]


def test_slack_shows_other_headings_in_bold() -> None:
    blocks = render_blocks(
        Content("[공관 · 담당자] #1\n│ *답*입니다.", headings=("[공관 · 담당자] #1",))
    )
    assert _join_sections(blocks) == "*[공관 · 담당자] #1*\n│ *답*입니다."


def test_slack_names_the_word_to_type_but_changes_no_persons_words() -> None:
    text = "끝내려면 /close 를 보내십시오."
    own, said = (
        put_in_plain_words(
            PlatformMessage(
                "1", Address("slack", "D1"), None, Content(text, relayed=relayed), False
            )
        ).content.text
        for relayed in (False, True)
    )
    assert own == "끝내려면 ‘종료’를 보내십시오." and said == text


def _join_sections(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(one["text"]["text"] for one in blocks if one["type"] == "section")
