"""Which section a reply of staff names."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from knowledge.phrases.phrase import SectionName
from knowledge.phrases.section_links import find_linked_section, may_name_section
from knowledge.retrieval.edition import Edition

TITLE = "나루 물류바우처"
LIMIT, APPLY = "물류비는 얼마까지 지원하나요?", "누가 신청할 수 있나요?"
PAGE = "https://example.org/freight"


@pytest.mark.parametrize(
    ("reply", "heading"),
    [
        (f"「{TITLE}」 › {LIMIT}", LIMIT),
        (f"됩니다. 「{TITLE}」 › {APPLY} 를 보십시오.\n감사합니다.", APPLY),
        (f"“{TITLE}” > {APPLY}", APPLY),
        (f"『{TITLE}』›누가 신청할 수 있나요", APPLY),
        (f'See "{TITLE}" › {LIMIT}', LIMIT),
        (f"{PAGE}#{quote(LIMIT)} 를 보십시오", LIMIT),
        (f"({PAGE}/#누가-신청할-수-있나요)", APPLY),
        (f"{PAGE}#:~:text={quote('100만 달러 미만인')}", APPLY),
        (f"{PAGE}#:~:text={quote('최대 3천만')},{quote('지원합니다')}", LIMIT),
    ],
)
def test_a_citation_or_a_link_names_a_section(edition: Edition, reply: str, heading: str) -> None:
    assert may_name_section(reply)
    assert find_linked_section(edition, reply) == SectionName("freight", (TITLE, heading))


def test_the_address_alone_names_the_only_section_of_a_document(edition: Edition) -> None:
    found = find_linked_section(edition, "https://example.org/certificate.")
    assert found and found.document == "certificate"


def test_a_translation_cited_with_its_original_is_one_section(edition: Edition) -> None:
    english = next(one for one in edition.passages if one.document.id == "freight-en")
    reply = f"「{TITLE}」 › {LIMIT}\n“{english.document.title}” › {english.heading[-1]}"
    found = find_linked_section(edition, reply)
    assert found in (SectionName("freight", (TITLE, LIMIT)),
                     SectionName("freight-en", english.heading))  # fmt: skip


@pytest.mark.parametrize(
    "reply",
    [
        "내일 전화드리겠습니다.",
        f"{PAGE} 를 보십시오",  # which of its sections?
        f"「{TITLE}」 › {LIMIT}\n「{TITLE}」 › {APPLY}",  # two
        f"「{TITLE}」 › 없는 절",
        "「없는 문서」 › 누가 신청할 수 있나요?",
        f"{PAGE}#없는-절",
        "https://example.com/freight#" + quote(LIMIT),  # another page
        f"{PAGE}#:~:text={quote('없는 말')}",
        "「" * 2000 + "› " * 2000,
    ],
)
def test_anything_else_names_none(edition: Edition, reply: str) -> None:
    assert find_linked_section(edition, reply) is None
