"""Personal data of nobody, in sentences that carry it; the same ones at every run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knowledge.text.personal_data_rules import PersonalDataKind
from knowledge.types import Language

SEED = 9
SAMPLE_COUNT = 1_000


@dataclass(frozen=True, slots=True)
class PersonalDataSample:
    """A sentence, and the one value in it that is personal, of a kind in a form."""

    kind: PersonalDataKind
    form: str
    value: str
    text: str


Maker = Callable[[random.Random], str]

WORDS: dict[str, dict[Language, tuple[str, ...]]] = {
    "resident": {
        "ko": ("제 주민등록번호는 {}입니다.", "대표자 주민번호 {} 로 조회 부탁드립니다.", "직원({})이 공항에 있습니다.", "신청서에 {}라고 적었는데 반려됐어요."),
        "en": ("My Korean resident registration number is {}.", "Resident no. {} was refused.", "They asked for {} at the bank."),
        "vi": ("Số đăng ký cư trú của tôi là {}.", "Thẻ ngoại kiều số {} đã hết hạn.", "Tôi đã ghi {} vào đơn."),
    },
    "resident_bare": {
        "ko": ("주민등록번호 {} 입니다.", "외국인등록번호는 {}이고 비자는 E-7입니다."),
        "en": ("Alien registration number {}, visa E-7.", "My resident registration number: {}"),
        "vi": ("Số đăng ký người nước ngoài: {}.",),
    },
    "licence": {
        "ko": ("운전면허 {} 로 렌터카를 빌렸습니다.", "면허번호는 {}입니다."),
        "en": ("My Korean driver's licence is {}.",),
        "vi": ("Bằng lái của tôi số {}.",),
    },
    "passport": {
        "ko": ("여권번호는 {}입니다.", "제 여권 {} 을 빼앗겼습니다.", "여권(번호 {})을 잃어버렸어요."),
        "en": ("My passport number is {}.", "Passport no. {} expires in May.", "Our engineer holds passport {}."),
        "vi": ("Số hộ chiếu của tôi là {}.", "Hộ chiếu {} sắp hết hạn."),
    },
    "business": {
        "ko": ("사업자등록번호 {} 인 회사입니다.", "저희 사업자번호는 {}입니다."),
        "en": ("Our business registration number is {}.",),
        "vi": ("Mã số thuế của công ty là {}.",),
    },
    "phone": {
        "ko": ("제 번호는 {}입니다.", "{} 로 연락 주세요.", "휴대폰 {}, 저녁에 됩니다.", "연락처: {}"),
        "en": ("Call me at {}.", "My phone is {}, any time.", "WhatsApp {} please."),
        "vi": ("Gọi cho tôi theo số {}.", "SĐT của tôi: {}", "Zalo {} nhé."),
    },
    "email": {
        "ko": ("메일은 {}입니다.", "{} 으로 보내 주세요.", "담당자 이메일: {}"),
        "en": ("Write to {}.", "My e-mail is {}, thanks."),
        "vi": ("Email của tôi là {}.", "Gửi vào {} giúp tôi."),
    },
    "card": {
        "ko": ("카드번호 {} 로 결제했는데 취소가 안 됩니다.", "{} 카드로 두 번 빠져나갔어요."),
        "en": ("I paid with card {} twice.", "They charged {}."),
        "vi": ("Tôi thanh toán bằng thẻ {}.",),
    },
    "account": {
        "ko": ("계좌번호는 {}입니다.", "국민은행 {} 으로 입금했습니다.", "바이어가 바뀐 계좌 {} 로 송금하래요."),
        "en": ("My account number is {}.", "We wired it to account {}."),
        "vi": ("Số tài khoản {} Vietcombank.", "Tôi đã chuyển khoản vào STK {}."),
    },
    "iban": {"ko": ("바이어 계좌는 {}입니다.",), "en": ("Please pay to {}.",), "vi": ("Chuyển vào {}.",)},
    "citizen": {
        "ko": ("베트남 직원의 CCCD 번호는 {}입니다.", "직원 신분증 번호 {}"),
        "en": ("Her Vietnamese citizen ID is {}.", "National ID {} of our clerk."),
        "vi": ("Số CCCD của tôi là {}.", "CMND {} cấp tại Hà Nội.", "Căn cước công dân: {}"),
    },
    "ssn": {
        "ko": ("미국 직원의 SSN은 {}입니다.",),
        "en": ("My social security number is {}.", "SSN {} on the W-2.", "She wrote {} on the form."),
        "vi": ("Số an sinh xã hội (SSN) của tôi: {}.",),
    },
}  # fmt: skip


def draw_digits(dice: random.Random, count: int) -> str:
    return "".join(str(dice.randrange(10)) for _ in range(count))


def to_full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def make_resident_number(
    dice: random.Random, sep: str = "-", recent: bool = False, foreign: bool = False
) -> str:
    """With its check digit; of those born since it is random, without one."""
    year = dice.randrange(2021, 2026) if recent else dice.randrange(1945, 2019)
    born = f"{year % 100:02}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}"
    first = (2 if year >= 2000 else 0) + dice.randrange(1, 3) + (4 if foreign else 0)
    head = f"{born}{first}{draw_digits(dice, 5)}"
    total = sum(int(a) * int(b) for a, b in zip(head, "234567892345", strict=True))
    check = ((13 if foreign else 11) - total % 11) % 10
    last = draw_digits(dice, 1) if recent else str(check)
    return f"{born}{sep}{head[6:]}{last}"


def make_card(dice: random.Random, prefix: str, length: int = 16) -> str:
    body = prefix + draw_digits(dice, length - len(prefix) - 1)
    doubled = [int(one) * (2 - at % 2) for at, one in enumerate(reversed(body))]
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def group(digits: str, sizes: tuple[int, ...], sep: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return sep.join(parts)


def make_business_number(dice: random.Random) -> str:
    head = str(dice.randrange(101, 899)) + draw_digits(dice, 6)
    total = sum(int(a) * int(b) for a, b in zip(head, "137137135", strict=True))
    return head + str((10 - (total + int(head[8]) * 5 // 10) % 10) % 10)


def make_iban(dice: random.Random) -> str:
    body = draw_digits(dice, 18)
    check = 98 - int(body + "131400") % 97  # DE
    return f"DE{check:02}{body}"


def make_email(dice: random.Random) -> str:
    name = dice.choice(("kim.minsu", "nguyen_an", "j.doe", "lee-export", "park88", "tran.thi.hoa"))
    host = dice.choice(("naver.com", "gmail.com", "viet-trade.com.vn", "sub.acme.co.kr", "firm.io"))
    return f"{name}{dice.randrange(100)}@{host}"


def _mobile(dice: random.Random, sep: str, prefix: str = "010") -> str:
    return sep.join((prefix, str(dice.randrange(2000, 9999)), draw_digits(dice, 4)))


def _vietnam_mobile(dice: random.Random, lead: str, sep: str) -> str:
    number = dice.choice("35789") + draw_digits(dice, 8)
    return lead + group(number, (2, 3, 4), sep)


def _passport(dice: random.Random, letters: str, digits: int) -> str:
    return dice.choice(letters) + draw_digits(dice, digits)


def _us_phone(dice: random.Random, form: str) -> str:
    return form.format(dice.choice(("212", "310", "646", "713")), dice.randrange(200, 999), draw_digits(dice, 4))  # fmt: skip


FORMS: tuple[tuple[PersonalDataKind, str, str, Maker], ...] = (
    ("resident_number", "hyphen", "resident", make_resident_number),
    ("resident_number", "spaced hyphen", "resident", lambda d: make_resident_number(d, " - ")),
    ("resident_number", "random digits", "resident", lambda d: make_resident_number(d, recent=True)),
    ("resident_number", "foreigner", "resident", lambda d: make_resident_number(d, foreign=True)),
    ("resident_number", "bare", "resident", lambda d: make_resident_number(d, "")),
    ("resident_number", "bare, random", "resident_bare", lambda d: make_resident_number(d, "", recent=True, foreign=True)),
    ("resident_number", "space", "resident_bare", lambda d: make_resident_number(d, " ", recent=True)),
    ("resident_number", "full width", "resident", lambda d: to_full_width(make_resident_number(d))),
    ("resident_number", "half-masked", "resident", lambda d: make_resident_number(d)[:8] + "******"),
    ("resident_number", "masked after the day", "resident", lambda d: make_resident_number(d)[:7] + "●●●●●●●"),
    ("driver_licence", "hyphens", "licence", lambda d: f"{d.randrange(11, 29)}-{draw_digits(d, 2)}-{draw_digits(d, 6)}-{draw_digits(d, 2)}"),
    ("driver_licence", "region", "licence", lambda d: f"서울 {draw_digits(d, 2)}-{draw_digits(d, 6)}-{draw_digits(d, 2)}"),
    ("driver_licence", "bare", "licence", lambda d: f"{d.randrange(11, 29)}{draw_digits(d, 10)}"),
    ("passport", "Korea", "passport", lambda d: _passport(d, "MSRODG", 8)),
    ("passport", "Korea since 2021", "passport", lambda d: f"M{draw_digits(d, 3)}{d.choice('ABCDEF')}{draw_digits(d, 4)}"),
    ("passport", "Vietnam", "passport", lambda d: _passport(d, "BCNPK", 7)),
    ("passport", "United States", "passport", lambda d: draw_digits(d, 9)),
    ("passport", "United States since 2021", "passport", lambda d: _passport(d, "AXY", 8)),
    ("passport", "lower case", "passport", lambda d: _passport(d, "mscb", 8)),
    ("business_number", "hyphens", "business", lambda d: group(make_business_number(d), (3, 2, 5), "-")),
    ("business_number", "bare", "business", make_business_number),
    ("business_number", "spaces", "business", lambda d: group(make_business_number(d), (3, 2, 5), " ")),
    ("phone", "mobile", "phone", lambda d: _mobile(d, "-")),
    ("phone", "mobile, bare", "phone", lambda d: _mobile(d, "")),
    ("phone", "mobile, spaces", "phone", lambda d: _mobile(d, " ")),
    ("phone", "mobile, dots", "phone", lambda d: _mobile(d, ".")),
    ("phone", "mobile, abroad", "phone", lambda d: _mobile(d, "-", "+82-10")),
    ("phone", "mobile, half-masked", "phone", lambda d: f"010-****-{draw_digits(d, 4)}"),
    ("phone", "mobile, full width", "phone", lambda d: to_full_width(_mobile(d, "-"))),
    ("phone", "landline", "phone", lambda d: f"02-{d.randrange(200, 999)}-{draw_digits(d, 4)}"),
    ("phone", "landline, region", "phone", lambda d: f"031) {d.randrange(200, 999)}-{draw_digits(d, 4)}"),
    ("phone", "Vietnam", "phone", lambda d: _vietnam_mobile(d, "+84 ", " ")),
    ("phone", "Vietnam, bare", "phone", lambda d: _vietnam_mobile(d, "0", "")),
    ("phone", "Vietnam, dots", "phone", lambda d: _vietnam_mobile(d, "0", ".")),
    ("phone", "Hanoi", "phone", lambda d: f"(024) {d.randrange(2000, 9999)}-{draw_digits(d, 4)}"),
    ("phone", "United States", "phone", lambda d: _us_phone(d, "({}) {}-{}")),
    ("phone", "United States, abroad", "phone", lambda d: _us_phone(d, "+1 {} {} {}")),
    ("phone", "United States, hyphens", "phone", lambda d: _us_phone(d, "{}-{}-{}")),
    ("phone", "Germany", "phone", lambda d: f"+49 151 {draw_digits(d, 4)} {draw_digits(d, 4)}"),
    ("phone", "Emirates", "phone", lambda d: f"+971-50-{d.randrange(200, 999)}-{draw_digits(d, 4)}"),
    ("email", "plain", "email", make_email),
    ("email", "full width at", "email", lambda d: make_email(d).replace("@", "＠")),
    ("email", "at in words", "email", lambda d: make_email(d).replace("@", " (at) ")),
    ("payment_card", "Visa", "card", lambda d: group(make_card(d, "4"), (4, 4, 4, 4), "-")),
    ("payment_card", "Mastercard", "card", lambda d: group(make_card(d, "53"), (4, 4, 4, 4), " ")),
    ("payment_card", "Korea only", "card", lambda d: group(make_card(d, "94"), (4, 4, 4, 4), "-")),
    ("payment_card", "Amex", "card", lambda d: group(make_card(d, "37", 15), (4, 6, 5), " ")),
    ("payment_card", "bare", "card", lambda d: make_card(d, "52")),
    ("payment_card", "full width", "card", lambda d: to_full_width(group(make_card(d, "4"), (4, 4, 4, 4), "-"))),
    ("payment_card", "half-masked", "card", lambda d: f"{make_card(d, '4')[:4]}-****-****-{draw_digits(d, 4)}"),
    ("bank_account", "Kookmin", "account", lambda d: group("1" + draw_digits(d, 13), (6, 2, 6), "-")),
    ("bank_account", "Shinhan", "account", lambda d: group("1" + draw_digits(d, 11), (3, 3, 6), "-")),
    ("bank_account", "Nonghyup", "account", lambda d: group("3" + draw_digits(d, 12), (3, 4, 4, 2), "-")),
    ("bank_account", "bare", "account", lambda d: str(d.randrange(3, 9)) + draw_digits(d, 12)),
    ("bank_account", "Vietnam", "account", lambda d: "1" + draw_digits(d, 9)),
    ("bank_account", "IBAN", "iban", make_iban),
    ("bank_account", "IBAN, spaces", "iban", lambda d: group(make_iban(d), (4, 4, 4, 4, 4, 2), " ")),
    ("citizen_id", "CCCD", "citizen", lambda d: f"0{d.randrange(10, 97)}{d.randrange(4)}{draw_digits(d, 8)}"),
    ("citizen_id", "CCCD, spaces", "citizen", lambda d: group(f"001{d.randrange(4)}{draw_digits(d, 8)}", (3, 3, 3, 3), " ")),
    ("citizen_id", "CMND", "citizen", lambda d: "1" + draw_digits(d, 8)),
    ("social_security_number", "hyphens", "ssn", lambda d: f"{d.randrange(101, 665)}-{d.randrange(11, 99)}-{d.randrange(1001, 9999)}"),
)  # fmt: skip


def generate_samples(count: int = SAMPLE_COUNT) -> Iterator[PersonalDataSample]:
    """`count` sentences; every form in turn, with a sentence of every language in turn."""
    dice = random.Random(SEED)
    languages: tuple[Language, ...] = ("ko", "en", "vi")
    for number in range(count):
        kind, form, words, make = FORMS[number % len(FORMS)]
        value = make(dice)
        language = languages[number // len(FORMS) % len(languages)]
        yield PersonalDataSample(
            kind, form, value, dice.choice(WORDS[words][language]).format(value)
        )
