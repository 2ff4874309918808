"""Do these passages answer this question? One calibrated decision, and its reasons."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from knowledge.retrieval import Hit
from knowledge.types import Question

COEFFICIENTS = Path(__file__).with_name("grounds.yaml")

# What kind of thing a question wants, and how a passage shows that it has it.
_WANTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(wants, re.IGNORECASE), re.compile(has, re.IGNORECASE))
    for wants, has in (
        (
            r"몇\s?(프로|퍼센트|퍼|%)|비율|percent|what share|how much of|phần trăm|tỷ lệ",
            r"\d\s?%|퍼센트|percent|무료|전액|phần trăm",
        ),
        (
            r"얼마(?!나 (걸|오래))|몇 ?(만|억|천) ?원|금액|한도|비용이|how much|what does .* cost"
            r"|\bfee\b|ceiling|bao nhiêu tiền|chi phí|mức hỗ trợ",
            r"\d[\d,.]*\s?(십|백|천|만|억|조)?\s?(원|달러|만|억|%)|KRW|USD|won\b|무료|free\b|no cost"
            r"|no fee|miễn phí|triệu|tỷ",
        ),
        (
            r"언제|기한|마감|며칠|몇 ?(일|달|개월|년)|얼마나 (걸|오래)|when\b|deadline|until|how long"
            r"|khi nào|hạn|bao giờ|bao lâu",
            r"\d\s?(년|월|일|개월|주|시간)|\b(19|20)\d\d\b|\d\s?(day|week|month|year|ngày|tháng|năm)",
        ),
        (
            r"전화|연락처|번호|phone|number to call|hotline|số điện thoại|đường dây",
            r"\d{2,4}-\d{3,4}|\b(1380|1357|113|119)\b",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A logistic regression over the features, and the confidence from which Naru answers."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float
    made_by: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure we are that the best passage answers, and what that rests on."""

    confidence: float
    enough: bool
    features: Mapping[str, float]


@cache
def coefficients(path: Path = COEFFICIENTS) -> Coefficients:
    """The coefficients that `naru calibrate` wrote."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Coefficients(data["intercept"], data["weights"], data["threshold"], data["made_by"])


def judge(question: Question, hits: Sequence[Hit], learned: Coefficients) -> Judgement:
    """Whether the first of `hits` answers the question; the others are its rivals."""
    found = features(question, hits)
    total = learned.intercept + sum(
        learned.weights.get(name, 0.0) * value for name, value in found.items()
    )
    confidence = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
    return Judgement(confidence, confidence >= learned.threshold, found)


def features(question: Question, hits: Sequence[Hit]) -> dict[str, float]:
    """What the decision is made from; each is about 0 to 1 and means the same in any library.

    coverage: share of the asked that the passage has, by rarity · ratio: BM25 over a perfect
    match's · heading: coverage by the heading alone · margin: lead over the next document ·
    similarity: cosine of the vectors · rarest_missing: rarity of the rarest thing it lacks ·
    unknown: share of the asked that no passage has · kind: 1 it has the kind of thing that is
    asked (an amount, a date …), -1 it lacks it, 0 nothing particular is asked ·
    foreign: matched in another language than the question's.
    """
    hit = hits[0]
    total = sum(fit.best for fit in hit.fits) or 1.0
    missing = [fit for fit in hit.fits if fit.got == 0]
    heading = " ".join(hit.passage.heading).lower()
    rarest = max((fit.best for fit in hit.fits), default=1.0) or 1.0
    rivals = [other.score for other in hits[1:] if other.passage.document != hit.passage.document]
    return {
        "coverage": 1 - sum(fit.best for fit in missing) / total,
        "ratio": sum(fit.got for fit in hit.fits) / total / 2,
        "heading": sum(fit.best for fit in hit.fits if _in(heading, fit.slot.terms)) / total,
        "margin": min(1.0, hit.score - max(rivals, default=0.0)),
        "similarity": hit.similarity or 0.0,
        "rarest_missing": max((fit.best for fit in missing), default=0.0) / rarest,
        "unknown": sum(fit.best for fit in missing if not fit.known) / total,
        "kind": _kind(question.text, hit.passage.text),
        "foreign": float(hit.matched != question.language),
    }


def _in(heading: str, terms: Mapping[str, float]) -> bool:
    return any(term.removesuffix("다").removeprefix("vi:") in heading for term in terms)


def _kind(question: str, passage: str) -> float:
    wanted = [has for wants, has in _WANTS if wants.search(question)]
    if not wanted:
        return 0.0
    return 1.0 if all(has.search(passage) for has in wanted) else -1.0
