"""A draft made of a resolved case: its question, and what staff replied, without the founder."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from bot.admin.desk.topics import FindTopic
from bot.admin.faq.identity import find_names, hide_identity
from bot.admin.faq.states import REVIEW_PERIOD
from bot.cases.phrase_evidence import prepare_phrase
from bot.context import shorten_text
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Case, CaseMessage, FaqDraft, Mission
from knowledge.text.language import detect_language
from knowledge.types import LANGUAGES

QUESTION_CHARACTERS = 200  # of a question; a known question has no more
_GREETING = re.compile(
    r"(?:네,? ?)?(?:안녕하세요|안녕하십니까|감사합니다|고맙습니다|수고하세요|문의해? ?주셔서 감사합니다"
    r"|hello|hi|dear \w+|thank you[^.!?\n]*|thanks[^.!?\n]*|best regards|xin chào[^.!?\n]*|cảm ơn[^.!?\n]*)"
    r"[\s,.!~]*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?~])\s+|\n")


def build_draft(
    case: Case,
    record: Sequence[CaseMessage],
    merged: Sequence[Case],
    mission: Mission,
    owner: str,
    now: datetime,
    today: date,
    find_topic: FindTopic,
) -> FaqDraft | None:
    """The draft of a case with this record; None where staff replied nothing in words. `merged` are the
    cases that it took over: their questions are other ways to ask it. `today` is the mission's."""
    names = find_names([case.question, *(line.text for line in record), case.taken_name or ""])
    if case.taken_name:
        names = (case.taken_name, *names)
    deleted = {render_phrase("staff.deleted", language) for language in LANGUAGES}
    said = [
        text
        for line in record
        if line.author == "staff" and line.text not in deleted
        if (text := _drop_greetings(line.text))
    ]
    answer = hide_identity("\n\n".join(dict.fromkeys(said)), names)
    if not answer:
        return None
    own = _prepare_question(case.question, names)
    others = (_prepare_question(one.question, names) for one in merged if not one.sealed)
    paraphrases = tuple(dict.fromkeys(text for text in others if text not in ("", own)))
    return FaqDraft(
        case.number, case.mission, detect_language(answer), own, paraphrases, answer,
        find_topic(case), find_countries(case, mission), owner, now, today + REVIEW_PERIOD,
    )  # fmt: skip


def find_countries(case: Case, mission: Mission) -> tuple[str, ...]:
    """Where the matter of a case is: the country of its place, else of its mission; () for a matter of
    the desk that names no place."""
    if case.place is not None:
        return (case.place.country,)
    return () if mission.id == DOMESTIC else (mission.country,)


def _prepare_question(question: str, names: Sequence[str]) -> str:
    hidden = " ".join(hide_identity(question, names).split())
    return prepare_phrase(hidden) or shorten_text(hidden, QUESTION_CHARACTERS)


def _drop_greetings(text: str) -> str:
    """A reply without the sentences that only greet or thank."""
    kept = text.strip()
    is_greeting: Callable[[str], bool] = lambda part: bool(_GREETING.fullmatch(part.strip()))  # noqa: E731
    while kept:
        first = _SENTENCE_END.split(kept, 1)
        if not is_greeting(first[0]):
            break
        kept = first[1].strip() if len(first) > 1 else ""
    while kept:
        last = list(_SENTENCE_END.finditer(kept))
        start = last[-1].end() if last else 0
        if not is_greeting(kept[start:]):
            break
        kept = kept[: last[-1].start()].strip() if last else ""
    return kept
