"""The Korean of the shipped documents: one way to ask for something, and no translationese.

Only what is certain stands in the table; why no linter does this: docs/decisions/0086.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from ingest.checks.reading import read_documents
from ingest.plan.files import SHIPPED_LIBRARY

# What is wrong, a sentence that shows it, and one like it that is right.
FAULTS = {
    "바랍니다, not 십시오": (r"십시오", "세관에 물어보십시오.", "세관에 물어보시기 바랍니다."),
    "합니다, not 해요": (r"[가-힣](?:세요|해요|어요|아요|예요|이에요)[.!]", "세관에 물어보세요.", "세관에 물어봅니다."),
    "double passive": (
        r"되어[지진질집졌]|(?:보여|쓰여|잊혀|믿겨|담겨|놓여|나뉘어|바뀌어)[지진질집졌]|불리[우워웠]",
        "서류가 제출되어집니다.",
        "서류가 접수되며, 금액은 알려지지 않았습니다.",
    ),
    "passive with an agent": (
        r"에 의(?:해|하여)서? [^.]{0,20}(?:되|됩|된|됐|지[ㄴ ]|집니다|진다)",
        "금액은 심사에 의해 결정됩니다.",
        "법률에 의하여 관세를 냅니다.",
    ),
    "to have": (r"[을를이가] 가지고 있습니다", "지사를 가지고 있습니다.", "인증서를 가지고 있어야 합니다."),
    "to carry out through": (
        r"[을를] 통(?:해|하여)서? [^.]{0,30}[을를] 진행",
        "센터를 통해서 상담을 진행합니다.",
        "센터를 통해 신청합니다.",
    ),
    "to be confirmed": (r"확인되어 있", "기한이 확인되어 있습니다.", "기한이 확인되지 않았습니다."),
    "in doing": (r"에 있어서|[함됨]에 있어", "신청함에 있어서 서류가 듭니다.", "신청할 때 부산에 있어야 합니다."),
    "to make somebody do": (r"으?로 하여금", "바이어로 하여금 내게 합니다.", "바이어가 내게 합니다."),
    "one of the most": (r"가장 [^.]{1,20} 중의? 하나", "가장 큰 시장 중 하나입니다.", "가장 큰 시장입니다."),
    "to be in need of": (r"[을를] 필요로 [하합한할]", "허가를 필요로 합니다.", "허가가 필요합니다."),
    "must by two denials": (r"지 않으면 안 [되됩된]", "내지 않으면 안 됩니다.", "내지 않으면 안내가 옵니다."),
}  # fmt: skip
# Written before the rule. Take a document out when it is put right.
KNOWN: dict[str, set[str]] = {}


@cache
def list_sentences() -> tuple[tuple[str, str], ...]:
    """The file and the text of each line of Korean prose."""
    documents, unread = read_documents(SHIPPED_LIBRARY)
    assert unread == []
    return tuple(
        (one.file, line.text)
        for one in documents
        if one.document.language == "ko"
        for section in one.sections
        for line in section.lines
    )


def find_offenders(pattern: str) -> Iterator[str]:
    return (file for file, text in list_sentences() if re.search(pattern, text))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_from_what_is_like_it(fault: str) -> None:
    pattern, wrong, right = FAULTS[fault]
    assert re.search(pattern, wrong) and not re.search(pattern, right)


@pytest.mark.parametrize("fault", FAULTS)
def test_no_document_has_it_but_those_known(fault: str) -> None:
    assert len(list_sentences()) > 1000
    assert set(find_offenders(FAULTS[fault][0])) == KNOWN.get(fault, set())
