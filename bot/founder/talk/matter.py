"""What a founder sends before there is a case: kept with the question until a person gets it.

See docs/decisions/0060-everything-arrives-or-is-spoken-of.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.wording import LIVELY_KINDS, list_enclosures, render_body
from bot.context import Decision, Turn
from bot.founder.triage import triage_message
from bot.messages import Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import URGENCIES, CaseMessage, Conversation, PendingQuestion
from knowledge.types import Exchange, Language

MATTER_TIME = timedelta(hours=24)  # between two messages; what comes later is another matter
MATTER_FILES = 20
MAX_REMEMBERED_TURNS = 6  # exchanges of a conversation
MATTER_CHARACTERS = 12_000  # of the earlier messages; the question itself is always whole


def is_part_of_matter(message: Message) -> bool:
    """Whether the message has something that a person should get, which stickers are not."""
    enclosed = any(
        one.kind not in ("unsupported", *LIVELY_KINDS) for one in list_enclosures(message)
    )
    return bool(message.text or message.files or enclosed)


def make_part(message: Message, now: datetime) -> CaseMessage:
    """The message as a line of the case that it may come into."""
    body = render_body(message, STAFF_LANGUAGE)
    return CaseMessage("founder", body, now, files=message.files)


def add_to_matter(pending: PendingQuestion, message: Message, now: datetime) -> PendingQuestion:
    """The pending question with one more message that belongs to it: one without own words, or one
    that came while the place was asked for."""
    part = make_part(message, now)
    return _fit(replace(_weigh(pending, part.text), before=(*pending.before, part)))


def add_words(pending: PendingQuestion, words: str) -> PendingQuestion:
    """The question with further words below it."""
    return replace(_weigh(pending, words), question=f"{pending.question}\n{words}".strip())


def _weigh(pending: PendingQuestion, words: str) -> PendingQuestion:
    """The question as urgent as the more urgent of it and `words`, and sealed if one must be."""
    triage = triage_message(words)
    urgency = max(pending.urgency, triage.urgency, key=URGENCIES.index)
    return replace(pending, urgency=urgency, sealed=pending.sealed or triage.suspect)


def add_forgotten(pending: PendingQuestion, exchanges: Sequence[Exchange]) -> PendingQuestion:
    """The question with what was asked in exchanges that the conversation no longer remembers."""
    times = [part.at for part in pending.before] + ([pending.at] if pending.at else [])
    asked = tuple(
        CaseMessage("founder", exchange.question, min(times))
        for exchange in exchanges
        if times and not triage_message(exchange.question).suspect
    )
    return _fit(replace(pending, before=(*asked, *pending.before)))


def remember_exchange(conversation: Conversation, exchange: Exchange) -> Conversation:
    """The conversation with one more exchange. What was asked in those that it no longer remembers
    goes into the matter of its pending question."""
    turns, pending = (*conversation.turns, exchange), conversation.pending
    if pending:
        pending = add_forgotten(pending, turns[:-MAX_REMEMBERED_TURNS])
    return replace(conversation, turns=turns[-MAX_REMEMBERED_TURNS:], pending=pending)


def keep_in_matter(turn: Turn) -> Turn:
    """The turn with its message kept for the case that may come of the pending question, or of a
    question that is still to come."""
    conversation, now = turn.conversation, turn.services.now
    pending = conversation.pending
    if pending is None or (is_stale(pending, now) and not conversation.asking_place):
        kept = begin_matter(turn.message, conversation.language, now)
    else:
        kept = add_to_matter(pending, turn.message, now)
    return turn.with_conversation(replace(conversation, pending=kept))


def begin_matter(message: Message, language: Language, now: datetime) -> PendingQuestion:
    """A matter without a question yet: a file or a contact alone."""
    return add_to_matter(PendingQuestion("", language, at=now), message, now)


def carry_over(
    earlier: PendingQuestion | None, latest: PendingQuestion, exchanges: Sequence[Exchange]
) -> PendingQuestion:
    """The latest question with what the same matter had before: files, and texts that are in no
    exchange. What would be sealed belongs to no other question, and MATTER_TIME without a message
    ends a matter."""
    if earlier is None or not _is_same_matter(earlier, latest):
        return latest
    before = _merge_parts(earlier.before, latest)
    left_out = max(earlier.left_out, latest.left_out)
    if earlier.question == latest.question:
        files = tuple(dict.fromkeys((*earlier.files, *latest.files)))
        return _fit(replace(latest, files=files, before=before, left_out=left_out))
    answered = any(exchange.question == earlier.question for exchange in exchanges)
    text = "" if answered else earlier.question
    files = tuple(file for file in earlier.files if file not in latest.files)
    at = earlier.at or latest.at
    if at and (text or files):
        asked = CaseMessage("founder", text, at, files=files)
        before = tuple(sorted((*before, asked), key=lambda part: part.at))
    return _fit(replace(latest, before=before, left_out=left_out))


def _merge_parts(
    parts: tuple[CaseMessage, ...], latest: PendingQuestion
) -> tuple[CaseMessage, ...]:
    """What was sent before in either matter, once each; a file that is the question's own, as it is
    of a question that one comes back to, is not there as well."""
    merged = tuple(dict.fromkeys((*parts, *latest.before)))
    own = [
        replace(part, files=tuple(file for file in part.files if file not in latest.files))
        for part in sorted(merged, key=lambda part: part.at)
    ]
    return tuple(part for part in own if part.text or part.files)


def _is_same_matter(earlier: PendingQuestion, latest: PendingQuestion) -> bool:
    is_sealed = earlier.sealed or triage_message(earlier.question).suspect
    return not is_sealed and latest.at is not None and not is_stale(earlier, latest.at)


def is_stale(pending: PendingQuestion, now: datetime) -> bool:
    """Whether what comes now is another matter than the pending question's: nothing of it came for
    MATTER_TIME."""
    times = [part.at for part in pending.before] + ([pending.at] if pending.at else [])
    return bool(times) and now - max(times) > MATTER_TIME


def _fit(pending: PendingQuestion) -> PendingQuestion:
    """The matter within its bounds: the oldest messages go first, and are counted."""
    before, files, left_out = list(pending.before), pending.files, pending.left_out
    if len(files) > MATTER_FILES:
        left_out += len(files) - MATTER_FILES
        files = files[-MATTER_FILES:]
    while before and not _fits(before, len(files)):
        left_out += max(1, len(before.pop(0).files))
    return replace(pending, before=tuple(before), files=files, left_out=left_out)


def _fits(before: Sequence[CaseMessage], files: int) -> bool:
    characters = sum(len(part.text) for part in before)
    attached = files + sum(len(part.files) for part in before)
    return characters <= MATTER_CHARACTERS and attached <= MATTER_FILES


def list_matter(
    pending: PendingQuestion, exchanges: Sequence[Exchange], now: datetime
) -> tuple[CaseMessage, ...]:
    """The record with which a case of the pending question begins: what was left out, the
    exchanges before, what was sent before, and the question last."""
    lines = [
        line
        for exchange in exchanges
        for line in (
            CaseMessage("founder", exchange.question, now),
            CaseMessage("bot", exchange.answer, now),
        )
    ]
    if pending.left_out:
        note = render_phrase("staff.left_out", STAFF_LANGUAGE, count=pending.left_out)
        lines.insert(0, CaseMessage("bot", note, now))
    question = CaseMessage("founder", pending.question, now, files=pending.files)
    return (*lines, *pending.before, question)


def remove_deleted_words(conversation: Conversation, words: str) -> Conversation:
    """The conversation as if its person had not said `words`, which they have deleted: no case that
    comes later has them, or the files that came with them."""
    if not words:
        return conversation
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
    kept = replace(pending, question=question, files=files, before=before)
    return kept if question or files or before else None


def _cut_lines(text: str, words: str) -> str:
    return f"\n{text}\n".replace(f"\n{words}\n", "\n", 1).strip()


def refuse_large_files(turn: Turn) -> tuple[Turn, tuple[Outgoing, ...]]:
    """The turn without those of its files that are too large for every room, and what its founder
    is told of them: () if there are none."""
    services, message = turn.services, turn.message
    rooms: set[str | None] = {room.channel for room in services.bindings}
    find = services.find_file_limit_megabytes
    limits = {
        file: [find((file,), message.channel, room) for room in rooms or {None}]
        for file in message.files
    }
    refused = {file: known for file, known in limits.items() if None not in known}
    if not refused:
        return turn, ()
    most = max(limit for known in refused.values() for limit in known if limit is not None)
    text = render_phrase("founder.file_too_large", turn.conversation.language, most=most)
    kept = tuple(file for file in message.files if file not in refused)
    return replace(turn, message=replace(message, files=kept)), (
        Outgoing(turn.address, Content(text)),
    )


def append_notices(decision: Decision, notices: Sequence[Outgoing]) -> Decision:
    """The decision with further messages at its end."""
    return replace(decision, outgoing=(*decision.outgoing, *notices))
