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
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from knowledge.text.odd_spellings import HYPHENS, Spelling, fold_text, is_odd, join_groups
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

MIN_DIGITS = 3  # or stars in their place, that any of the kinds has, but for e-mail
_DIGIT = re.compile(r"[\d*]")
_EMAIL_SIGN = re.compile(r"[\[(] ?[aA][tT] ?[\])]")
_EMAIL_SIGNS = ("@", "골뱅이", "앳", "a còng")


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One personal datum in a text: its kind, start and end."""

    kind: PersonalDataKind
    start: int
    end: int


def find_personal_data(text: str) -> list[PersonalDatum]:
    """The personal data in `text`, in order; where two readings overlap, the surer one."""
    if not _may_have_some(text) and not is_odd(text):
        return []
    folded = fold_text(text)
    if not _may_have_some(folded.text):
        return []
    found = _find_all(folded, ALL_KINDS, [])
    if joined := join_groups(folded):
        never_kept = [one for one in found if one.kind in NEVER_KEPT]
        never_kept = _find_all(joined, NEVER_KEPT, never_kept)
        found = never_kept + [one for one in found if not _overlaps(one, never_kept)]
    return sorted(found, key=lambda one: one.start)


def _find_all(
    spelling: Spelling, kinds: Collection[PersonalDataKind], found: Sequence[PersonalDatum]
) -> list[PersonalDatum]:
    """`found` and what else there is of `kinds`."""
    known = list(found)
    for kind, start, end in _match_rules(spelling.text, kinds):
        one = PersonalDatum(kind, spelling.places[start], spelling.places[end])
        if not _overlaps(one, known):
            known.append(one)
    return known


def _overlaps(one: PersonalDatum, others: Sequence[PersonalDatum]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


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
                MASK if letter.isalnum() and ord(letter) not in HYPHENS else letter
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


def _match_rules(
    folded: str, kinds: Collection[PersonalDataKind]
) -> Iterator[tuple[PersonalDataKind, int, int]]:
    """What each rule finds, the surest rules first; the words around it are read with their signs."""
    separated = separate_labels(folded)
    for rule in RULES:
        if rule.kind not in kinds:
            continue
        for match in rule.pattern.finditer(separated):
            start, end = match.span()
            if rule.context and not has_context(folded, start, end, rule.context):
                continue
            if rule.is_valid is None or rule.is_valid(match, folded):
                yield rule.kind, start, end
