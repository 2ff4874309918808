"""From the waiting rows of one lane to its next message."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import TooEarly
from bot.messages import Message, MessageKind
from bot.store import InboxRow, Store
from bot.store.inbox import CLOCK_CHANNEL, LIBRARY_TASK_PREFIX

TRIES_TOGETHER = 2  # of messages that are joined; after that each is tried by itself

# Parses a platform's raw event; None for one that leads to nothing.
EventParser = Callable[[str], Message | None]

# Of messages that may be a later state of one that is known: a command or a sticker stays one.
CHANGED_KINDS: frozenset[MessageKind] = frozenset({"edit", "command", "deleted", "other"})
ALBUM_SETTLE_TIME = timedelta(milliseconds=700)  # without a further part, an album is complete
ALBUM_MEMORY = timedelta(hours=1)  # how long the words of an album hold for parts that come later


@dataclass(frozen=True, slots=True)
class LaneReader:
    """Parses rows of the inbox; `parser_for` gives a channel's parser of raw events, `now` the time
    that albums are waited for by."""

    store: Store
    parser_for: Callable[[str], EventParser]
    now: Callable[[], datetime]

    def sort_rows(self, rows: Sequence[InboxRow]) -> list[InboxRow]:
        """The rows in the order in which their messages were written; one without an `order`
        stays behind the row before it."""
        ordered: list[tuple[str, InboxRow]] = []
        for row in rows if len(rows) > 1 else ():
            message = self._peek_row(row)
            before = ordered[-1][0] if ordered else ""
            ordered.append((message.order if message and message.order else before, row))
        return [row for _, row in sorted(ordered, key=lambda pair: pair[0])] or list(rows)

    def read_message(self, rows: Sequence[InboxRow]) -> tuple[Sequence[InboxRow], Message | None]:
        """The next message of the rows of one lane, and the rows it is made of.

        Plain messages that a founder writes one right after another are joined into one: people
        split a question over several. The parts of an album are one message, whatever others wrote
        between them. Anything else stays alone. None for a row that holds no message, and one that
        failed before stays alone as well, so that it takes no other with it. An error of the
        channel's parser over the first row is raised as it is. Raises TooEarly while further parts
        of an album may come.

        An edit that changes nothing holds no message; a deletion has the words that it deletes.
        """
        first = self._parse_row(rows[0])
        if first and first.kind in CHANGED_KINDS:
            first = self._compare_with_before(first, rows[0])
        if first and _is_album_part(first):
            return self._read_album(first, rows)
        group, texts = [rows[0]], [first.text] if first else []
        for row in rows[1:]:
            following = self._peek_row(row)
            if not (first and following and _may_join(first, following)):
                break
            if self._is_in_case(first):
                break
            if max(rows[0].attempts, row.attempts) >= TRIES_TOGETHER:
                break
            group.append(row)
            texts.append(following.text)
        joined = replace(first, text="\n".join(texts)) if first and len(group) > 1 else first
        return group, joined

    def _compare_with_before(self, message: Message, row: InboxRow) -> Message | None:
        """The message, if it is new or says something else than it did before: Telegram tells of an
        edit also when it only added a preview. A deletion gets the words and files that are gone,
        an edit what was edited."""
        prefix = f"{message.chat}:{message.id}:"
        payload = self.store.inbox.find_earlier_payload(row, prefix)
        before = self._peek_row(replace(row, payload=payload)) if payload else None
        if before is None or before.id != message.id:
            return message
        if message.kind == "deleted":
            return replace(message, text=message.text or before.text, files=before.files)
        is_same = _list_contents(before) == _list_contents(message)
        return None if is_same else replace(message, earlier=before)

    def _read_album(
        self, first: Message, rows: Sequence[InboxRow]
    ) -> tuple[Sequence[InboxRow], Message]:
        """The album that begins with `first`: the rows of its parts, and one message with all of
        their words and files. It is a command if one part is."""
        parts = [(rows[0], first)]
        for row in rows[1:]:
            part = self._peek_row(row)
            if part and _is_album_part(part) and _name_album(part) == _name_album(first):
                parts.append((row, part))
        newest = max(row.received_at for row, _ in parts)
        if timedelta() <= self.now() - newest < ALBUM_SETTLE_TIME:
            raise TooEarly("parts of its album may still come")
        messages = [message for _, message in parts]
        lead = next((message for message in messages if message.kind == "command"), first)
        text = "\n".join(message.text for message in messages if message.text)
        whole = replace(
            lead,
            text=text,
            files=tuple(file for message in messages for file in message.files),
            album_text=text or self._find_album_text(first, rows[0]),
        )
        return [row for row, _ in parts], whole

    def _find_album_text(self, part: Message, row: InboxRow) -> str:
        """The words of those parts of an album that were handled before this one came; "" if
        there were none."""
        since = row.received_at - ALBUM_MEMORY
        for payload in self.store.inbox.list_done_payloads(row.channel, row.lane, since):
            earlier = self._peek_row(replace(row, payload=payload))
            if earlier and _name_album(earlier) == _name_album(part) and earlier.text:
                return earlier.text
        return ""

    def _is_in_case(self, message: Message) -> bool:
        """Whether the message is a case's, the founder's or staff's: those are relayed one by one."""
        conversation = self.store.find_conversation(message.conversation)
        thread = self.store.find_staff_thread(message.channel, message.chat, message.thread)
        return thread is not None or (conversation is not None and conversation.case is not None)

    def _parse_row(self, row: InboxRow) -> Message | None:
        """The message of a row; None for timers, library tasks and events that lead to nothing."""
        if row.channel == CLOCK_CHANNEL or row.channel.startswith(LIBRARY_TASK_PREFIX):
            return None
        message = self.parser_for(row.channel)(row.payload)
        return message and self._move_to_main_chat(message)

    def _peek_row(self, row: InboxRow) -> Message | None:
        """The message of a row that is not handled yet; None if it cannot be parsed, which is reported
        when its turn comes."""
        try:
            return self._parse_row(row)
        except Exception:
            return None

    def _move_to_main_chat(self, message: Message) -> Message:
        """A message in a thread of a private chat that has no conversation of its own belongs to
        the chat's main conversation if that one is in a case."""
        if not (message.private and message.thread):
            return message
        if self.store.find_conversation(message.conversation) is not None:
            return message
        main = self.store.find_conversation(f"{message.channel}:{message.chat}")
        return replace(message, thread=None) if main and main.case is not None else message


