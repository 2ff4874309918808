"""The rules by which personal data is recognised: patterns, check digits and words around them.

They read folded text: full-width letters are ASCII, hyphens "-", spaces " ", a masked digit "*".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Literal

PersonalDataKind = Literal[
    "resident_number", "driver_licence", "passport", "citizen_id", "social_security_number",
    "payment_card", "bank_account", "business_number", "phone", "email",
]  # fmt: skip

WORDS_BEFORE_CHARS = 34  # how far before a number the word for it may be
WORDS_AFTER_CHARS = 14  # and after it

LABEL_CHARS = 48  # how far before its sign a label, or the web address it is in, is read

# The last digits of Korean resident numbers are random since this day.
RANDOM_NUMBERS_SINCE = date(2020, 10, 5)


@dataclass(frozen=True, slots=True)
class Rule:
    """A match of `pattern` counts if `is_valid` says so, given the match and the whole text, and
    if `context` is found near it, unless they are None."""

    kind: PersonalDataKind
    pattern: re.Pattern[str]
    is_valid: Callable[[re.Match[str], str], bool] | None = None
    context: re.Pattern[str] | None = None


def has_context(text: str, start: int, end: int, context: re.Pattern[str]) -> bool:
    """Whether `context` is found shortly before `start` or after `end`, in the same sentence."""
    before = re.split(
        r"(?<!no)(?<!No)(?<!NO)[.?!]\s|\n\n", text[max(0, start - WORDS_BEFORE_CHARS) : start]
    )[-1]
    after = re.split(r"[.?!,;](?:\s|$)|\n", text[end : end + WORDS_AFTER_CHARS])[0]
    return bool(context.search(before) or context.search(after))


def separate_labels(text: str) -> str:
    """`text`, as long as before, with a space for the sign between a label and its number.

    "주민번호:900101-1234567" and "CCCD/001099012345" then read as with a space. The sign stays where
    the number may be a part of something else: an address on the web, the key of a conversation.
    """
    letters = list(text)
    for sign in _SIGN.finditer(text):
        before = text[max(0, sign.start() - LABEL_CHARS) : sign.start()]
        if _is_label(before, sign.group(), text[sign.end() : sign.end() + LABEL_CHARS]):
            letters[sign.start() : sign.end()] = " " * len(sign.group())
    return "".join(letters)


def _is_label(before: str, sign: str, number: str) -> bool:
    """Whether `before` ends as a label: in Hangul, in a word for personal data, or in any word if
    the number has the groups of a personal one or is a mobile."""
    if _WEB_ADDRESS.search(before + sign):
        return False
    if _HANGUL_LABEL.search(before) or _WORD_LABEL.search(before):
        return True
    is_joint = sign in ("/", "-")  # as in "AB-12-3456"
    return not is_joint and bool(_ANY_LABEL.search(before) and _PLAIN_NUMBER.match(number))


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match.group())


def _weigh(digits: str, weights: str) -> int:
    return sum(int(one) * int(weight) for one, weight in zip(digits, cycle(weights), strict=False))


def _read_birthday(digits: str) -> date | None:
    """The birthday in a resident number; None for a day that does not exist."""
    century = {"9": 1800, "0": 1800, "3": 2000, "4": 2000, "7": 2000, "8": 2000}
    try:
        year = century.get(digits[6:7], 1900) + int(digits[:2])
        return date(year, int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def _is_resident_number(match: re.Match[str], _text: str) -> bool:
    """With a hyphen, or half-masked: the form and the day are enough."""
    digits = _digits(match)[-13:]  # without the century
    return _read_birthday(digits.ljust(7, "1")) is not None


def _is_bare_resident_number(match: re.Match[str], text: str) -> bool:
    """Without a hyphen many numbers look like it: also the check digit, or a birth since it is
    random, and no barcode's check digit."""
    digits = _digits(match)
    birthday = _read_birthday(digits)
    if birthday is None:
        return False
    foreigner = digits[6] in "5678"
    check = ((13 if foreigner else 11) - _weigh(digits[:12], "234567892345") % 11) % 10
    if has_context(text, *match.span(), RESIDENT_WORDS):
        return True
    return check == int(digits[12]) and not _is_barcode(digits)


