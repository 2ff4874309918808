"""An answer as it looks: the question of its section above the quote, readable addresses."""

from __future__ import annotations

import pytest

from bot.founder import answer_text
from tests.bot.founder.answers.test_answer_text import NOW, make_answer, make_citation


def test_a_quote_stands_below_the_question_that_its_section_answers() -> None:
    answer = make_answer("answered", "ko", make_citation())
    reply = answer_text.render_reply(answer, NOW)
    assert reply.text.startswith("물류비는 얼마까지?\n최대 3천만 원 [1]\n\n")
    assert reply.headings == ("물류비는 얼마까지?",) and reply.relayed


@pytest.mark.parametrize("heading", ["지원 한도", "물" * 500 + "?"])
def test_a_heading_that_asks_nothing_or_makes_the_answer_long_is_left_out(heading: str) -> None:
    answer = make_answer("answered", "ko", make_citation(heading=("나루 물류바우처", heading)))
    reply = answer_text.render_reply(answer, NOW)
    assert reply.text.startswith("최대 3천만 원 [1]\n\n") and reply.headings == ()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.kr/%EA%B3%B5%EA%B3%A0?x=%20", "https://a.kr/공고?x=%20"),
        ("https://a.kr/%ff%E2%80%8B", "https://a.kr/%ff%E2%80%8B"),
    ],
)
def test_an_address_is_shown_in_readable_letters(url: str, shown: str) -> None:
    sources = answer_text.render_sources(make_answer("answered", "ko", make_citation(url=url)))
    assert sources.endswith(f" · {shown}")
