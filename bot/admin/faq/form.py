"""A draft as a text that is shown, changed and sent back, in a chat or a file.

FAQ 초안 #12
질문: …
다른 말: …            (a line for each)
주제: tax
국가: VN, ID
검토일: 2027-06-01
답변:
…                     (all that follows)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.admin.desk.topics import load_topics
from bot.admin.faq.draft import QUESTION_CHARACTERS
from bot.types import FaqDraft
from knowledge.text.language import detect_language
from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data

ANSWER_CHARACTERS, PARAPHRASE_LIMIT = 4_000, 20
_LABELS = {
    "질문": "question", "question": "question", "câu hỏi": "question",
    "다른 말": "also", "also": "also", "cách hỏi khác": "also",
    "주제": "topic", "topic": "topic", "chủ đề": "topic",
    "국가": "countries", "countries": "countries", "quốc gia": "countries",
    "검토일": "review", "review": "review", "ngày xem lại": "review",
    "답변": "answer", "answer": "answer", "trả lời": "answer",
}  # fmt: skip
_LABEL = re.compile(rf"\s*({'|'.join(_LABELS)})\s*[:：]\s*(.*)", re.IGNORECASE)
_HEAD = re.compile(r"\s*/?faq(?:\s+(?:초안|draft|bản nháp))?(?:\s*#?\d{1,9})?\s*", re.IGNORECASE)
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class BadForm(Exception):
    """A text that no draft can be read from. `problem` is "empty", "question", "answer", "topic",
    "countries" or "review", `value` what stands there."""

    problem: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.problem}: {self.value}"


def split_head(text: str) -> str | None:
    """What follows the line "FAQ 초안 #12" that a text begins with; None for any other text."""
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if _HEAD.fullmatch(first) else None


def write_form(draft: FaqDraft) -> str:
    """The draft as a text that `read_form` reads."""
    return "\n".join(
        [
            f"FAQ 초안 #{draft.case}",
            f"질문: {draft.question}",
            *(f"다른 말: {one}" for one in draft.paraphrases),
            f"주제: {draft.topic}",
            f"국가: {', '.join(draft.countries)}",
            f"검토일: {draft.review_by:%Y-%m-%d}",
            "답변:",
            draft.answer,
        ]
    )


def read_form(text: str, draft: FaqDraft, today: date) -> FaqDraft:
    """The draft with all that a text states of it; what it does not name stays. Raises BadForm for the
    first thing that is wrong; then nothing of it counts."""
    fields = _split_fields(text)
    if not fields:
        raise BadForm("empty")
    changed = draft
    if "question" in fields:
        question = " ".join(" ".join(fields["question"]).split())
        if not question or len(question) > QUESTION_CHARACTERS:
            raise BadForm("question", question[:80])
        changed = replace(changed, question=_mask(question))
    if "also" in fields:
        others = [" ".join(one.split()) for one in fields["also"]]
        kept = dict.fromkeys(_mask(one) for one in others if 0 < len(one) <= QUESTION_CHARACTERS)
        changed = replace(changed, paraphrases=tuple(kept)[:PARAPHRASE_LIMIT])
    if "answer" in fields:
        answer = "\n".join(fields["answer"]).strip()
        if not answer or len(answer) > ANSWER_CHARACTERS:
            raise BadForm("answer", answer[:80])
        changed = replace(changed, answer=_mask(answer), language=detect_language(answer))
    return _read_facts(fields, changed, today)


def _read_facts(fields: dict[str, list[str]], draft: FaqDraft, today: date) -> FaqDraft:
    if "topic" in fields:
        topic = " ".join(fields["topic"]).strip()
        labels = {label: name for name, by in load_topics().labels.items() for label in by.values()}
        topic = labels.get(topic, topic)
        if topic not in load_topics().labels:
            raise BadForm("topic", topic)
        draft = replace(draft, topic=topic)
    if "countries" in fields:
        codes = re.split(r"[\s,]+", " ".join(fields["countries"]).upper().strip())
        if wrong := [one for one in codes if one and not _COUNTRY.fullmatch(one)]:
            raise BadForm("countries", wrong[0])
        draft = replace(draft, countries=tuple(dict.fromkeys(filter(None, codes))))
    if "review" in fields:
        value = " ".join(fields["review"]).strip()
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise BadForm("review", value) from error
        if day <= today:
            raise BadForm("review", value)
        draft = replace(draft, review_by=day)
    return draft


def _split_fields(text: str) -> dict[str, list[str]]:
    """The lines below each label; a label may come again, and the answer ends with the text."""
    fields: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        match = None if current == "answer" else _LABEL.fullmatch(line)
        if match:
            current = _LABELS[match[1].lower()]
            fields.setdefault(current, []).append(match[2])
        elif current == "answer":
            fields[current].append(line)
        elif current and line.strip():
            fields[current][-1] += f" {line.strip()}"
    return fields


def _mask(text: str) -> str:
    """An office's number may stand in an answer, what identifies a person may not."""
    return mask_personal_data(text, NEVER_KEPT)
