"""No document of the shipped library prints a number, a site or a mail address without a source.

What may be printed stands in knowledge/library/CONTACTS.yaml, each entry with source and date; a
site may also be one of the document's own sources. A number that one source alone prints is told as
such, and so is a form of it for calls from abroad that no source prints.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TypedDict
from urllib.parse import urlsplit

import pytest
import yaml

from ingest.plan.files import SHIPPED_LIBRARY, list_files

CONTACTS = SHIPPED_LIBRARY / "CONTACTS.yaml"
MISSIONS = SHIPPED_LIBRARY.parent.parent / "bot" / "missions"
SOURCE_LINE = re.compile(r"^(?:출처|Source|Nguồn): .*$", re.MULTILINE)
SITE = re.compile(
    r"https?://[\w./?=&#%:-]*[\w/]|(?<![\w@.])(?:[\w-]+\.)+(?:kr|com|net|org|gov)\b[\w/]*"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[a-z]+)+")
LONG_NUMBER = re.compile(
    r"\+\d{1,3}[ -]\d[\d -]{5,}\d|(?<![\d-])0\d{1,2}[ -]\d{3,4}[ -]\d{4}(?!\d)"
    r"|(?<![\d-])1[3-8]\d\d-\d{4}(?!\d)|(?<!\d)1900 \d{4}(?!\d)"
)
# Three or four digits are a phone number only next to a word that says so.
SHORT_NUMBER = re.compile(
    r"(?:전화|콜센터|고객지원센터|국번 없이|경찰|call|phone|dial|hotline|line|police|gọi|điện thoại)\s*"
    r"(?:번호)?(?:는|은|가|:)?\s*\(?(1\d{2,3})(?![\d-]|[.,]\d|년|월|일|만|억|곳| ?(?:cases|건|firms|개|January))",
    re.IGNORECASE,
)
# What a line says next to a number that one source alone prints.
DOUBT = re.compile(r"확인|check|confirm|not found|kiểm tra|xác nhận|hỏi lại|Chưa tìm thấy")
# The call centre prints its +82 form itself; to others the forms were made from the Korean number.
AS_IF_PRINTED = re.compile(r"\((?:해외에서|from abroad|từ nước ngoài) \+82-(?!2-3210-0404)")


class Contact(TypedDict, total=False):
    """An entry of CONTACTS.yaml."""

    id: str
    name: str
    numbers: list[str]
    one_source: list[str]
    sites: list[str]
    mails: list[str]
    quality: str
    source: str
    source_date: str


@cache
def load_contacts() -> tuple[Contact, ...]:
    return tuple(yaml.safe_load(CONTACTS.read_text(encoding="utf-8")))


def take_host(site: str) -> str:
    return (urlsplit(site).hostname or site.split("/")[0]).removeprefix("www.").lower()


def read_digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def list_numbers(contact: Contact) -> list[str]:
    return [*contact["numbers"], *contact.get("one_source", [])]


def list_lines_without_doubt(text: str) -> list[str]:
    """The lines that print a number of one source alone, or a +82 form, as if it were certain."""
    single = [number for one in load_contacts() for number in one.get("one_source", [])]
    return [
        line
        for line in text.splitlines()
        if AS_IF_PRINTED.search(line)
        or (any(number in line for number in single) and not DOUBT.search(line))
    ]


def list_unknown_contacts(text: str) -> list[str]:
    """The numbers, sites and mail addresses of a document that neither the contacts nor its own
    sources print."""
    sources = " ".join(SOURCE_LINE.findall(text)) + text.split("---\n")[1]
    body = SOURCE_LINE.sub("", text.split("---\n", 2)[2])
    numbers = {read_digits(number) for one in load_contacts() for number in list_numbers(one)}
    mails = {mail for one in load_contacts() for mail in one.get("mails", [])}
    hosts = {take_host(site) for one in load_contacts() for site in one["sites"]}
    hosts |= {take_host(site) for site in SITE.findall(sources)}
    found_mails = set(MAIL.findall(body))
    body = MAIL.sub("", body)
    sites = set(SITE.findall(body))
    body = SITE.sub("", body)
    found = {*LONG_NUMBER.findall(body), *SHORT_NUMBER.findall(LONG_NUMBER.sub("", body))}
    return sorted(
        found_mails - mails
        | {site for site in sites if take_host(site) not in hosts}
        | {number for number in found if read_digits(number) not in numbers}
    )


@pytest.mark.parametrize(
    ("sentence", "unknown"),
    [
        ("전화 1588-3884, https://www.ksure.or.kr", []),
        ("전화 1588-3885", ["1588-3885"]),
        ("관세청 고객지원센터 125, 경찰 112", []),
        ("경찰 119", ["119"]),
        ("call +84-24-3771-0404 or 1900 9299", []),
        ("call +84-24-3771-0405 or 1900 9298", ["+84-24-3771-0405", "1900 9298"]),
        ("see www.source.org and source.org/page", []),
        ("see ksure-help.com", ["ksure-help.com"]),
        ("write to ipcenter_help@koipa.re.kr로", []),
        ("write to help@koipa.re.kr", ["help@koipa.re.kr"]),
        ("2026-03-09 395석, 1999-2004, KRW 1,500-2,000", []),
    ],
)
def test_an_unknown_number_site_or_mail_is_found(sentence: str, unknown: list[str]) -> None:
    text = f"---\nurl: https://source.org/a\n---\n# A\n\n## B\n{sentence}\nSource: https://a.b (2026)\n"
    assert list_unknown_contacts(text) == unknown


def test_no_document_prints_a_contact_that_no_source_prints() -> None:
    found = {
        path.name: unknown
        for path in list_files(SHIPPED_LIBRARY)
        if (unknown := list_unknown_contacts(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("line", "certain"),
    [
        ("전화는 02-6004-8400입니다.", True),
        ("전화는 한 곳에만 02-6004-8400으로 나오므로 확인하시기 바랍니다.", False),
        ("Call +82-2-3438-5199.", True),
        ("One blog gives +82-2-3438-5199; no page of Korea Customs confirms it.", False),
        ("전화는 02-368-8787(해외에서 +82-2-368-8787)입니다(2022년 자료).", True),
        ("전화는 02-3210-0404(해외에서 +82-2-3210-0404)입니다.", False),
    ],
)
def test_a_doubtful_number_that_is_told_as_certain_is_found(line: str, certain: bool) -> None:
    assert bool(list_lines_without_doubt(line)) == certain


def test_no_document_tells_a_doubtful_number_as_certain() -> None:
    assert sum(len(one.get("one_source", [])) for one in load_contacts()) == 4
    found = {
        path.name: lines
        for path in list_files(SHIPPED_LIBRARY)
        if (lines := list_lines_without_doubt(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_each_contact_says_where_and_when_it_was_read() -> None:
    assert len({one["id"] for one in load_contacts()}) == len(load_contacts()) > 50
    for one in load_contacts():
        assert one["quality"] in {"official", "press", "blog"}, one["id"]
        assert one["source"], one["id"]
        assert re.search(r"\d{4}|undated", one["source_date"]), one["id"]
        assert all(re.fullmatch(r"[+#]?[\d -]+", number) for number in list_numbers(one)), one["id"]
        assert all(site.startswith(("http://", "https://")) for site in one["sites"]), one["id"]


def test_the_library_and_the_missions_of_the_bot_print_the_same_numbers() -> None:
    numbers = {one["id"]: set(one["numbers"]) for one in load_contacts()}
    emergency = yaml.safe_load((MISSIONS / "emergency_phones.yaml").read_text(encoding="utf-8"))
    facts = yaml.safe_load((MISSIONS / "mission_facts.yaml").read_text(encoding="utf-8"))
    told = [*emergency["missions"].items(), *facts["contacts"].items()]
    told.append(("consular-call-centre", emergency["call_centre"]))
    compared = [(id, one["phone"]) for id, one in told if id in numbers and one.get("phone")]
    assert len(compared) > 20
    assert [(id, phone) for id, phone in compared if phone not in numbers[id]] == []
