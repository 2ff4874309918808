"""A founder's matter before there is a case: all that was sent of it, kept until a person gets it.
Its urgency and its seal are those of its gravest text: they are raised here, never lowered.

See docs/decisions/0060-everything-arrives-or-is-spoken-of.md and
docs/decisions/0079-a-talk-is-one-matter.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.wording import LIVELY_KINDS, list_enclosures, render_body
from bot.context import Turn
from bot.founder.reading.acts import Wish
from bot.founder.reading.triage import Triage, triage_message
from bot.founder.reading.troubles import tells_other_trouble
from bot.messages import Message
from bot.phrases import render_phrase
from bot.types import URGENCIES, URGENT, CaseMessage, Conversation, PendingQuestion
from knowledge.types import Exchange, Language

MATTER_TIME = timedelta(hours=24)  # between two messages; what comes later is another matter
GRAVE_MATTER_TIME = timedelta(days=7)  # the same for one that is sealed or urgent
MATTER_FILES = 20
MAX_REMEMBERED_TURNS = 6  # exchanges of a conversation
MATTER_CHARACTERS = 12_000  # of the earlier messages; the question itself is always whole
MATTER_TEXT_CHARACTERS = (
    2_000  # of a text that the question of a case repeats; longer ones stand below
)


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
    return _fit(replace(weigh_words(pending, part.text), before=(*pending.before, part)))


def add_words(pending: PendingQuestion, words: str) -> PendingQuestion:
    """The question with further words below it; words of another trouble than it tells are a
    question of their own."""
    if is_other_trouble(pending, words):
        return _set_aside(pending, weigh_words(PendingQuestion(words, pending.language), words))
    return replace(weigh_words(pending, words), question=f"{pending.question}\n{words}".strip())


def is_other_trouble(pending: PendingQuestion, words: str) -> bool:
    """Whether words tell another trouble than the grave one that the matter is."""
    texts = (*pending.earlier, pending.question, *(part.text for part in pending.before))
    return is_grave(pending) and tells_other_trouble(words, texts)


def _set_aside(earlier: PendingQuestion, latest: PendingQuestion) -> PendingQuestion:
    """The latest question as a trouble of its own; the earlier one waits for its own case."""
    return replace(latest, aside=(*earlier.aside, replace(earlier, aside=())))


def weigh_words(pending: PendingQuestion, words: str) -> PendingQuestion:
    """The question as urgent as the more urgent of it and `words`, and sealed if one must be."""
    triage = triage_message(words)
    urgency = max(pending.urgency, triage.urgency, key=URGENCIES.index)
    return replace(pending, urgency=urgency, sealed=pending.sealed or triage.suspect)


def heed_wish(conversation: Conversation, wish: Wish, now: datetime) -> PendingQuestion | None:
    """The matter as the founder's word on its secrecy or its urgency leaves it: such a word raises
    it at once, also one that comes before any question. None while there is no matter."""
    if wish not in ("seal", "urgent"):
        return conversation.pending
    pending = conversation.pending or PendingQuestion("", conversation.language, at=now)
    if wish == "seal":
        return replace(pending, sealed=True)
    return replace(pending, urgency=max(pending.urgency, "high", key=URGENCIES.index))


def find_gravest(pending: PendingQuestion) -> Triage:
    """What the matter reports, all its texts together, at least as urgent as it is kept."""
    texts = (*pending.earlier, pending.question, *(part.text for part in pending.before))
    triages = [triage_message(text) for text in texts]
    gravest = max(triages, key=lambda triage: URGENCIES.index(triage.urgency))
    urgency = max(pending.urgency, gravest.urgency, key=URGENCIES.index)
    suspect = any(triage.suspect for triage in triages)
    return replace(gravest, urgency=urgency, suspect=suspect)


def is_grave(pending: PendingQuestion) -> bool:
    """Whether the matter is sealed or urgent, so that whatever else is said belongs to it."""
    return pending.sealed or pending.urgency in URGENT


def is_matter_begun(pending: PendingQuestion | None, now: datetime) -> bool:
    """Whether a question came before, of a matter that is not over."""
    return pending is not None and bool(render_question(pending)) and not is_stale(pending, now)


def render_question(pending: PendingQuestion) -> str:
    """The matter in its founder's own words: the text it began with, then all others in order."""
    return "\n".join(text for text in (*pending.earlier, pending.question) if text)


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
    earlier: PendingQuestion | None,
    latest: PendingQuestion,
    exchanges: Sequence[Exchange],
    *,
    is_follow_up: bool = False,
) -> PendingQuestion:
    """The latest question with what the same matter had before: its texts, if it follows up on them
    or they are grave, files, and other texts that are in no exchange. A matter ends if nothing of it
    comes for its time."""
    if earlier is None or latest.at is None or is_stale(earlier, latest.at):
        return latest
    if is_other_trouble(earlier, latest.question):
        return _set_aside(earlier, latest)
    latest = replace(latest, aside=earlier.aside)
    before = _merge_parts(earlier.before, latest)
    left_out = max(earlier.left_out, latest.left_out)
    if is_follow_up or is_grave(earlier):
        return _fit(_join(earlier, replace(latest, before=before, left_out=left_out)))
    if triage_message(render_question(earlier)).suspect:  # what would be sealed stays by itself
        return latest
    if earlier.question == latest.question:
        files = tuple(dict.fromkeys((*earlier.files, *latest.files)))
        return _fit(
            replace(latest, files=files, before=before, left_out=left_out, earlier=earlier.earlier)
        )
    asked = {exchange.question for exchange in exchanges}
    texts = [text for text in (*earlier.earlier, earlier.question) if text not in asked]
    return _fit(_keep_before(earlier, replace(latest, before=before, left_out=left_out), texts))


