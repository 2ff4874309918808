"""Any text divided into pieces: within the model's limits, and as the reference implementation does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.embedding.segmenter import Segmenter
from knowledge.embedding.weight_file import WeightFile, find_shipped_model, read_weight_file

# Any characters, surrogates too, between words that the model knows.
words = st.sampled_from(
    ["수출", "바우처", "export", "voucher ", "giấy phép", " ", "한\u1112\u1161\u11ab", "😀", "ﷺ"]
)
texts = st.lists(words | st.text(st.characters(), max_size=6), max_size=25).map("".join)


@pytest.fixture(scope="module")
def file() -> WeightFile:
    return read_weight_file(find_shipped_model())


@pytest.fixture(scope="module")
def segmenter(file: WeightFile) -> Segmenter:
    return Segmenter(file)


@pytest.fixture(scope="module")
def divide_by_reference(file: WeightFile) -> Callable[[str], list[int]]:
    """The same pieces in Hugging Face's implementation, in Rust."""
    tokenizers = pytest.importorskip("tokenizers")
    pieces = [piece.decode() for piece in file.pieces]
    scored = list(zip(pieces, file.scores.tolist(), strict=True))
    model = tokenizers.models.Unigram(scored, file.unknown_piece)
    tokenizer = tokenizers.Tokenizer(model)
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


@settings(max_examples=100, deadline=None)
@given(text=texts, times=st.sampled_from([1, 1, 1, 40]))
def test_any_text_gives_pieces_that_the_model_has(
    segmenter: Segmenter, file: WeightFile, text: str, times: int
) -> None:
    found = segmenter.divide_text(text * times)
    assert 2 <= len(found) <= file.max_tokens
    assert (found[0], found[-1]) == (file.start_piece, file.end_piece)
    assert all(0 <= number < len(file.pieces) for number in found)


@settings(max_examples=100, deadline=None)
@given(text=texts)
def test_pieces_are_those_of_the_reference_implementation(
    segmenter: Segmenter,
    divide_by_reference: Callable[[str], list[int]],
    file: WeightFile,
    text: str,
) -> None:
    clean = segmenter._normalise(text.encode("utf-8", "ignore").decode())

    def join_unknown(numbers: list[int]) -> list[int]:
        """The reference has several unknown characters as one piece."""
        groups = ((number, list(group)) for number, group in groupby(numbers))
        return [one for number, group in groups
                for one in (group[:1] if number == file.unknown_piece else group)]  # fmt: skip

    assert join_unknown(segmenter._find_pieces(clean)) == join_unknown(divide_by_reference(clean))
