"""What was said on the founders' page, in its order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages import Content
from bot.store import Store
from tests.bot.store.sample_records import NOW


def test_an_answer_that_came_first_stands_below_the_words_before_it(store: Store) -> None:
    soon = NOW + timedelta(milliseconds=5)
    store.web_lines.add("answer", "chat", Content("답"), soon)
    store.web_lines.add("own", "chat", Content("누른 단추"), NOW, is_naru=False)
    assert [one.content.text for one in store.web_lines.list_lines("chat")] == ["누른 단추", "답"]


@pytest.mark.parametrize("parts", [("제 번호는 900101-", "1234567 입니다"), ("900101-1234567",)])
def test_a_number_that_is_never_kept_is_not_kept_in_pieces(
    store: Store, parts: tuple[str, ...]
) -> None:
    for number, text in enumerate(parts):
        at = NOW + timedelta(seconds=number)
        store.web_lines.add(f"own {number}", "chat", Content(text), at, is_naru=False)
        store.web_lines.add(f"naru {number}", "chat", Content("12"), at)
    kept = "".join(one.content.text for one in store.web_lines.list_lines("chat"))
    assert "1234567" not in kept and "●●●●●●●" in kept
