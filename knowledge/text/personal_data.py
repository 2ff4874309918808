"""Finds and masks personal data in Korean, English and Vietnamese text.

It is meant for what people write (messages, logs, prompts, audit), not for quotes: a ministry's
telephone number in a document is public. See
docs/decisions/0052-mask-personal-data-with-own-rules.md.

What becomes of each kind ("-" is: stays as written):

kind                     kept, staff   model, log, index, audit
resident_number          masked        masked     Koreans and foreigners in Korea, and their customs code
driver_licence           masked        masked
passport                 masked        masked     staff ask for it where they need it
citizen_id               masked        masked     Vietnam: CCCD, CMND
social_security_number   masked        masked     United States
payment_card             masked        masked
bank_account             -             masked     the account of a fraud is what staff must see
business_number          -             masked     a firm's, printed on its invoices
phone                    -             masked     staff call back
email                    -             masked     staff write back
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from knowledge.text.personal_data_rules import (
    RULES,
    PersonalDataKind,
    has_context,
    separate_labels,
)

# Masked before a message is stored: no table, card, digest or export ever has them.
NEVER_KEPT: frozenset[PersonalDataKind] = frozenset(
    {
        "resident_number",
        "driver_licence",
        "passport",
        "citizen_id",
        "social_security_number",
        "payment_card",
    }
)
ALL_KINDS: frozenset[PersonalDataKind] = NEVER_KEPT | {
    "bank_account",
    "business_number",
    "phone",
    "email",
}

# In place of each letter and digit. One code unit, so that the places of bold words and links,
# which messengers send as offsets, stay right; no messenger takes it for markup.
MASK = "●"
_MASK_RUN_LETTERS = 4  # fewer in a row may be a list's bullets

_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣ーㅡ"), "-")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t"), " ")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_STARS = dict.fromkeys(map(ord, "●○◯∗＊※•"), "*")
_TO_ASCII = str.maketrans({**_FULL_WIDTH, **_HYPHENS, **_SPACES, **_STARS})
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
MIN_DIGITS = 3  # or stars in their place, that any of the kinds has, but for e-mail
_DIGIT = re.compile(r"[\d*]")
_EMAIL_SIGN = re.compile(r"[\[(] ?[aA][tT] ?[\])]")
_EMAIL_SIGNS = ("@", "골뱅이", "앳", "a còng")
# What `_fold_text` changes.
_IS_FOLDED = re.compile(f"[{''.join(map(chr, _TO_ASCII))}{''.join(_INVISIBLE)}]")


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One personal datum in a text: its kind, start and end."""

    kind: PersonalDataKind
    start: int
    end: int


def find_personal_data(text: str) -> list[PersonalDatum]:
    """The personal data in `text`, in order; where two readings overlap, the surer one."""
    if not _may_have_some(text) and (text.isascii() or not _IS_FOLDED.search(text)):
        return []
    folded, places = _fold_text(text)
    if not _may_have_some(folded):
        return []
    found: list[PersonalDatum] = []
    for kind, start, end in _match_rules(folded):
        first, last = places[start], places[end - 1] + 1
        if all(last <= one.start or one.end <= first for one in found):
            found.append(PersonalDatum(kind, first, last))
    return sorted(found, key=lambda one: one.start)


def mask_personal_data(
    text: str,
    kinds: Collection[PersonalDataKind] = ALL_KINDS,
    *,
    public: Collection[str] = (),
) -> str:
    """`text` with MASK for each letter and digit of personal data of `kinds`, as long as before.

    `public` are numbers and addresses that are known to be public, as printed in documents.
    """
    parts, position = [], 0
    for one in find_personal_data(text):
        value = text[one.start : one.end]
        if one.kind in kinds and value not in public:
            masked = "".join(
                MASK if letter.isalnum() and ord(letter) not in _HYPHENS else letter
                for letter in value
            )
            parts += [text[position : one.start], masked.replace("*", MASK)]
            position = one.end
    return "".join([*parts, text[position:]])


def has_mask(text: str) -> bool:
    """Whether something in `text` was masked, here or by its author."""
    bare = text.replace("-", "").replace(" ", "")
    return MASK * _MASK_RUN_LETTERS in bare


def _may_have_some(text: str) -> bool:
    """Whether `text` has enough digits, or a sign of an address. Most have neither, which costs
    less to see than to read them by the rules."""
    if len(_DIGIT.findall(text)) >= MIN_DIGITS or _EMAIL_SIGN.search(text):
        return True
    lowered = text.lower()
    return any(sign in lowered for sign in _EMAIL_SIGNS)


def _match_rules(folded: str) -> Iterator[tuple[PersonalDataKind, int, int]]:
    """What each rule finds, the surest rules first; the words around it are read with their signs."""
    separated = separate_labels(folded)
    for rule in RULES:
        for match in rule.pattern.finditer(separated):
            start, end = match.span()
            if rule.context and not has_context(folded, start, end, rule.context):
                continue
            if rule.is_valid is None or rule.is_valid(match, folded):
                yield rule.kind, start, end


def _fold_text(text: str) -> tuple[str, list[int] | range]:
    """The text in ASCII where it has full-width letters, other digits, hyphens and spaces, without
    invisible characters; and the place in `text` of each of its characters."""
    if text.isascii():
        return text, range(len(text))
    places = [at for at, letter in enumerate(text) if letter not in _INVISIBLE]
    plain = "".join(text[at] for at in places).translate(_TO_ASCII)
    if any(letter.isdecimal() and not letter.isascii() for letter in plain):
        plain = "".join(
            str(int(letter)) if letter.isdecimal() and not letter.isascii() else letter
            for letter in plain
        )
    return plain, places