def _list_contents(message: Message) -> tuple[object, ...]:
    """What an edit can change of a message. A file's id may differ from event to event."""
    files = tuple((file.name, file.size, file.kind) for file in message.files)
    return message.text, message.command, files, message.enclosures, message.location


def _may_join(first: Message, following: Message) -> bool:
    """Whether two messages may be one thought: plain words of one person, both said to Naru."""
    to_naru = first.addressed and (following.addressed or following.in_reply_thread)
    same = (first.user, first.unseen) == (following.user, following.unseen)
    return same and to_naru and _is_plain_text(first) and _is_plain_text(following)


def _is_plain_text(message: Message) -> bool:
    own = not (message.forwarded_from or message.quoted or message.enclosures or message.command)
    own = own and not message.from_console
    return message.kind == "text" and bool(message.text) and own and not message.files


def compose_message(message: Message) -> Message:
    """The message in NFC: macOS and its file names write a Korean syllable as its letters."""
    return replace(
        message,
        text=_compose(message.text),
        quoted=_compose(message.quoted),
        quoted_author=_compose(message.quoted_author),
        forwarded_from=_compose(message.forwarded_from),
        enclosures=tuple(
            replace(one, title=_compose(one.title), detail=_compose(one.detail))
            for one in message.enclosures
        ),
        files=tuple(replace(file, name=_compose(file.name)) for file in message.files),
        earlier=message.earlier and compose_message(message.earlier),
    )


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _is_album_part(message: Message) -> bool:
    return bool(message.album) and message.kind in ("text", "command")


def _name_album(message: Message) -> tuple[str, str]:
    """An album of one person: two people's parts are never one message."""
    return message.album, message.user
