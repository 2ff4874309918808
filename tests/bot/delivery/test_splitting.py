"""Long words in parts that a messenger takes, and nothing of them lost."""

from __future__ import annotations

import pytest

from bot.delivery.splitting import CAPTION, LIMITS, pieces, split_all, units
from bot.types import Address, Body, Button, File, Outgoing, OutgoingAct

MINA = Address("telegram", "1001")
ROOM = Address("slack", "C0HANOI", staff_thread="1.1")
BUTTONS = ((Button("ok", "해결됐습니다"),),)
LONG = "\n\n".join(f"문단 {number}. " + "수출 물류비를 지원합니다. " * 20 for number in range(40))


def parts(body: Body, to: Address = MINA, act: OutgoingAct = "send") -> list[Outgoing]:
    return list(split_all([Outgoing(to, body, act)]))


def bare(text: str) -> str:
    return "".join(text.split())


def test_a_short_message_stays_as_it_is() -> None:
    body = Body("짧은 말", "출처", BUTTONS)
    assert [one.body for one in parts(body)] == [body]


@pytest.mark.parametrize("channel", ["telegram", "slack"])
def test_every_part_fits_and_no_word_is_lost(channel: str) -> None:
    found = parts(Body(LONG, "출처 " * 600, BUTTONS), Address(channel, "1"))
    limit = LIMITS[channel]
    assert len(found) > 3
    assert all(units(one.body.text) + units(one.body.details) <= limit for one in found)
    said = "".join(one.body.text for one in found)
    assert bare(said) == bare(LONG)
    assert bare("".join(one.body.details for one in found)) == "출처" * 600
    assert [one.body.buttons for one in found] == [()] * (len(found) - 1) + [BUTTONS]


def test_text_is_cut_between_paragraphs_where_it_can_be() -> None:
    assert all(piece.startswith("문단") for piece in pieces(LONG, 3_800))


@pytest.mark.parametrize("text", ["가" * 20_000, "😀" * 20_000, "a b " * 5_000, "x\n" * 10_000])
def test_twenty_thousand_characters_of_any_kind_arrive(text: str) -> None:
    found = pieces(text, 3_800)
    assert all(0 < units(piece) <= 3_800 for piece in found)
    assert bare("".join(found)) == bare(text)


def test_no_character_is_cut_in_two() -> None:
    assert pieces("a" + "😀" * 4, 4) == ["a😀", "😀😀", "😀"]


def test_a_file_carries_short_words_and_follows_long_ones() -> None:
    file = File("telegram", "AgAC", "photo.jpg", "image/jpeg", 9, "photo")
    (alone,) = parts(Body("짧은 말", files=(file,)))
    assert alone.body.files == (file,) and alone.body.text == "짧은 말"
    said, shown = parts(Body("가" * (CAPTION + 1), files=(file,)))
    assert (said.body.files, shown.body.text, shown.body.files) == ((), "", (file,))


def test_words_go_before_a_file_that_takes_none() -> None:
    round_video = File("telegram", "DQAC", "video_note.mp4", "video/mp4", 9, "video_note")
    said, shown = parts(Body("[대사관 · 변호사] #1", files=(round_video,)))
    assert said.body.text and not said.body.files
    assert shown.body.files == (round_video,) and not shown.body.text


def test_several_files_are_several_messages() -> None:
    files = tuple(File("slack", f"u{n}", f"{n}.pdf", "application/pdf", n) for n in range(3))
    found = parts(Body("", files=files))
    assert [one.body.files for one in found] == [(file,) for file in files]


def test_a_card_stays_one_message_with_its_buttons_and_the_rest_follows() -> None:
    card, *rest = parts(Body(LONG, buttons=BUTTONS, protect=True), ROOM, "card")
    assert card.act == "card" and card.body.buttons == BUTTONS
    assert rest and all(one.act == "send" and not one.body.buttons for one in rest)
    assert all(one.body.protect for one in rest)
    (again,) = parts(Body(LONG, buttons=BUTTONS), ROOM, "recard")
    assert (again.body.text, again.body.buttons) == (card.body.text, BUTTONS)


def test_a_thread_is_closed_by_one_act_without_words() -> None:
    assert [one.act for one in parts(Body(""), ROOM, "close")] == ["close"]


def test_a_sealed_cases_parts_are_all_protected() -> None:
    assert all(one.body.protect for one in parts(Body(LONG, "출처", protect=True)))
