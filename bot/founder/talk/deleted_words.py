"""What a founder deletes in their messenger is taken out of the matter that no person has yet."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.phrase_evidence import forget_answer
from bot.types import Conversation, PendingQuestion


def remove_deleted_words(conversation: Conversation, words: str) -> Conversation:
    """The conversation as if its person had not said `words`, which they have deleted: no case that
    comes later has them, or the files that came with them."""
    if not words:
        return conversation
    conversation = forget_answer(conversation, words)
    pending = conversation.pending and _take_back(conversation.pending, words)
    turns = tuple(one for one in conversation.turns if one.question != words)
    offered = []  # a question that was changed is not the one that sections were offered for
    for one in conversation.offered:
        asked = _take_back(one.asked, words)
        if asked and asked.question == one.asked.question:
            offered.append(replace(one, asked=asked))
    return replace(
        conversation,
        pending=pending,
        asking_place=conversation.asking_place and pending is not None,
        turns=turns,
        why=conversation.why if turns == conversation.turns else "",
        offered=tuple(offered),
    )


def _take_back(pending: PendingQuestion, words: str) -> PendingQuestion | None:
    """The question without `words` and the files that came with them; None if nothing is left."""
    before = tuple(part for part in pending.before if part.text != words)
    question = _cut_lines(pending.question, words)
    files = pending.files if question or not pending.question else ()
    earlier = tuple(text for text in pending.earlier if text != words)
    if not question and earlier:
        *earlier_texts, question = earlier
        earlier = tuple(earlier_texts)
    aside = tuple(kept for one in pending.aside if (kept := _take_back(one, words)))
    kept = replace(
        pending, question=question, files=files, before=before, earlier=earlier, aside=aside
    )
    if question or files or before:
        return kept
    return replace(aside[-1], aside=aside[:-1]) if aside else None


def _cut_lines(text: str, words: str) -> str:
    return f"\n{text}\n".replace(f"\n{words}\n", "\n", 1).strip()
