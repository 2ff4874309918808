"""Pieces of words found in a text by hashes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from knowledge.embedding import piece_table
from knowledge.embedding.piece_table import Pieces, PieceTable, join_pieces
from knowledge.embedding.weight_file import find_shipped_model, read_weight_file
from knowledge.errors import EmbedderMissing

WORDS = ["<unk>", "한", "한국", "국", "port", "po", "rt", "😀", "e\u0301"]


def find(text: str, words: list[str] = WORDS) -> list[tuple[int, str]]:
    table = PieceTable(join_pieces([word.encode() for word in words]), left_out=0)
    return [(start, words[number]) for start, _, number in table.find_pieces(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("한국", [(0, "한"), (0, "한국"), (1, "국")]),
        ("airports", [(3, "po"), (3, "port"), (5, "rt")]),
        ("a😀e\u0301", [(1, "😀"), (2, "e\u0301")]),
        ("<unk>", []),  # what is left out is in no text
        ("", []),
        ("\ud800\x00", []),
    ],
)
def test_every_piece_is_found_by_start_and_end(text: str, found: list[tuple[int, str]]) -> None:
    assert find(text) == found


def test_the_shipped_pieces_are_found_as_by_a_dictionary() -> None:
    file = read_weight_file(find_shipped_model())
    numbers = {piece.decode(): number for number, piece in enumerate(file.pieces)}
    del numbers["<unk>"]
    text = "▁물류비를▁지원받을▁수▁있나요?▁Can▁we▁still▁apply?▁Bên▁em▁chưa▁hoàn▁thuế"
    longest = max(map(len, numbers))
    expected = [
        (start, end, numbers[text[start:end]])
        for start in range(len(text))
        for end in range(start + 1, min(len(text), start + longest) + 1)
        if text[start:end] in numbers
    ]
    table = PieceTable(file.pieces, file.unknown_piece)
    assert table.longest == longest and len(expected) > 100
    assert list(table.find_pieces(text)) == expected


def test_another_text_with_the_hash_of_a_piece_is_not_the_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = PieceTable(join_pieces([b"<unk>", b"a"]), left_out=0)
    monkeypatch.setattr(piece_table, "_add_letter", lambda hashes, _: hashes * 0 + table._hashes[0])
    assert [start for start, _, _ in table.find_pieces("xax")] == [1]


def test_two_pieces_with_one_hash_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece_table, "_add_letter", lambda hashes, _: hashes * 0)
    with pytest.raises(EmbedderMissing, match="same hash"):
        find("a", ["<unk>", "a", "b"])


def test_pieces_that_are_no_text_are_refused() -> None:
    with pytest.raises(EmbedderMissing, match="no text"):
        PieceTable(Pieces(b"\xff", np.array([0, 1], np.uint32)), left_out=0)


def test_pieces_are_a_sequence() -> None:
    pieces = join_pieces([b"a", b"", b"bc"])
    assert list(pieces) == pieces[:] == [b"a", b"", b"bc"] and len(pieces) == 3
    with pytest.raises(IndexError, match=re.escape("3")):
        pieces[3]
