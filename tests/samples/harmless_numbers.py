"""Sentences with numbers that are nobody's: of trade, of notices, of offices."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.source_tree import ROOT

LIBRARY = ROOT / "knowledge" / "library"
SENTENCE_COUNT = 2_000
GENERATED_COUNT = 600

TEMPLATES = (
    "중소벤처기업부 공고 제{y}-{n3}호를 확인하십시오.",
    "HS 코드 {n4}.{n2}-{n4b}의 기본세율은 8%입니다.",
    "HS {n4}{n2}{n4b} 품목은 원산지 증명서가 필요합니다.",
    "지원금은 {m},000,000원이고 자부담은 {m},500,000원입니다.",
    "계좌로 {m}5000000원을 입금하면 됩니다.",
    "신청 기간은 {y}-0{d}-1{d} ~ {y}-0{d}-2{d}, 10:00~18:00입니다.",
    "접수: {y}.0{d}.0{d}(월) ~ {y}. {d}. 2{d}.(금) 18:00",
    "중소기업 통합콜센터 1357, 수출 애로 1380으로 전화하십시오.",
    "대표번호 1588-{n4}, 1600-{n4b}",
    "주베트남대사관 전화 +84-24-3771-{n4}",
    "주호치민총영사관 (+84-28) 3822-{n4}",
    "영사콜센터 +82-2-3210-{n4}",
    "KOTRA 하노이무역관 024-3946-{n4}",
    "Embassy of Korea: +84 24 3771 {n4}",
    "Consulate general hotline (212) 692-{n4}",
    "Đại sứ quán Hàn Quốc: 024-3771-{n4}",
    "바코드 880{n9}{d}를 붙입니다.",
    "LOT {n4}-{n4b}, 컨테이너 MSCU{n4}{n3}",
    "B/L 번호는 HDMU{n4}{n4b}이고 인보이스는 INV-{y}-{n4}입니다.",
    "Invoice {y}{d}{n4} of USD {m},{n3}.{n2}",
    "Nghị định {n2}/{y}/NĐ-CP, Thông tư {n3}/{y}/TT-BTC",
    "Mức hỗ trợ là {m}.000.000 VND, hạn 3{d}/1{d}/{y}.",
    "Hợp đồng số {n2}-{y}/HĐKT ký ngày 0{d}/0{d}/{y}",
    "관세율표 제{n4}호, 제{n4}.{n2}호",
    "CAS {n4}{n2}-{n2}-{d}, REACH 등록",
    "수량 {n4}{n4b}개, 중량 {n4}.{n2}kg",
    "KC 인증번호 XU{n3}{n3}-{n2}{n3}, FDA 510(k) K{n2}{n4}",
    "법률 제{n2}{n3}호, 대통령령 제{n2}{n3}호",
    "서버 시각 {y}-0{d}-1{d} 09:56:41,{n3} (seq {n3}{n4})",
    "특허 제10-{n4}{n3}호, 상표 40-{y}-{n4}{n3}",
    "수입신고번호 {n4}-{n2}-{n3}{n3}M",
    "매출 {m}억 {n4}만 원, 수출액 {n4}만 달러",
    "위도 21.{n4}{n2}, 경도 105.{n4}{n2}",
    "IP 192.168.{d}.1{d}, port 5432, RFC {n4}",
    "ISO 9001:2015, EN 60601-1-{d}, IEC 62368-1:{y}",
    "telegram:-1001234{n3}{n3} 방에 묶었습니다",
    "slack ts 17645{n3}{n2}.{n3}{n3}",
    "case 17.2, edition {n3}, 확신 {n2}%",
)


def list_sentences() -> Iterator[str]:
    """SENTENCE_COUNT sentences: GENERATED_COUNT about trade, the others of the shipped library."""
    dice = random.Random(9)
    for number in range(GENERATED_COUNT):
        values = {name: f"{dice.randrange(10 ** size):0{size}}" for name, size in
                  (("n2", 2), ("n3", 3), ("n4", 4), ("n4b", 4), ("n9", 9))}  # fmt: skip
        yield TEMPLATES[number % len(TEMPLATES)].format(
            y=dice.randrange(2019, 2028), d=dice.randrange(1, 9), m=dice.randrange(1, 999), **values
        )
    sentences = [
        line.strip()
        for path in sorted(LIBRARY.glob("*.md"))
        for line in re.split(r"\n|(?<=[.?!]) ", path.read_text(encoding="utf-8"))
        if len(line.strip()) > 10
    ]
    with_digits = [one for one in sentences if re.search(r"\d{2}", one)]
    others = [one for one in sentences if one not in set(with_digits)]
    yield from (with_digits + others)[: SENTENCE_COUNT - GENERATED_COUNT]
