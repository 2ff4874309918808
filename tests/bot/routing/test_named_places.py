"""A place in a text leads to the mission whose area it is, and no other one is named without a reason.

The expected missions are those whose area in missions.yaml holds the place; where no source gives
the area, the seat's own city or the embassy of the country.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.missions.missions import Missions, mission_name
from bot.places.gazetteer import Gazetteer
from bot.routing.inquiry_text import render_mission_reply
from bot.routing.route import find_route
from bot.routing.route_text import name_place, render_reason
from knowledge.types import LANGUAGES, Language

NOW = datetime.fromisoformat("2026-11-23T10:00+09:00")

CITIES = {
    "vn-hanoi": "Hanoi, Hai Phong, 하이퐁, Hải Phòng, 박닌",
    "vn-da-nang": "Da Nang, Đà Nẵng, 다낭, Hoi An",
    "vn-hcmc": "Ho Chi Minh City, 호치민, 껀터, Bien Hoa",
    "us-houston": "Austin, 오스틴, Dallas, Houston",
    "us-atlanta": "Savannah, Atlanta, Montgomery, 사바나, 애틀랜타",
    "us-chicago": "Detroit, Chicago, 시카고, Minneapolis",
    "us-boston": "Boston",
    "us-new-york": "Philadelphia, 뉴욕",
    "us-seattle": "Seattle, Portland, Anchorage",
    "us-san-francisco": "Denver, Sacramento, Salt Lake City, 산호세",
    "us-los-angeles": "Los Angeles, Phoenix, Las Vegas, San Diego, 로스앤젤레스",
    "us-honolulu": "Honolulu",
    "ca-toronto": "Toronto", "ca-ottawa": "Ottawa", "ca-vancouver": "Vancouver, Calgary",
    "ca-montreal": "Montreal", "mx-mexico-city": "Monterrey, Guadalajara",
    "br-sao-paulo": "Sao Paulo", "br-brasilia": "Rio de Janeiro", "cl-santiago": "Santiago",
    "pe-lima": "Lima", "co-bogota": "Bogota", "ar-buenos-aires": "Buenos Aires",
    "cn-beijing": "Beijing, 톈진", "cn-shanghai": "Shanghai, 쑤저우", "cn-qingdao": "칭다오",
    "cn-guangzhou": "Guangzhou, Shenzhen", "hk-hong-kong": "Hong Kong", "tw-taipei": "Taipei",
    "jp-tokyo": "Tokyo, 도쿄", "jp-osaka": "Osaka, Kyoto", "jp-fukuoka": "후쿠오카",
    "jp-nagoya": "Nagoya", "sg-singapore": "Singapore, 싱가포르", "id-jakarta": "Jakarta",
    "my-kuala-lumpur": "Kuala Lumpur", "th-bangkok": "Bangkok, 방콕", "ph-manila": "Manila",
    "kh-phnom-penh": "Phnom Penh", "mm-yangon": "Yangon", "in-new-delhi": "Delhi, Gurgaon",
    "in-chennai": "Chennai, Bengaluru", "in-mumbai": "Mumbai", "bd-dhaka": "Dhaka",
    "au-sydney": "Sydney, 시드니", "au-canberra": "Perth", "nz-wellington": "Auckland",
    "uz-tashkent": "Tashkent", "kz-almaty": "Almaty", "ru-moscow": "Moscow",
    "de-frankfurt": "Frankfurt, Munich", "de-berlin": "Berlin", "de-hamburg": "Hamburg",
    "gb-london": "London", "fr-paris": "Paris", "nl-the-hague": "Rotterdam, Amsterdam",
    "be-brussels": "Brussels", "pl-warsaw": "Warsaw", "cz-prague": "Prague",
    "hu-budapest": "Budapest", "it-milan": "Milan", "it-rome": "Rome", "es-madrid": "Madrid",
    "se-stockholm": "Stockholm", "tr-istanbul": "Istanbul", "ae-dubai": "Dubai, 두바이, Sharjah",
    "ae-abu-dhabi": "Abu Dhabi", "sa-riyadh": "Riyadh", "sa-jeddah": "Jeddah", "qa-doha": "Doha",
    "kw-kuwait": "Kuwait City", "il-tel-aviv": "Tel Aviv", "eg-cairo": "Cairo",
    "ke-nairobi": "Nairobi", "za-pretoria": "Johannesburg", "ng-abuja": "Lagos",
    "domestic": "Tbilisi, 트빌리시, Oslo, Addis Ababa",
}  # fmt: skip
NAMED = [(name, id) for id, names in CITIES.items() for name in names.split(", ")]

# States, as they are called in English and Korean.
STATES = """AL Alabama 앨라배마 | AK Alaska 알래스카 | AZ Arizona 애리조나 | AR Arkansas 아칸소 | CO Colorado 콜로라도
| CT Connecticut 코네티컷 | DE Delaware 델라웨어 | FL Florida 플로리다 | GA Georgia 조지아주 | HI Hawaii 하와이
| ID Idaho 아이다호 | IL Illinois 일리노이 | IN Indiana 인디애나 | IA Iowa 아이오와 | KS Kansas 캔자스
| KY Kentucky 켄터키 | LA Louisiana 루이지애나 | ME Maine 메인주 | MD Maryland 메릴랜드 | MA Massachusetts 매사추세츠
| MI Michigan 미시간 | MN Minnesota 미네소타 | MS Mississippi 미시시피 | MO Missouri 미주리 | MT Montana 몬태나
| NE Nebraska 네브래스카 | NV Nevada 네바다 | NJ New_Jersey 뉴저지 | NM New_Mexico 뉴멕시코
| NC North_Carolina 노스캐롤라이나 | ND North_Dakota 노스다코타 | OH Ohio 오하이오 | OK Oklahoma 오클라호마
| OR Oregon 오리건 | PA Pennsylvania 펜실베이니아 | SC South_Carolina 사우스캐롤라이나 | TN Tennessee 테네시
| TX Texas 텍사스 | UT Utah 유타주 | VT Vermont 버몬트 | VA Virginia 버지니아 | WV West_Virginia 웨스트버지니아
| WI Wisconsin 위스콘신 | WY Wyoming 와이오밍"""
NAMED_STATES = [
    (name.replace("_", " "), f"US-{code}")
    for code, *names in (line.split() for line in STATES.split("|"))
    for name in names
]


def write_sentences(name: str) -> tuple[str, str]:
    """A matter there, and a question about the mission, in the language of the name."""
    if name[0] >= "가":
        return f"{name}에서 화물이 묶였어요", f"{name} 어느 영사관이에요?"
    return f"our goods are stuck in {name}", f"which consulate covers {name}"


def find_competent(text: str, places: Gazetteer, missions: Missions) -> str:
    return find_route(places.find_mentioned_place(text), missions, NOW).competent


def test_there_are_eighty_cities_and_more() -> None:
    assert len(NAMED) >= 80 and len(NAMED_STATES) >= 80


@pytest.mark.parametrize(("name", "mission"), NAMED)
def test_a_city_in_a_text_leads_to_its_mission(
    name: str, mission: str, places: Gazetteer, missions: Missions
) -> None:
    for text in write_sentences(name):
        assert find_competent(text, places, missions) == mission, text


@pytest.mark.parametrize(("name", "region"), NAMED_STATES)
def test_a_state_in_a_text_leads_to_the_mission_whose_area_has_it(
    name: str, region: str, places: Gazetteer, missions: Missions
) -> None:
    (owner,) = (m for m in missions if region in (*m.regions, *m.unverified_regions))
    for text in write_sentences(name):
        assert find_competent(text, places, missions) == owner.id, text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", ["covers", "body", "members", "hours", "contact"])
def test_no_other_mission_is_named_than_the_routes(
    asked: str, language: Language, places: Gazetteer, missions: Missions
) -> None:
    """The one that takes the cases is named below the competent one only, after the reason."""
    for name, _ in NAMED:
        place = places.find_mentioned_place(write_sentences(name)[0])
        assert place is not None
        route = find_route(place, missions, NOW)
        text = render_mission_reply(asked, place, missions, NOW, language).text  # type: ignore[arg-type]
        if route.basis == "unlisted":  # then the nearest of the list is named, as such
            continue
        named = list_named(text, missions, language)
        assert named <= {route.competent, route.mission}, (name, text)
        assert route.competent in named, (name, text)


def list_named(text: str, missions: Missions, language: Language) -> set[str]:
    """The missions that a text names; a name that is part of a longer one does not count."""
    names = {mission_name(one, language): one.id for one in missions}
    found = [name for name in names if name in text]
    return {
        names[name] for name in found if not any(name in other for other in found if other != name)
    }


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [("조지아에서 직원이 구금됐어요", "ko", "조지아(미국)"),
     ("our engineer was detained in Georgia", "en", "Georgia (United States)"),
     ("nhân viên bị bắt ở Georgia", "vi", "Georgia (Hoa Kỳ)")],
)  # fmt: skip
def test_it_is_said_which_georgia_is_meant(
    text: str, language: Language, shown: str, places: Gazetteer, missions: Missions
) -> None:
    route = find_route(places.find_mentioned_place(text), missions, NOW)
    assert route.competent == "us-atlanta"
    assert render_reason(route, missions, language).startswith(shown)
    there = places.find_mentioned_place("detained in Tbilisi, Georgia")
    assert there and there.country == "GE" and name_place(there, language) == "Tbilisi"


@pytest.mark.parametrize(
    "text", ["하노이 어디로 가요", "베트남어디에 말해요", "두바이 불량품 반품"]
)
def test_a_place_before_a_word_that_begins_like_a_language_is_one(
    text: str, places: Gazetteer
) -> None:
    assert places.find_mentioned_place(text) is not None
    assert places.find_mentioned_place("베트남어 번역이 필요해요") is None
