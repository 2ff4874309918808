"""Text divided into the pieces that a model knows."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.embedding.piece_table import join_pieces
from knowledge.embedding.segmenter import Segmenter
from knowledge.embedding.weight_file import WeightFile, find_shipped_model, read_weight_file

PIECES = {"<s>": 0.0, "</s>": 0.0, "<unk>": 0.0, "▁": -4.0, "▁port": -5.0, "▁po": -3.0,
          "rt": -1.5, "r": -9.0, "▁a": -2.0, "s": -6.0}  # fmt: skip
START, END, UNKNOWN = range(3)


def make_file(max_tokens: int = 16) -> WeightFile:
    return WeightFile(
        layers=0, heads=0, epsilon=0, max_tokens=max_tokens,
        pieces=join_pieces([piece.encode() for piece in PIECES]),
        scores=np.array(list(PIECES.values()), np.float32),
        start_piece=START, end_piece=END, unknown_piece=UNKNOWN,
        character_map={ord("\n"): " ", ord("A"): "a", ord("@"): "a" * 18}, tensors={}, packed={},
    )  # fmt: skip


def divide(text: str) -> list[str]:
    names = list(PIECES)
    return [names[number] for number in Segmenter(make_file()).divide_text(text)][1:-1]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("port", ["▁po", "rt"]),  # −4.5 beats −5
        ("ports", ["▁po", "rt", "s"]),
        ("por", ["▁po", "r"]),
        ("a  port", ["▁a", "▁po", "rt"]),  # spaces count once
        ("A\nport", ["▁a", "▁po", "rt"]),  # the character map comes first
        (" a", ["▁a"]),
        ("a한", ["▁a", "<unk>"]),
        ("<unk>", ["▁", "<unk>", "<unk>", "<unk>", "<unk>", "<unk>"]),  # no letters of a text
        ("", ["▁"]),
    ],
)
def test_a_text_is_divided_as_is_likeliest(text: str, pieces: list[str]) -> None:
    assert divide(text) == pieces


def test_a_long_text_is_cut_between_its_ends() -> None:
    tokens = Segmenter(make_file(max_tokens=8)).divide_text("a " * 100)
    assert len(tokens) == 8 and tokens[0] == START and tokens[-1] == END


def test_a_hundred_thousand_times_any_letter_is_at_most_512_pieces() -> None:
    """U+FDFA becomes 18 letters: a hundred of them bring the package's own engine down."""
    segmenter = Segmenter(read_weight_file(find_shipped_model()))
    for letter in ("\ufdfa", "한", "\ud800", "a", " ", "\u200b"):
        assert 2 <= len(segmenter.divide_text(letter * 100_000)) <= 512, repr(letter)
