"""One message as each messenger shows it: headings, titles as links, small print, buttons."""

from __future__ import annotations

import re
from typing import Any

import pytest

from adapters.slack.outbound import render_blocks
from adapters.slack.plain_words import put_in_plain_words
from adapters.telegram.outbound import render_inline_keyboard, render_text
from bot.delivery.channel import PlatformMessage
from bot.messages import Address, Button, Content
from knowledge.types import LANGUAGES, Language
from tests.adapters.messaging.test_addresses import SHORT
from tests.fakes.slack.blocks import render_rich_text
from tests.samples.records import phrase

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
        "<b>물류비는 얼마까지 지원하나요? &lt;A&amp;B&gt;</b>\n최대 1억 원입니다.\u00a0[1]\n\n"
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
    assert render_rich_text(section) == "최대 1억 원입니다.\u00a0[1]\n\n오늘 기준입니다."
    assert context["elements"][0]["text"] == f"[1] 나루청 · <{SHORT}|「공고」 › 한도>"
    assert [button.get("style") for button in actions["elements"]] == ["primary", None]


def test_slack_shows_other_headings_in_bold() -> None:
    blocks = render_blocks(
        Content("[공관 · 담당자] #1\n│ *답*입니다.", headings=("[공관 · 담당자] #1",))
    )
    assert _mark_bold(blocks) == "<b>[공관 · 담당자] #1</b>\n│ *답*입니다."


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_has_no_slash_in_the_first_message_and_the_receipts(language: Language) -> None:
    for key in ("greeting", "receipt_expected", "receipt_kept", "welcome", "who_reads"):
        text = phrase(
            f"founder.{key}", language, opens="09:00", hours="09:00–18:00", due="18:00", assumed=""
        )
        parcel = PlatformMessage("1", Address("slack", "D1"), None, Content(text), False)
        shown = str(render_blocks(put_in_plain_words(parcel).content))
        assert not re.search("/(?:privacy|close|forget)", shown)
        assert re.search("privacy|close|개인정보|종료", shown)
        assert re.search("/(?:privacy|close)", show_in_telegram(Content(text)))


def test_labels_of_fields_are_bold() -> None:
    content = Content("접수번호 #7\n이유: A: B", headings=("접수번호 #7", "이유:"))
    assert show_in_telegram(content) == "<b>접수번호 #7</b>\n<b>이유:</b> A: B"
    assert _mark_bold(render_blocks(content)) == "<b>접수번호 #7</b>\n<b>이유:</b> A: B"


def test_the_marks_of_sources_do_not_stand_alone_on_a_line() -> None:
    content = Content("한 해 1억 원. … [1]\n표 [3]", "[1] 나루청 · 「공고」")
    assert show_in_telegram(content).startswith("한 해 1억 원.\u00a0…\u00a0[1]\n표 [3]")


@pytest.mark.parametrize(
    ("labels", "sizes"),
    [
        (("Sửa nơi", "Gấp hơn", "Ít gấp hơn", "Niêm phong"), [2, 2]),
        (("Correct the place", "More urgent", "Seal it"), [2, 1]),
        (("Tôi đã rõ", "Tôi cần gặp người phụ trách"), [1, 1]),
        (("해결됐습니다", "담당자가 필요합니다"), [2]),
        (("맡기", "종결", "옮기기"), [3]),
        (("한국어", "English", "Tiếng Việt"), [3]),
    ],
)
def test_a_row_of_buttons_fits_a_phone(labels: tuple[str, ...], sizes: list[int]) -> None:
    content = Content("?", buttons=(tuple(Button(one, one) for one in labels),))
    keyboard = render_inline_keyboard(content, "naru_bot")
    assert keyboard is not None
    assert [len(row) for row in keyboard.inline_keyboard] == sizes
    assert [len(one["elements"]) for one in render_blocks(content)[1:]] == [len(labels)]


def _mark_bold(blocks: list[dict[str, Any]]) -> str:
    return "".join(
        f"<b>{run['text']}</b>" if run.get("style") == {"bold": True} else run["text"]
        for block in blocks
        for run in block["elements"][0]["elements"]
    )
