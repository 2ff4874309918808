"""Korean particles agree with whatever stands before them."""

from __future__ import annotations

import pytest

from bot.phrases import render_phrase


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("Da Nang", "Da Nang으로"),
        ("Hanoi", "Hanoi로"),
        ("서울", "서울로"),
        ("Seoul", "Seoul로"),
        ("다낭", "다낭으로"),
        ("Hải Phòng", "Hải Phòng으로"),
        ("Bangkok", "Bangkok으로"),
        ("Detroit", "Detroit로"),
        ("다낭 (베트남)", "다낭 (베트남)으로"),
        ("제3구역 7", "제3구역 7로"),
        ("LA 6", "LA 6으로"),
    ],
)
def test_a_place_is_remembered_in_good_korean(place: str, shown: str) -> None:
    assert render_phrase("founder.place_kept", "ko", place=place, reason="").startswith(f"{shown} ")


@pytest.mark.parametrize(
    ("title", "particle"), [("KOTRA", "는"), ("R&D 공고", "는"), ("HS", "는"), ("SNM", "은")]
)
def test_names_in_latin_letters_are_read_aloud(title: str, particle: str) -> None:
    assert f"「{title}」{particle} " in render_phrase(
        "founder.expired", "ko", title=title, expires="x"
    )


def test_a_value_keeps_what_looks_like_a_pair() -> None:
    said = render_phrase("founder.unknown_place", "ko", text="다낭(으)로")
    assert "“다낭(으)로”" in said
