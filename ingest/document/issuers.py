"""Issuers of notices: the institution behind "중소벤처기업부장관" and "KOTRA 사장"."""

from __future__ import annotations

import re

# Last syllables of the names of Korean public institutions.
_ISSUER_SUFFIXES = (
    "부|청|처|위원회|공사|공단|협회|중앙회|연합회|진흥원|연구원|보호원|정보원|평가원|기술원|개발원|지원단|재단|"
    "센터|상공회의소|은행|조합|특별시|광역시|특별자치시|특별자치도|도|대사관|총영사관|영사관|출장소|사무처|협의체"
)
_LATIN_LETTERS = "A-Za-zÀ-ỹĐđ&."
_ISSUER_NAME = re.compile(
    rf"(?:[가-힣A-Za-z0-9·]+ ){{0,3}}[가-힣A-Za-z0-9·]+(?:{_ISSUER_SUFFIXES})|[A-ZĐ][{_LATIN_LETTERS}]+(?: [{_LATIN_LETTERS}]+){{0,8}}"
)
_DIVISION_SUFFIX = re.compile(r"\s[가-힣A-Za-z0-9·]+(?:과|팀|국|실|단|본부|담당관)\s*$")
_SEAL = re.compile(r"\s*[\[(]?\s*(?:직인|관인)\s*(?:생략)?\s*[\])]?\s*$|\s+\(인\)\s*$")
_OFFICE_HOLDER = re.compile(
    r"(?P<issuer>\S.*?)\s*(?P<office>이사장|사장|회장|원장|청장|처장|위원장|소장|센터장|장관|대사|총영사|지사|시장|장)"
)
# Titles that merge with the issuer's name: the groups are the name without the title.
_TITLE_WITHIN_NAME = re.compile(
    r"(?P<issuer>[가-힣A-Za-z· ]+(?:청|처|진흥원|연구원|보호원|정보원|평가원|기술원|개발원|협회|중앙회|연합회|센터|"
    r"특별시|광역시|특별자치시))장|(?P<land>[가-힣]+도)지사|(?P<panel>[가-힣]+위원)장"
    r"|(?P<post>(?:주|駐)[가-힣]+(?:대사|총영사))"
)


def parse_signing_issuer(line: str) -> str | None:
    """The issuer whose head signs `line`; None if the line holds anything but a signature.

    "○○부장관 귀하" names the addressee of a form and "○○부장관 방문" an event: no signatures.
    """
    text = _SEAL.sub("", line.strip())
    if len(text) > 40:
        return None
    if joined := _TITLE_WITHIN_NAME.fullmatch(text):
        if joined["panel"]:
            return f"{joined['panel']}회"
        return f"{joined['post']}관" if joined["post"] else joined["issuer"] or joined["land"]
    signed = _OFFICE_HOLDER.fullmatch(text)
    if signed is None or signed["office"] in ("장", "시장", "지사", "대사", "총영사"):
        return None
    if signed["office"] == "장관" and not signed["issuer"].endswith("부"):
        return None
    return parse_issuer(signed["issuer"])


def parse_issuer(text: str) -> str | None:
    """The issuer that `text` names, without its division; None if the text says anything else."""
    name = _DIVISION_SUFFIX.sub("", re.sub(r"\s*\([^)]*\)\s*$", "", text.strip()))
    return name if 2 <= len(name) <= 60 and _ISSUER_NAME.fullmatch(name) else None
