"""Past questions asked again: which cases the present edition would have contained. Pure.

A case is contained where the library says or offers the right document to its question. Right are
the FAQ of that case; a FAQ of the same topic that is about the same country, or about none; and a
document that staff named in their reply to that question. That a document is right is therefore
decided by what staff and admins did, never by the library's own confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.admin.faq.publication import name_document
from bot.cases.phrase_evidence import prepare_phrase
from bot.types import UNCLASSIFIED, Case, FaqDraft
from knowledge.phrases.phrase import SectionChoice
from knowledge.types import Answer, Verdict

Containment = Literal["said", "offered", ""]
Rightness = Literal["own", "cluster", "staff", ""]


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """What became of a case's question. `how` it is contained ("" for not at all), by which
    `document`, and why that is right: its `own` FAQ, one of its `cluster`, or named by `staff`."""

    case: int
    topic: str
    verdict: Verdict
    how: Containment = ""
    document: str = ""
    why: Rightness = ""


@dataclass(frozen=True, slots=True)
class TopicRate:
    """Of `cases` of a topic, all of which went to people, those that would have been contained."""

    topic: str
    cases: int
    said: int
    offered: int

    @property
    def handed_over(self) -> float:
        """The share that would still go to people, 0 to 1."""
        return 1 - (self.said + self.offered) / self.cases


def find_right_documents(
    case: Case,
    topic: str,
    countries: Sequence[str],
    approved: Sequence[FaqDraft],
    choices: Sequence[SectionChoice],
) -> dict[str, Rightness]:
    """The documents that are right for a case, with why. `countries` are those of its matter."""
    right: dict[str, Rightness] = {}
    phrase = prepare_phrase(case.question)
    for one in choices:
        if one.source == "staff" and (one.conversation, one.question) == (
            case.conversation, phrase
        ):  # fmt: skip
            right[one.document] = "staff"
    for draft in approved:
        is_near = not draft.countries or bool(set(draft.countries) & set(countries))
        if draft.topic == topic != UNCLASSIFIED and is_near:
            right[name_document(draft.case)] = "cluster"
    if any(draft.case == case.number for draft in approved):
        right[name_document(case.number)] = "own"
    return right


def judge_answer(
    case: int, topic: str, answer: Answer, right: Mapping[str, Rightness]
) -> ReplayedCase:
    """What an answer is worth to a case with these right documents."""
    found: tuple[tuple[Containment, Sequence[str]], ...] = (
        ("said", [one.document for one in answer.citations[:1]]),
        ("offered", [one.document for one in answer.offers]),
    )
    for how, documents in found:
        for document in documents:
            if document in right:
                return ReplayedCase(case, topic, answer.verdict, how, document, right[document])
    return ReplayedCase(case, topic, answer.verdict)


def rate_topics(replayed: Sequence[ReplayedCase]) -> list[TopicRate]:
    """The rates of each topic, those of most cases first."""
    topics = sorted({one.topic for one in replayed})
    rates = [
        TopicRate(topic, len(own), _count(own, "said"), _count(own, "offered"))
        for topic in topics
        for own in [[one for one in replayed if one.topic == topic]]
    ]
    return sorted(rates, key=lambda rate: -rate.cases)


def _count(replayed: Sequence[ReplayedCase], how: Containment) -> int:
    return sum(one.how == how for one in replayed)
