"""How long an answer can get, before its sources."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.founder import answer_text
from knowledge.answering.quoting.selection import QUOTES_LIMIT_CHARS
from knowledge.types import LANGUAGES, Language
from tests.samples.answers import make_answer, make_citation


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_quotes_and_the_longest_remark_stay_within_the_limit(language: Language) -> None:
    quoted = "가" * QUOTES_LIMIT_CHARS[language]
    for month in range(1, 13):
        day = date(2026, month, 28)
        for values in ({"published": "2025-09-28"}, {"checked": day}):
            cited = make_citation(language=language, **values)
            text = f"{quoted} [1]\n\n [2]"
            answer = make_answer(language=language, text=text, citations=(cited,))
            at = datetime(2026, month, 28, tzinfo=UTC)
            assert (
                len(answer_text.render_answer_text(answer, at))
                <= answer_text.ANSWER_LIMIT_CHARACTERS
            )