def _is_barcode(digits: str) -> bool:
    """An EAN-13 of a Korean (880) or a Vietnamese (893) product."""
    check = -_weigh(digits[:12], "13") % 10
    return digits[:3] in ("880", "893") and check == int(digits[12])


def _is_card(match: re.Match[str], _text: str) -> bool:
    digits = _digits(match)
    if "*" in match.group():
        return len(digits) >= 4
    values = [int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in values) % 10 == 0 and len(set(digits)) > 1


def _is_business_number(match: re.Match[str], text: str) -> bool:
    digits = _digits(match)
    total = _weigh(digits[:9], "137137135") + int(digits[8]) * 5 // 10
    return (10 - total % 10) % 10 == int(digits[9]) or has_context(
        text, *match.span(), BUSINESS_WORDS
    )


def _is_iban(match: re.Match[str], _text: str) -> bool:
    value = match.group().replace(" ", "").upper()
    return int("".join(str(int(one, 36)) for one in value[4:] + value[:4])) % 97 == 1


def _is_account(match: re.Match[str], text: str) -> bool:
    """Not a sum of money, a day or a telephone number."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    is_sum = before.endswith(("$", "₩", "USD", "KRW", "VND")) or _UNIT.match(after)
    is_day = _DAY.fullmatch(match.group())
    return not is_sum and not is_day and len(_digits(match)) + match.group().count("*") >= 8


def _is_personal_phone(match: re.Match[str], text: str) -> bool:
    """Not a line of a mission, an agency or a call centre, which stands right before it; a mobile
    always."""
    digits = _digits(match)
    if not 7 <= len(digits) + match.group().count("*") <= 15:
        return False
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    if (
        _NOT_PHONE.search(before)
        or _UNIT.match(after)
        or _DAY.fullmatch(match.group().strip("( )"))
    ):
        return False
    if re.match(r"(\+?82)?0?1[016789]|(\+?84|0)[35789]\d{8}$", digits):
        return True
    return not (_OFFICE.search(before[-26:]) or re.match(rf"\(?{_OFFICES}", after, re.IGNORECASE))


def _is_plain_phone(match: re.Match[str], text: str) -> bool:
    return _is_personal_phone(match, text) and len(set(_digits(match))) > 2


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_UNIT = _compile(
    r"(원|만|억|천|달러|불|유로|엔|동\b|usd|krw|vnd|eur|đ|₫|%|퍼센트|개|건|명|호|톤|kg|대\b|년|조\b)"
)
_DAY = _compile(r"(?:19|20)\d\d[-. ]*(?:0?[1-9]|1[0-2])[-. ]*(?:[0-2]?\d|3[01])")
_NOT_PHONE = _compile(
    r"(제|\bHSK?|HS ?(?:코드|부호|code|no\.?)|세번|품목번호|상표|특허|mã HS)[ :]*$"
)
_OFFICES = (
    r"(?:주?\w{0,6}(?:대사관|영사관|분관|공관)|영사과|콜센터|상담센터|상담전화|민원|대표 ?번호|대표 ?전화|무역관|공사|진흥원"
    r"|공단|협회|센터|중기부|외교부|관세청|국세청|kotra|코트라|embassy|consulate|hotline|call cent(?:er|re)|help ?line"
    r"|mission|đại sứ quán|lãnh sự quán|tổng đài|đường dây nóng)"
)
_OFFICE = _compile(rf"{_OFFICES}[^.?!\n]{{0,12}}$")
RESIDENT_WORDS = _compile(
    r"주민|주민등록|외국인 ?등록|외국인번호|거소|신분증|생년월일|\bRRN\b|\bARC\b|resident|registration n|alien|foreigner"
    r"|\bID (?:no|number)|thẻ ngoại kiều|số đăng ký|đăng ký người nước ngoài|đăng ký cư trú"
)
BUSINESS_WORDS = _compile(
    r"사업자|법인 ?번호|등록번호|business (?:reg|no|number)|\bBRN\b|tax (?:code|id|number)|mã số thuế|\bMST\b|\bEIN\b"
    r"|đăng ký kinh doanh|mã số doanh nghiệp"
)
_LAST_DIGITS_WORDS = _compile(r"(?:뒷|뒤) ?(?:7|일곱)? ?자리")
_CUSTOMS_WORDS = _compile(r"통관|고유 ?부호|customs (?:clearance )?code|\bPCCC\b|mã thông quan")
_CARD_CODE_WORDS = _compile(r"(?:\bcvc2?|\bcvv2?|보안 ?코드|카드 ?비밀번호)\W{0,4}$")
_LICENCE_WORDS = _compile(
    r"운전 ?면허|면허 ?번호|면허증|driver|driving|bằng lái|giấy phép lái|\bGPLX\b"
)
_PASSPORT_WORDS = _compile(r"여권|passport|hộ chiếu|\bPP ?(?:no|#)")
_CITIZEN_WORDS = _compile(
    r"\bCCCD\b|\bCMND\b|\bCMTND\b|căn cước|chứng minh|định danh|시민증|신분증|주민증|citizen|national id|identity"
    r"|\bGPLX\b|bằng lái|\bID (?:no|number|card)"
)
_SSN_WORDS = _compile(
    r"\bSSN\b|\bITIN\b|social security|사회 ?보장|납세자 ?번호|an sinh xã hội|\bsocial ?(?:no\b|num|[#:=]|is\b)"
    r"|\b(?:my|his|her) social\b(?! ?(?:media|net|acc|page|prof|link|channel|post|enterprise|venture|impact))"
)
_CARD_WORDS = _compile(r"카드|card|visa|master|amex|thẻ")
_ACCOUNT_WORDS = _compile(
    r"계좌|통장|입금|송금|은행|예금주|국민|신한|우리은|하나은|농협|기업은|카카오뱅크|토스|account|acct|a/c|bank|routing|wire"
    r"|\bSTK\b|tài khoản|ngân hàng|vietcombank|techcombank|bidv|\bACB\b|chuyển khoản"
)
_PHONE_WORDS = _compile(
    r"전화|휴대|핸드폰|폰 ?번호|연락처|연락 ?주|번호는|모바일|팩스|카톡|phone|\btel\b|\bcell|mobile|call me|call us"
    r"|reach me|text me|\bfax|whats ?app|zalo|viber|điện thoại|di động|\bsđt\b|\bđt\b|liên hệ|gọi|số máy|hotline"
)

# Labels, before the sign that joins a number to them.
_SIGN = re.compile(r"(?<=[^\d:=#/*+_-])(?:[:=#]{1,2}|[/-])(?=[\d*(+])")
_LABEL_WORDS = "|".join(
    words.pattern
    for words in (
        RESIDENT_WORDS, BUSINESS_WORDS, _CUSTOMS_WORDS, _LICENCE_WORDS, _PASSPORT_WORDS,
        _CITIZEN_WORDS, _SSN_WORDS, _CARD_WORDS, _ACCOUNT_WORDS, _PHONE_WORDS,
    )
)  # fmt: skip
_WORD_LABEL = _compile(
    rf"(?:{_LABEL_WORDS})[^\W\d_]{{0,12}}(?:'s)?(?: (?:no|num|number|code|id|card|licen[cs]e|identity|identification"
    r"|registration|is|at|số|là|xe|công dân|nhân dân|của (?:tôi|em|anh|chị|mình|công ty))\b\.?){0,4}(?: ?\([^()\n]{0,20}\))? ?$"
)
_HANGUL_LABEL = re.compile(r"""[가-힣][)\]"'.]{0,2}$|[가-힣]\)? $""")
_ANY_LABEL = re.compile(r"""[^\W\d_][)\]"'.]{0,2} ?$""")
_PLAIN_NUMBER = re.compile(
    r"\+?\(?\d{2,6}\)?[- .]{1,3}[\d*]{2}|\(?\+\d|[2-69]\d{15}(?!\d)|01[016789]\d{7,8}(?!\d)|0[35789]\d{8}(?!\d)"
)
_WEB_ADDRESS = re.compile(r"(?:://|www\.)\S*$|[?&][\w.%-]+=$|\b[\w-]+\.[a-z]{2,}/\S*$")

