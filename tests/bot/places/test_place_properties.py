"""Places in any text: always an answer or a named refusal, and a city is found whatever stands around it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import AmbiguousPlace, UnknownPlace
from bot.places.gazetteer import PLACE_TEXT_LIMIT_CHARACTERS, Gazetteer
from bot.types import Place
from tests.bot.places.looked_up import count_looked_up

# Pieces of names, endings, codes and what is none of them, between any characters.
pieces = st.sampled_from(
    ["하노이", "다낭", "베트남", "중국", "광저우", "선전", "조지아", "세부", "인도", "미국", "Hanoi", "Đà Nẵng",
     "Springfield", "Georgia", "US", "TX", "에서", "공장", " ", ",", "주", "대사관", "8,000", "대만", "어", "달러",
     "ở ", "in ", "'s", ".", "-", "하\u1112\u1161", "e\u0301", "１２", "İ", "ß", "ﬁ"]
)  # fmt: skip
texts = st.lists(pieces | st.text(max_size=4), max_size=25).map("".join)
# Sentences that name no place; each stands before or after one that does.
surroundings = st.lists(
    st.sampled_from(["안녕하세요", "대금을 못 받았습니다", "계약서를 보냈어요", "감사합니다", "our buyer is late",
                     "please help", "hàng bị giữ", "공장이 멈췄습니다", "1,000만 원", "2026년 12월", "!!!", "😀", "\n"]),
    max_size=6,
).map(". ".join)  # fmt: skip
CITIES = (("하노이에서", "VN", "Hanoi"), ("다낭 거래처가", "VN", "Da Nang"), ("자카르타 세관이", "ID", "Jakarta"),
          ("뭄바이 바이어가", "IN", "Mumbai"), ("광저우에서", "CN", "Guangzhou"), ("in Munich", "DE", "Munich"),
          ("in Dubai", "AE", "Dubai"), ("ở Đà Nẵng", "VN", "Da Nang"), ("ở Hải Phòng", "VN", "Haiphong"))  # fmt: skip
MAX_LOOKED_UP = 200  # letters of keys that are looked up, for each letter of the text


@settings(max_examples=60, deadline=None)
@given(text=texts)
def test_any_text_is_a_place_or_a_named_refusal(gazetteer: Gazetteer, text: str) -> None:
    try:
        found = gazetteer.find_place(text)
    except AmbiguousPlace as error:
        assert len(error.choices) > 1
    except UnknownPlace as error:
        assert "is no place I know" in str(error)
    else:
        assert isinstance(found, Place) and len(found.country) == 2
    mentioned = gazetteer.find_mentioned_place(text)
    assert mentioned is None or mentioned.country != "KR"


@settings(max_examples=15, deadline=None)
@given(text=texts.filter(bool), times=st.integers(1, 40))
def test_the_work_is_bounded_by_the_length_of_any_text(
    gazetteer: Gazetteer, text: str, times: int
) -> None:
    letters = count_looked_up(gazetteer, text * times)
    assert letters <= MAX_LOOKED_UP * len(text) * times


@settings(max_examples=60, deadline=None)
@given(city=st.sampled_from(CITIES), before=surroundings, after=surroundings)
def test_a_city_is_found_between_any_sentences(
    gazetteer: Gazetteer, city: tuple[str, str, str], before: str, after: str
) -> None:
    words, country, name = city
    text = f"{before}. {words} {after}"
    found = gazetteer.find_mentioned_place(text)
    assert found and (found.country, found.city) == (country, name)
    if len(text) <= PLACE_TEXT_LIMIT_CHARACTERS:
        place = gazetteer.find_place(text)
        assert (place.country, place.city) == (country, name)
