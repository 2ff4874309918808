"""Whether a message tells another trouble than the grave one that was told before it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.founder.reading.triage import fold_text, triage_message
from bot.types import URGENT

TROUBLE_CHARACTERS = 15  # of a message that tells a grave trouble whole

# What an incident of triage.yaml is about. One that is not here may be part of any trouble: a
# bribe, a deadline, a lawsuit.
SUBJECTS = {
    "kidnapping": "person", "missing_person": "person", "detention": "person", "raid": "person",
    "border": "person", "violence": "person", "accident": "person", "disaster": "person",
    "theft": "technology", "technology": "technology",
    "perishable": "goods", "seizure": "goods", "customs": "goods", "lost_goods": "goods",
    "fraud": "money", "account_change": "money", "unpaid": "money", "insolvency": "money",
    "account": "money",
}  # fmt: skip
# Subjects that are parts of one trouble as often as two: goods taken where a person was held, goods
# that were not paid for.
OFTEN_ONE = (frozenset({"person", "goods"}), frozenset({"goods", "money"}))
LEANING_PATTERN = re.compile(
    r"^(he|she|they|it|that|this|those|because of (this|that|it))\b"
    r"|\b(the same|that|this) (\w+ )?(company|firm|person|employee|engineer|partner|buyer|man|woman|guy|supplier)\b"
    r"|그래서|그러면서|그것 ?때문|이 ?때문에|그 ?(직원|사람|회사|업체|파트너|바이어|거래처|친구)|같은 ?(회사|사람|업체|직원|파트너)"
    r"|^(ho|no|anh ta|anh ay|co ta|co ay|vi vay|vi the)\b|\b(nguoi|cong ty|nhan vien|doi tac|khach|ben) (do|nay|ay)\b"
)


def tells_other_trouble(text: str, before: Iterable[str]) -> bool:
    """Whether `text` tells whole a grave trouble about another subject than the texts `before` it
    do, and does not point back to them. False where those tell no trouble."""
    if len(text.strip()) < TROUBLE_CHARACTERS or LEANING_PATTERN.search(fold_text(text)):
        return False
    triage = triage_message(text)
    if not (triage.sealed or triage.urgency in URGENT):
        return False
    subject = SUBJECTS.get(triage.incident)
    told = {SUBJECTS.get(triage_message(one).incident) for one in before} - {None}
    return (
        bool(told)
        and subject is not None
        and all(one != subject and frozenset({one, subject}) not in OFTEN_ONE for one in told)
    )