# A Korean particle may follow at once: "900101-1234567입니다".
_START = r"(?<![A-Za-z0-9_*:/+=#&-])(?<!\d[.,])"
_END = r"(?![A-Za-z0-9_*]|[-.,/]\d)"
_GAP = r" ?[-~·_./]? ?"  # between the groups of a number
_BIRTHDAY = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_HIDDEN = r"[\d*xX]"

RULES: tuple[Rule, ...] = (
    Rule("email", _compile(r"(?<![\w.+-])[\w.%+-]+ ?(?:@|[\[(] ?at ?[\])]) ?(?:[a-z0-9-]+(?:\.| ?[\[(]dot[\])] ?))+(?:xn--[a-z0-9-]+|[a-z]{2,})(?![a-z0-9])")),
    Rule("email", _compile(r"(?<![\w.+-])[a-z0-9_.%+-]*\*{2,}[\w.*-]*@[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)+")),
    # An address in Hangul, and one whose sign is written in words.
    Rule("email", _compile(r"(?<![\w.+-])[\w.%+-]+@(?:[\w-]+\.)+(?:한국|닷컴|닷넷)")),
    Rule("email", _compile(r"(?<![\w.+-])[\w.%+-]+@(?:[\w-]*[가-힣][\w-]*\.)+[a-z]{2,}(?![a-z0-9])")),
    Rule("email", _compile(r"(?<![\w.+-])[a-z0-9][\w.%+-]* ?(?:골뱅이|앳|a còng) ?(?:[a-z0-9-]+(?:\.| ?(?:점|쩜|닷|chấm) ?))+[a-z]{2,}(?![a-z0-9])")),
    Rule("bank_account", _compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"), _is_iban),
    # Cards: sixteen digits in fours, fifteen as 4-6-5, half-masked ones, and bare ones.
    Rule("payment_card", _compile(rf"{_START}(?:[2-6]\d{{3}}|9\d{{3}})(?:[- ./·]{{1,3}}\d{{4}}){{3}}(?:[- ]\d{{1,3}})?{_END}"), _is_card),
    Rule("payment_card", _compile(rf"{_START}3[47]\d{{2}}[- ]\d{{6}}[- ]\d{{5}}{_END}"), _is_card),
    Rule("payment_card", _compile(rf"{_START}\d{{4}}[- ]?(?=[\d*xX -]*[*xX]{{4}}){_HIDDEN}{{4}}[- ]?{_HIDDEN}{{4}}[- ]?{_HIDDEN}{{3,4}}{_END}"), _is_card),
    Rule("payment_card", _compile(rf"{_START}(?:[3-6]\d{{12,18}}|2[2-7]\d{{14}}|9\d{{15}}){_END}"), _is_card, _CARD_WORDS),
    Rule("payment_card", _compile(rf"{_START}(?:4\d{{15}}|5[1-5]\d{{14}}|2[2-7]\d{{14}}|3[47]\d{{13}}|35\d{{14}}|6(?:011|5\d\d|2\d\d)\d{{12}}|94\d{{14}}){_END}"), _is_card),
    Rule("payment_card", _compile(rf"{_START}\d{{4}}(?:[- ]\d{{4}}){{3}}{_END}"), None, _CARD_WORDS),
    Rule("payment_card", _compile(rf"{_START}\d(?:[- ]?\d){{12,18}}{_END}"), _is_card, _CARD_WORDS),
    Rule("payment_card", _compile(rf"{_START}\d{{3,4}}{_END}"), None, _CARD_CODE_WORDS),
    # Resident numbers of citizens (1-4, 9, 0) and foreigners (5-8).
    Rule("resident_number", _compile(rf"{_START}{_BIRTHDAY} ?[-~_] ?[0-9*xX](?:\d{{6}}|{_HIDDEN}{{0,5}}[*xX]+{_HIDDEN}{{0,5}}){_END}"), _is_resident_number),
    Rule("resident_number", _compile(rf"{_START}{_BIRTHDAY}{_GAP}[0-9]\d{{6}}{_END}"), _is_bare_resident_number),
    Rule("resident_number", _compile(rf"{_START}{_BIRTHDAY}{_GAP}[0-9*](?:{_HIDDEN}{{6}})?{_END}"), _is_resident_number, RESIDENT_WORDS),
    Rule("resident_number", _compile(rf"{_START}(?:19|20){_BIRTHDAY} ?[-~_] ?[0-9]\d{{6}}{_END}"), _is_resident_number),
    Rule("resident_number", _compile(rf"{_START}\d(?:[ .]?\d){{5}}[ .]?-? ?\d(?:[ .]?\d){{6}}{_END}"), _is_bare_resident_number),
    Rule("resident_number", _compile(rf"{_START}{_BIRTHDAY}[^\d\n]{{1,8}}(?:뒤|뒷)[^\d\n]{{0,8}}[0-9]\d{{6}}{_END}"), _is_resident_number),
    Rule("resident_number", _compile(rf"{_START}(?:19|20)?\d{{2}}([./ ])\d{{2}}\1\d{{2}} ?- ?[0-9]\d{{6}}{_END}"), _is_resident_number),
    Rule("resident_number", _compile(rf"{_START}(?:\d ){{5}}\d ?-? ?(?:{_HIDDEN} ){{6}}{_HIDDEN}{_END}"), _is_resident_number, RESIDENT_WORDS),
    Rule("resident_number", _compile(rf"{_START}[0-9]\d{{6}}{_END}"), None, _LAST_DIGITS_WORDS),
    # The code by which the customs know a person who imports.
    Rule("resident_number", _compile(rf"(?<!\w)P(?:[ -]?\d){{12}}{_END}"), None, _CUSTOMS_WORDS),
    Rule("driver_licence", _compile(rf"{_START}(?:1[1-9]|2[0-8]|\*\*)[- ]\d{{2}}[- ]{_HIDDEN}{{6}}[- ]{_HIDDEN}{{2}}{_END}")),
    Rule("driver_licence", _compile(rf"(?:서울|부산|경기|강원|충북|충남|전북|전남|경북|경남|제주|대구|인천|광주|대전|울산)(?:경찰청)?[- ]?\d{{2}}[- ]?\d{{6}}[- ]?\d{{2}}{_END}")),
    Rule("driver_licence", _compile(rf"{_START}\d{{2}}[- ]?\d{{2}}[- ]?\d{{6}}[- ]?\d{{2}}{_END}|(?<!\w)[A-Z]\d{{7}}{_END}"), None, _LICENCE_WORDS),
    Rule("passport", _compile(rf"(?<!\w)[A-Z]{{1,2}} ?-?\d{{3}}[A-Z* ]?\d{{4}}{_END}|(?<!\w)[A-Z]{{1,2}}(?:[ -]?\d){{7,9}}{_END}|(?<!\w)[A-Z]{{1,2}} ?-?\d{{2,4}} ?{_HIDDEN}{{3,6}}{_END}|{_START}\d{{3}}[ -]?\d{{3}}[ -]?\d{{3}}{_END}"), None, _PASSPORT_WORDS),
    Rule("social_security_number", _compile(rf"{_START}(?!000|666|9)\d{{3}}-(?!00)\d{{2}}-(?!0000)\d{{4}}{_END}"), _is_account),
    Rule("social_security_number", _compile(rf"(?<![A-Za-z0-9_]){_HIDDEN}{{3}}[- .]?{_HIDDEN}{{2}}[- .]?\d{{4}}{_END}"), None, _SSN_WORDS),
    Rule("citizen_id", _compile(rf"{_START}\d{{3}}[ ./-]?{_HIDDEN}{{3}}[ ./-]?{_HIDDEN}{{3}}(?:[ ./-]?{_HIDDEN}{{3}})?{_END}"), None, _CITIZEN_WORDS),
    # The twelve digits in other groups. They start with a province: 001 to 096, and 050 is none but a Korean prefix.
    Rule("citizen_id", _compile(rf"{_START}(?!050)0\d\d(?:[ .-]?{_HIDDEN}){{9}}{_END}"), None, _CITIZEN_WORDS),
    Rule("business_number", _compile(rf"{_START}\d{{3}}-\d{{2}}-\d{{5}}{_END}"), _is_business_number),
    Rule("business_number", _compile(rf"{_START}\d{{3}}[- ]?\d{{2}}[- ]?{_HIDDEN}{{5}}(?:-\d{{3}})?{_END}|{_START}\d{{2}}-\d{{7}}{_END}|{_START}\d{{10}}(?:-\d{{3}})?{_END}|{_START}\d{{6}}-\d{{7}}{_END}"), None, BUSINESS_WORDS),
    Rule("phone", _compile(rf"(?<![A-Za-z0-9_*:/+=#&-])(?:\+?82{_GAP}\(?0?\)?|\(?0)1[016789]\)?{_GAP}{_HIDDEN}{{3,4}}{_GAP}{_HIDDEN}{{4}}{_END}"), _is_personal_phone),
    Rule("phone", _compile(rf"(?<![A-Za-z0-9_*:/=#&])(?:\+|00(?=\d+[ .-]))\d{{1,3}}(?:[ .-]{{0,2}}\(?\d{{1,4}}\)?){{1,2}}(?:[ .-]?{_HIDDEN}{{2,4}}){{2,4}}{_END}"), _is_personal_phone),
    Rule("phone", _compile(rf"{_START}(?:\+?84|0)[ .-]?(?:[35789]\d)(?:[ .-]?\d){{7}}{_END}"), _is_personal_phone),
    Rule("phone", _compile(rf"(?<![A-Za-z0-9])(?:공일공|영일영|o1o|0lo|olo|o10|01o)[- .]?\d{{3,4}}[- .]?\d{{4}}{_END}")),
    Rule("bank_account", _compile(rf"{_START}\d{{3,}}[*xX]{{2,}}\d{{2,}}{_END}"), None, _ACCOUNT_WORDS),
    Rule("bank_account", _compile(rf"{_START}(?!0\d{{1,2}}-\d{{3,4}}-\d{{4}}(?!\d))(?:\d[\d* ]{{6,17}}\d|\d{{2,6}}(?:[- ]{_HIDDEN}{{2,8}}){{1,3}}){_END}"), _is_account, _ACCOUNT_WORDS),
    Rule("phone", _compile(rf"{_START}\(?0(?:2|[3-6][1-5]|70|50\d?)\)?[- .)]{{1,2}}\d{{3,4}}[- .]{_HIDDEN}{{4}}{_END}"), _is_personal_phone),
    Rule("phone", _compile(rf"{_START}\(?0(?:2\d{{1,2}})\)?[- .)]{{1,2}}\d{{3,4}}[- .]\d{{3,4}}(?:[- .]\d{{1,3}})?{_END}"), _is_personal_phone),
    Rule("phone", _compile(rf"(?<![A-Za-z0-9_*:/=#&-])(?:1[- .])?(?:\([2-9]\d{{2}}\) ?|[2-9]\d{{2}}[- .]{{1,2}})[2-9*]{_HIDDEN}{{2}}[- .]\d{{4}}{_END}"), _is_personal_phone),
    Rule("phone", _compile(rf"{_START}\+?\(?\d{{1,4}}\)?(?:[ .-]?{_HIDDEN}{{2,4}}){{2,4}}{_END}"), _is_plain_phone, _PHONE_WORDS),
)  # fmt: skip
