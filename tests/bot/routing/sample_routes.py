"""Places in three languages, and the missions that are competent and take their cases."""

from __future__ import annotations

import re
from datetime import datetime

from bot.missions.missions import Missions
from bot.routing.route import find_route
from bot.types import Place, Route

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
# competent mission > the mission that takes the case: places
ROUTES = """
vn-hanoi > vn-hanoi: 하노이 | Hà Nội | ha noi | HANOI, VIETNAM | 베트남 하노이시 | 박닌성 | Bắc Ninh | bac
    ninh | 옌퐁 | 박장 | 하이퐁 | Hải Phòng | Haiphong | 타이응우옌 | 몽까이 | Quảng Ninh | Nha Trang | Đà Lạt
    | Quy Nhơn | 베트남 | Việt Nam | VN | 저희는 하노이에 있어요 | Chúng tôi ở Bắc Ninh
vn-da-nang > vn-hanoi: 베트남 다낭시 | 다낭 | Đà Nẵng | ở Đà Nẵng | Danang | thành phố Huế | Hue | 후에 |
    Hội An | 호이안 | Tam Kỳ | 꽝남성 | 꽝응아이 | 쭝꾸엇 | 다낭입니다
vn-hcmc > vn-hcmc: 호치민 | 호찌민시 | 사이공 | Ho Chi Minh | HCMC | TP.HCM | TP. Hồ Chí Minh | Sài Gòn |
    동나이 | Đồng Nai | dong nai | tỉnh Bình Dương | 빈즈엉성 | 비엔호아 | Vung Tau | 붕따우 | 롱안 | Long An |
    떠이닌 | 껀터 | Cần Thơ | 깟라이항 | Cát Lái | Phu Quoc | công ty ở Đồng Nai
us-los-angeles > us-los-angeles: LA | 엘에이 | 로스앤젤레스 | Los Angeles, CA | 오렌지카운티 | 어바인 | Las Vegas
    | Phoenix | 애리조나주 | Albuquerque | Bakersfield | Santa Barbara | Ontario, CA
us-san-francisco > us-san-francisco: 샌프란시스코 | San Jose | 실리콘밸리 | Fresno, California | Denver |
    솔트레이크시티 | Sacramento
us-seattle > us-seattle: 시애틀 | Portland | 워싱턴주 | Anchorage
us-boston > us-seattle: Portland, Maine | Portland, ME | Boston | Cambridge MA
us-new-york > us-new-york: 뉴욕 | New York | 뉴저지 | 맨해튼 | Philadelphia | 코네티컷
us-washington > us-los-angeles: 워싱턴 | Washington, D.C. | 버지니아 | Baltimore | 미국 | 美 | US | Mỹ |
    Hoa Kỳ | USA | Richmond
us-chicago > us-seattle: Chicago | 디트로이트 | Columbus, Ohio | 켄터키주 | St. Louis | Springfield, IL
us-houston > us-los-angeles: 텍사스주 | Austin, TX | 댈러스 | 테일러 | Houston | 뉴올리언스 | We are based in
    Austin, Texas | Paris, Texas
us-atlanta > us-los-angeles: 조지아주 사바나 | Savannah, Georgia | Atlanta | 마이애미 | Mobile,
    Alabama | 푸에르토리코 | 몽고메리 | Birmingham, Alabama | Athens, GA
us-honolulu > us-san-francisco: 하와이 | Honolulu
ca-toronto > domestic: 토론토 | Toronto, CA | Winnipeg | 온타리오 | London, Ontario | 런던 온타리오
ca-ottawa > domestic: Ottawa | 캐나다
ca-vancouver > domestic: 밴쿠버 | Vancouver, BC | 캘거리
ca-montreal > domestic: 몬트리올 | Québec
mx-mexico-city > domestic: 몬테레이 | 멕시코 | Guadalajara
br-sao-paulo > domestic: 상파울루 | Curitiba
br-brasilia > domestic: Rio de Janeiro | 브라질
cl-santiago > domestic: 칠레 | 산티아고
cn-beijing > domestic: 베이징 | 북경 | 톈진 | 중국 | Trung Quốc
cn-shanghai > domestic: 상하이 | 상해 | Thượng Hải | 쑤저우 | 이우 | 저장성 이우 | 닝보
cn-guangzhou > domestic: 광저우 | Quảng Châu | 선전 | Shenzhen | 심천 | 광둥성 | 샤먼 | 중국 광주
cn-qingdao > domestic: 칭다오 | 청도 | 산둥성 | 웨이하이 | 지난
cn-shenyang > domestic: 다롄 | 대련 | 하얼빈
cn-chengdu > domestic: 청두 | 충칭 | 쿤밍
cn-xian > domestic: 시안
cn-wuhan > domestic: 우한 | 창사 | 정저우
hk-hong-kong > domestic: 홍콩 | Hồng Kông | 마카오
tw-taipei > domestic: 타이베이 | 대만 | 가오슝
jp-tokyo > jp-tokyo: 도쿄 | 동경 | 지바현 | 사이타마 | 일본 | Nhật Bản
jp-osaka > jp-tokyo: 오사카 | 교토 | 나라 | 나라현 | 간사이
jp-fukuoka > jp-tokyo: 후쿠오카 | 오키나와 | 구마모토
jp-nagoya > jp-tokyo: 나고야 | 아이치현
jp-yokohama > jp-tokyo: 요코하마 | 시즈오카
jp-kobe > jp-tokyo: 고베 | 오카야마
jp-sendai > jp-tokyo: 센다이 | Fukushima
jp-hiroshima > jp-tokyo: 히로시마
jp-niigata > jp-tokyo: 니가타 | Nagano
jp-sapporo > jp-tokyo: 삿포로 | 홋카이도
sg-singapore > sg-singapore: 싱가포르 | 싱가폴
in-new-delhi > in-new-delhi: 뉴델리 | 구르가온 | Noida | 하이데라바드 | 콜카타 | 인도 | Ấn Độ
in-chennai > in-new-delhi: 첸나이 | 벵갈루루 | Bangalore
in-mumbai > in-new-delhi: 뭄바이 | 푸네 | Ahmedabad
id-jakarta > domestic: 자카르타 | 인니 | 치카랑 | 발리
th-bangkok > domestic: 방콕 | 태국 | Thái Lan
my-kuala-lumpur > domestic: 말련 | 쿠알라룸푸르 | 페낭 | MY
ph-manila > domestic: 세부 | 필리핀 마닐라
mm-yangon > domestic: 양곤
kh-phnom-penh > domestic: 프놈펜
la-vientiane > domestic: 라오스 | Lào
bd-dhaka > domestic: 다카
au-sydney > domestic: 시드니 | 브리즈번 | 멜버른 | Sydney NSW
au-canberra > domestic: 호주 | Perth
nz-wellington > domestic: 오클랜드
kz-almaty > domestic: 알마티 | 심켄트
kz-astana > domestic: 아스타나 | 카자흐스탄
uz-tashkent > domestic: 타슈켄트
ru-moscow > domestic: 모스크바
de-frankfurt > de-frankfurt: 뮌헨 | Munich, Germany | München | Stuttgart | 프랑크푸르트 | It's in
    Munich
de-berlin > de-frankfurt: 베를린 | 라이프치히 | 독일 | Đức
de-bonn > de-frankfurt: 뒤셀도르프 | Dusseldorf | 쾰른 | 본 | Saarbrücken
de-hamburg > de-frankfurt: 함부르크 | 하노버 | Bremen
gb-london > domestic: 런던 | 영국 | Birmingham, UK | Cambridge | Nước Anh
fr-paris > domestic: 파리 | Pháp | Nice, France
nl-the-hague > domestic: 로테르담
be-brussels > domestic: 브뤼셀
pl-warsaw > domestic: 브로츠와프
cz-prague > domestic: 프라하
hu-budapest > domestic: 부다페스트
it-rome > domestic: 로마 | 나폴리 | 이탈리아
it-milan > domestic: 밀라노 | 토리노 | Bologna
es-barcelona > domestic: 바르셀로나 | Valencia
es-madrid > domestic: 마드리드 | Sevilla
se-stockholm > domestic: 스톡홀름
ch-bern > domestic: 취리히
tr-istanbul > domestic: 이스탄불 | 부르사 | İzmir
tr-ankara > domestic: 앙카라 | 튀르키예 | 터키
ae-dubai > ae-dubai: 두바이 | 제벨알리 | 샤르자
ae-abu-dhabi > ae-dubai: 아부다비 | UAE | 아랍에미리트
sa-riyadh > domestic: 리야드 | 담맘 | 네옴 | 사우디
sa-jeddah > domestic: 제다 | Jeddah | 메카
qa-doha > domestic: 도하 | 카타르
kw-kuwait > domestic: 쿠웨이트
il-tel-aviv > domestic: 이스라엘
ir-tehran > domestic: 이란
eg-cairo > domestic: 카이로
ke-nairobi > domestic: 케냐 | Nairobi
za-pretoria > domestic: 남아공 | 요하네스버그
ng-abuja > domestic: 라고스
domestic > domestic: 오슬로 | Oslo | 가나 | Georgia, Tbilisi | 조지아 트빌리시 | 서울 | 부산 | 한국 | Hàn Quốc |
    경기도 화성시 | 광주 | San Jose, Costa Rica | 산호세 코스타리카 | Kyiv | 키예프
"""


def parse_routes() -> list[tuple[str, str, str]]:
    """(place, competent, mission) of every place in ROUTES."""
    lines = re.sub(r"\n +", " ", ROUTES.strip()).splitlines()
    parts = [re.fullmatch(r"(\S+) > (\S+): (.*)", line) for line in lines]
    return [
        (name.strip(), part[1], part[2]) for part in parts if part for name in part[3].split(" | ")
    ]


def route_place(place: Place | None, missions: Missions) -> Route:
    return find_route(place, missions, NOW)
