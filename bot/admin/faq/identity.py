"""Names of people and firms in what was said in a case, to take them out of what all may read.

Rules find names by what stands next to them (주식회사, Co., Ltd., 대표, my name is), so some stay: the
owner of a draft reads it before it is submitted. See docs/decisions/0102-an-answer-becomes-a-document.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.text.personal_data import mask_personal_data

HIDDEN = "○○"  # how Korean texts write a name that is left out
_FAMILY_NAMES = "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설"
_TITLES = "대표이사|대표님|대표|이사|부장|차장|과장|대리|팀장|사장|실장|본부장|주임|사원|변호사|회계사|관세사|영사|씨"
_KOREAN_NAME = rf"[{_FAMILY_NAMES}][가-힣]{{2}}"
# Endings of verbs that a name of three syllables does not have: "보내 주시면 변호사가" names no one.
_VERB_ENDING = r"(?:시면|시고|시는|하면|하고|하는|으면|오면|니다|세요|려면|려고|한데|해서|하여|까지|부터|에게|께서)"
_FIRM = r"[가-힣A-Za-z0-9&·]{2,30}?"
_AFTER_FIRM = r"(?=(?:은|는|이|가|을|를|의|에서|에|과|와|도|로|입니다|이고|인데|이며|라고|이라고)?(?:[\s,.!?)]|$))"
_CAPITALS = r"[A-Z][\w&'-]*(?: [A-Z][\w&'-]*){0,4}"
_VIETNAMESE_NAME = r"[A-ZĐÂĂÊÔƠƯ][a-zà-ỹ]+(?: [A-ZĐÂĂÊÔƠƯ][a-zà-ỹ]+){1,3}"

# Of each the first group is the name.
_RULES = tuple(
    re.compile(rule)
    for rule in (
        rf"(?:\(주\)|㈜|주식회사|유한회사) ?({_FIRM}){_AFTER_FIRM}",
        rf"(?<![가-힣A-Za-z0-9])({_FIRM}) ?(?:\(주\)|㈜|주식회사|유한회사){_AFTER_FIRM}",
        rf"(?:저희|우리) 회사(?:는|인|,)? ({_FIRM})(?=라고|이라고|입니다|이고|이며|인데)",
        rf"({_CAPITALS}),? (?:Co\.?|Ltd|Inc|Corp|LLC|GmbH|JSC|Company Limited|Pte)\b",
        rf"[Cc]ông ty (?:TNHH|[Cc]ổ phần|CP)(?: MTV)? ({_CAPITALS})",
        rf"(?<![가-힣])(?![가-힣]{_VERB_ENDING})({_KOREAN_NAME}) ?(?:{_TITLES})",
        rf"(?:저는|제 이름은|이름은) ({_KOREAN_NAME})(?=입니다|이고|이라고|라고|이에요|예요)",
        r"(?:[Mm]y name is|[Tt]his is|Mr\.?|Ms\.?|Mrs\.?|Dr\.?) ([A-Z][a-z]+(?: [A-Z][a-z]+){0,2})",
        rf"(?:[Tt]ôi là|[Tt]ên tôi là|[Aa]nh|[Cc]hị|[Ôô]ng|[Bb]à) ({_VIETNAMESE_NAME})",
    )
)
_TITLE_WORDS = frozenset(_TITLES.split("|"))


def find_names(texts: Iterable[str]) -> tuple[str, ...]:
    """The names of people and firms that texts give, the longest first."""
    found = {
        match[1].strip()
        for text in texts
        for rule in _RULES
        for match in rule.finditer(text)
    }  # fmt: skip
    return tuple(sorted(found - _TITLE_WORDS - {""}, key=lambda name: (-len(name), name)))


def hide_identity(text: str, names: Iterable[str]) -> str:
    """The text without personal data, and with HIDDEN in place of each name, wherever it stands."""
    text = mask_personal_data(text)
    for name in names:
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", HIDDEN, text)
    return text
