"""Reading places in long and odd texts: the work grows with the text, not with its square."""

from __future__ import annotations

from time import process_time

import pytest

from bot.founder.reading.triage import triage_message
from bot.places.gazetteer import Gazetteer
from tests.bot.places.looked_up import count_looked_up

ODD_TEXTS = {
    "one syllable": "하",
    "one-letter words": "가 ",
    "short words": "집 물 저 나 ",
    "glued places": "베트남하노이",
    "one glued place": "중국",
    "places": "베트남 하노이 ",
    "capitals": "US VN LA ",
    "doubtful places": "Springfield, Georgia ",
    "mixed scripts": "가a나b베c1 ",
    "offices": "주베트남대사관",
    "one Latin letter": "a",
    "digits": "1",
    "Vietnamese": "đà nẵng hà nội ",
}


def repeat_to(text: str, length: int) -> str:
    return (text * length)[:length]


@pytest.mark.parametrize("piece", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_twice_the_text_is_twice_the_work(gazetteer: Gazetteer, piece: str) -> None:
    work = [count_looked_up(gazetteer, repeat_to(piece, length)) for length in (1_000, 2_000)]
    assert work[1] <= 2.2 * work[0] + 100


@pytest.mark.parametrize("piece", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_four_times_the_text_takes_nowhere_near_sixteen_times_as_long(
    gazetteer: Gazetteer, piece: str
) -> None:
    gazetteer.find_mentioned_place("하노이")  # the names are loaded

    def measure_cost(length: int) -> float:
        """The CPU seconds for a text, the least of three runs: other work only adds to it."""
        text, costs = repeat_to(piece, length), []
        for _ in range(3):
            started = process_time()
            gazetteer.find_mentioned_place(text)
            triage_message(text)
            costs.append(process_time() - started)
        return min(costs)

    assert measure_cost(4_000) < 10 * max(measure_cost(1_000), 0.005)


def test_a_place_after_many_glued_ones_is_still_found(gazetteer: Gazetteer) -> None:
    place = gazetteer.find_mentioned_place("중국" * 500 + "광저우")
    assert place and (place.country, place.city) == ("CN", "Guangzhou")


def test_an_address_with_an_at_sign_names_no_place(gazetteer: Gazetteer) -> None:
    assert gazetteer.find_mentioned_place("제 메일은 kim@Hanoi.vn 입니다") is None
