"""One fact stated with different numbers in different documents.

Conservative: two sentences must be about the same words, in the same language, with the same years,
rounds and counts, and differ only in amounts, shares or periods. One may have one word more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ingest.checks.figures import AMOUNTS, PERIODS, SectionFigures, read_figures
from ingest.checks.types import CheckedDocument, CheckedSection, CheckFinding, find_at
from ingest.remarks import Remark

_LEAST_WORDS = 4
_STATED_KINDS = (*AMOUNTS, *PERIODS, "%")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FIGURE_WORD = re.compile(
    r"\S*\d\S*|\b(?:KRW|USD|EUR|VND|won|dollars?|million|billion|thousand|trillion|percent|triệu|tỷ|nghìn)\b",
    re.IGNORECASE,
)
_PARTICLE = re.compile(
    r"(?<=[가-힣])(?:은|는|이|가|을|를|의|에|에서|에게|으로|로|와|과|도|만|까지|부터|입니다|이며|이고|였습니다|이었습니다)$"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with numbers: `subject` are its words, `context` the years, days, rounds and counts
    that must agree before its `stated` figures are compared, by kind."""

    document: CheckedDocument
    section: CheckedSection
    line: int | None
    subject: frozenset[str]
    context: frozenset[str]
    stated: dict[str, frozenset[str]]
    figures: SectionFigures


def find_contradictions(
    documents: Sequence[CheckedDocument],
) -> Iterator[CheckFinding]:
    """Sentences of two documents about the same words with other numbers."""
    statements = [statement for one in documents for statement in _list_statements(one)]
    alike: dict[tuple[str, frozenset[str], frozenset[str]], list[Statement]] = {}
    for statement in statements:
        alike.setdefault(_build_key(statement, statement.subject), []).append(statement)
    for group in alike.values():
        for first, second in combinations(group, 2):
            yield from _compare_statements(first, second)
    for longer in statements:
        for word in sorted(longer.subject):
            for shorter in alike.get(_build_key(longer, longer.subject - {word}), ()):
                yield from _compare_statements(longer, shorter)


def _build_key(
    statement: Statement, subject: frozenset[str]
) -> tuple[str, frozenset[str], frozenset[str]]:
    return statement.document.document.language, subject, statement.context


def _compare_statements(first: Statement, second: Statement) -> Iterator[CheckFinding]:
    if first.document.document.base_id == second.document.document.base_id:
        return
    for kind in sorted(first.stated.keys() & second.stated.keys()):
        here, there = first.stated[kind], second.stated[kind]
        if here <= there or there <= here:
            continue
        remark = Remark(
            "facts_differ",
            {
                "other": second.document.file,
                "here": first.figures.render(sorted(here - there)),
                "there": second.figures.render(sorted(there - here)),
            },
        )
        yield find_at("warning", first.document, remark, first.section, first.line)


def _list_statements(one: CheckedDocument) -> Iterator[Statement]:
    for section in one.sections:
        for line in section.lines:
            for sentence in line.split_sentences():
                figures = read_figures(sentence)
                stated = {
                    kind: figures.compared[kind]
                    for kind in _STATED_KINDS
                    if kind in figures.compared
                }
                subject = read_subject(sentence)
                if stated and len(subject) >= _LEAST_WORDS:
                    values = {value.partition(" ")[0] for kind in stated.values() for value in kind}
                    context = frozenset(f for f in figures.read if " " not in f and f not in values)
                    yield Statement(one, section, line.number, subject, context, stated, figures)


def read_subject(sentence: str) -> frozenset[str]:
    """The words of a sentence without figures and particles."""
    words = _WORD.findall(_FIGURE_WORD.sub(" ", sentence).casefold())
    return frozenset(_PARTICLE.sub("", word) for word in words)
