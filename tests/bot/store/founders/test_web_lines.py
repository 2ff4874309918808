"""What was said on the founders' page, in its order."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Content
from bot.store import Store
from tests.bot.store.sample_records import NOW


def test_an_answer_that_came_first_stands_below_the_words_before_it(store: Store) -> None:
    soon = NOW + timedelta(milliseconds=5)
    store.web_lines.add("answer", "chat", Content("답"), soon)
    store.web_lines.add("own", "chat", Content("누른 단추"), NOW, is_naru=False)
    assert [one.content.text for one in store.web_lines.list_lines("chat")] == ["누른 단추", "답"]
