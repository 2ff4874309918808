"""Long words in parts that a messenger takes, and nothing of them lost."""

from __future__ import annotations

import pytest

from adapters.slack.limits import SLACK_LIMITS
from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.delivery.splitting import count_utf16_units, split_messages, split_text
from bot.messages import Address, Button, Content, File, Outgoing, OutgoingAct

LIMITS = {"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS}
MINA = Address("telegram", "1001")
ROOM = Address("slack", "C0HANOI", staff_thread="1.1")
BUTTONS = ((Button("ok", "해결됐습니다"),),)
LONG = "\n\n".join(f"문단 {number}. " + "수출 물류비를 지원합니다. " * 20 for number in range(40))


def split_content(body: Content, to: Address = MINA, act: OutgoingAct = "send") -> list[Outgoing]:
    return list(split_messages([Outgoing(to, body, act)], LIMITS))


def strip_whitespace(text: str) -> str:
    return "".join(text.split())


def test_a_short_message_stays_as_it_is() -> None:
    body = Content("짧은 말", "출처", BUTTONS)
    assert [one.content for one in split_content(body)] == [body]


@pytest.mark.parametrize("channel", ["telegram", "slack"])
def test_every_part_of_a_long_message_fits_and_no_word_is_lost_nanobot_262(channel: str) -> None:
    found = split_content(Content(LONG, "출처 " * 600, BUTTONS), Address(channel, "1"))
    limit = LIMITS[channel].text_utf16
    assert len(found) > 3
    assert all(
        count_utf16_units(one.content.text) + count_utf16_units(one.content.details) <= limit
        for one in found
    )
    said = "".join(one.content.text for one in found)
    assert strip_whitespace(said) == strip_whitespace(LONG)
    assert strip_whitespace("".join(one.content.details for one in found)) == "출처" * 600
    assert [one.content.buttons for one in found] == [()] * (len(found) - 1) + [BUTTONS]


def test_a_channel_without_limits_takes_any_length() -> None:
    (sent,) = split_content(Content(LONG, buttons=BUTTONS), Address("terminal", "me"))
    assert sent.content == Content(LONG, buttons=BUTTONS)


def test_text_is_cut_between_paragraphs_where_it_can_be() -> None:
    assert all(piece.startswith("문단") for piece in split_text(LONG, 3_800))


@pytest.mark.parametrize("text", ["가" * 20_000, "😀" * 20_000, "a b " * 5_000, "x\n" * 10_000])
def test_twenty_thousand_characters_of_any_kind_arrive(text: str) -> None:
    found = split_text(text, 3_800)
    assert all(0 < count_utf16_units(piece) <= 3_800 for piece in found)
    assert strip_whitespace("".join(found)) == strip_whitespace(text)


def test_no_character_is_cut_in_two() -> None:
    assert split_text("a" + "😀" * 4, 4) == ["a😀", "😀😀", "😀"]


def test_a_file_carries_short_words_and_follows_long_ones() -> None:
    file = File("telegram", "AgAC", "photo.jpg", "image/jpeg", 9, "photo")
    (alone,) = split_content(Content("짧은 말", files=(file,)))
    assert alone.content.files == (file,) and alone.content.text == "짧은 말"
    said, shown = split_content(Content("가" * (TELEGRAM_LIMITS.caption_utf16 + 1), files=(file,)))
    assert (said.content.files, shown.content.text, shown.content.files) == ((), "", (file,))


def test_words_go_before_a_file_that_takes_none() -> None:
    round_video = File("telegram", "DQAC", "video_note.mp4", "video/mp4", 9, "video_note")
    said, shown = split_content(Content("[대사관 · 변호사] #1", files=(round_video,)))
    assert said.content.text and not said.content.files
    assert shown.content.files == (round_video,) and not shown.content.text


def test_several_files_are_several_messages() -> None:
    files = tuple(File("slack", f"u{n}", f"{n}.pdf", "application/pdf", n) for n in range(3))
    found = split_content(Content("", files=files))
    assert [one.content.files for one in found] == [(file,) for file in files]


def test_a_card_stays_one_message_with_its_buttons_and_the_rest_follows() -> None:
    card, *rest = split_content(Content(LONG, buttons=BUTTONS, protect=True), ROOM, "card")
    assert card.act == "card" and card.content.buttons == BUTTONS
    assert rest and all(one.act == "send" and not one.content.buttons for one in rest)
    assert all(one.content.protect for one in rest)
    (again,) = split_content(Content(LONG, buttons=BUTTONS), ROOM, "recard")
    assert (again.content.text, again.content.buttons) == (card.content.text, BUTTONS)


def test_a_thread_is_closed_by_one_act_without_words() -> None:
    assert [one.act for one in split_content(Content(""), ROOM, "close")] == ["close"]


def test_a_sealed_cases_parts_are_all_protected() -> None:
    assert all(one.content.protect for one in split_content(Content(LONG, "출처", protect=True)))
