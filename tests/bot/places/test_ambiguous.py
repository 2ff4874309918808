"""A name that a country shares with a province of another is asked about."""

from __future__ import annotations

import pytest

from bot.errors import AmbiguousPlace
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer(Missions.load())


@pytest.mark.parametrize(
    "text", ["조지아", "Georgia", "georgia", "GEORGIA", " 조지아 ", "조지아요", "조지아입니다"]
)
def test_georgia_alone_is_asked_about_and_each_choice_is_found(
    places: Gazetteer, text: str
) -> None:
    with pytest.raises(AmbiguousPlace) as raised:
        places.find_place(text)
    found = [places.find_place(name) for name in raised.value.choices]
    assert [(one.country, one.region) for one in found] == [("GE", None), ("US", "US-GA")]
    assert all(name in str(raised.value) for name in raised.value.choices)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("조지아주", "US"),
        ("미국 조지아", "US"),
        ("조지아 트빌리시", "GE"),
        ("Savannah, Georgia", "US"),
        ("Georgia, Tbilisi", "GE"),
        ("Gruzia", "GE"),
        ("조지아 애틀랜타", "US"),
    ],
)
def test_with_more_words_it_is_not_asked_about(places: Gazetteer, text: str, country: str) -> None:
    assert places.find_place(text).country == country