def _join(earlier: PendingQuestion, latest: PendingQuestion) -> PendingQuestion:
    """The latest question as one more text of the same matter, as grave as that is."""
    texts = (*earlier.earlier, *latest.earlier, earlier.question)
    own = list(dict.fromkeys(text for text in texts if text and text != latest.question))
    joined = replace(
        latest,
        urgency=max(earlier.urgency, latest.urgency, key=URGENCIES.index),
        sealed=earlier.sealed or latest.sealed,
        earlier=tuple(text for text in own if len(text) <= MATTER_TEXT_CHARACTERS),
    )
    long = [text for text in own if len(text) > MATTER_TEXT_CHARACTERS]
    return _keep_before(earlier, joined, long)


def _keep_before(
    earlier: PendingQuestion, latest: PendingQuestion, texts: Sequence[str]
) -> PendingQuestion:
    """The latest question with `texts` and the files of the earlier one among what was sent before."""
    text = "\n".join(filter(None, texts))
    files = tuple(file for file in earlier.files if file not in latest.files)
    at = earlier.at or latest.at
    if not at or not (text or files):
        return latest
    asked = CaseMessage("founder", text, at, files=files)
    before = tuple(sorted((*latest.before, asked), key=lambda part: part.at))
    return replace(latest, before=before)


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


def is_stale(pending: PendingQuestion, now: datetime) -> bool:
    """Whether what comes now is another matter than the pending question's: nothing of it came for
    MATTER_TIME, or for GRAVE_MATTER_TIME if it is sealed or urgent."""
    times = [part.at for part in pending.before] + ([pending.at] if pending.at else [])
    limit = GRAVE_MATTER_TIME if is_grave(pending) else MATTER_TIME
    return bool(times) and now - max(times) > limit


def _fit(pending: PendingQuestion) -> PendingQuestion:
    """The matter within its bounds: the oldest messages go first, and are counted."""
    before, files, left_out = list(pending.before), pending.files, pending.left_out
    if len(files) > MATTER_FILES:
        left_out += len(files) - MATTER_FILES
        files = files[-MATTER_FILES:]
    while before and not _fits(before, len(files)):
        left_out += max(1, len(before.pop(0).files))
    earlier = list(pending.earlier)
    while len(earlier) > 1 and sum(map(len, earlier)) > MATTER_CHARACTERS:
        earlier.pop(1)  # the text that it began with says what it is about
        left_out += 1
    return replace(
        pending, before=tuple(before), files=files, left_out=left_out, earlier=tuple(earlier)
    )


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
