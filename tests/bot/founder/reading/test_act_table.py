"""The patterns of acts.yaml are sound, and compiled when a message first tries them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from bot.founder.reading.act_table import load_act_table
from bot.founder.reading.words import WordPattern, compile_words

WORDS = [{"en": "tax, tax office, ~fee"}, {"ko": "세금, 세금 문의"}]


def list_patterns(value: object) -> Iterator[WordPattern]:
    """Every pattern in a record, and in the records within it."""
    if isinstance(value, WordPattern):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from list_patterns(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from list_patterns(getattr(value, field.name))


def test_every_pattern_is_a_regular_expression() -> None:
    patterns = list(list_patterns(load_act_table()))
    assert len(patterns) > 80
    for one in patterns:
        assert one.compiled.pattern == one.pattern


def test_loading_the_table_compiles_nothing() -> None:
    load_act_table.cache_clear()
    assert not any("compiled" in vars(one) for one in list_patterns(load_act_table()))


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("tax office", "tax office"),
        ("세금 문의", "세금 문의"),
        ("entry fee", "fee"),
        ("taxi", None),
    ],
)
def test_the_order_of_words_counts_only_for_how_far_they_reach(
    text: str, reached: str | None
) -> None:
    longest = compile_words(WORDS, {}, True).search(text)
    assert (longest[0] if longest else None) == reached
    assert bool(compile_words(WORDS, {}).search(text)) is (reached is not None)
