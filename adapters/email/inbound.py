"""Mails as inbox events and messages; pure, and safe for any shape."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from adapters.email.message_ids import MailPlace, find_own_id, name_thread
from adapters.email.reading.courtesies import adds_nothing, strip_courtesies
from adapters.email.reading.mail import MailRecord
from adapters.email.reading.quoting import cut_quote, cut_signature
from adapters.messaging.command_words import COMMAND_WORDS
from adapters.messaging.relevance import ODD_SHAPE_ERRORS, keep_relevant
from bot.messages import Account, File, Message, MessageKind
from bot.store import InboxEvent

CHANNEL = "email"
_COMMAND = re.compile(r"^/([A-Za-z_]+)(?=\s|$)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# What stands before the subject of an answer or of a forwarded mail.
_ANSWER_PREFIX = re.compile(
    r"^(?:\s*(?:re|fw|fwd|답장|회신|전달|trả lời|chuyển tiếp)\s*(?:\[\d+\])?\s*:\s*)+",
    re.IGNORECASE,
)


def build_event(record: MailRecord, pressed: str = "") -> InboxEvent:
    """The inbox row of a mail as `describe_mail` tells it. `pressed` is the key of the button that
    it chooses by its number or label. A mail is known by its Message-ID, however often it comes."""
    payload = json.dumps(record | {"pressed": pressed}, ensure_ascii=False)
    payload = payload.encode("utf-8", "replace").decode()  # half a character cannot be stored
    said = _peek_message(payload)
    event = InboxEvent(
        channel=CHANNEL,
        key=hashlib.sha256(str(record["id"]).encode("utf-8", "replace")).hexdigest()[:40],
        lane=said.conversation if said else f"{CHANNEL}:{record['from'] or 'none'}"[:200],
        place=(said.chat, said.thread) if said and not said.private else None,
        payload=payload,
        opens=said.chat if said else None,
        person=said.account if said else "",
    )
    return keep_relevant(event, parse_message)


def parse_message(payload: str) -> Message | None:
    """The message in a stored mail; None for one that no person wrote to Naru. Raises ValueError
    for a payload that is not JSON, KeyError for one that is no mail's."""
    record = json.loads(payload)
    if not record or record["automatic"]:
        return None
    place = find_place(record)
    text = read_words(record)
    files = tuple(_parse_file(record, file) for file in record["files"])
    kind, command, words = _classify(text, record.get("pressed", ""), bool(files))
    return Message(
        channel=CHANNEL,
        chat=place.room or record["from"],
        user=record["from"],
        id=record["id"],
        kind=kind,
        text=words,
        command=command,
        thread=place.thread,
        private=not place.room,
        files=files,
        user_name=record["sender_name"],
        is_unverified=not record["verified"],
        named=tuple(Account(one.lower()) for one in _ADDRESS.findall(words)) if command else (),
    )


def find_place(record: Mapping[str, Any]) -> MailPlace:
    """Where a mail stands: in the thread of Naru's mail that it answers, else in the sender's own,
    which begins with the first mail that it refers to."""
    references = list(record["references"])
    if own := find_own_id(references, record["own_domain"]):
        place = own[0]  # without a thread: a notice, whose answer begins one
        return place if place.thread else MailPlace("", name_thread(record["id"]))
    return MailPlace("", name_thread(references[-1] if references else record["id"]))


def read_words(record: Mapping[str, Any]) -> str:
    """What the sender wrote: of an answer to Naru only what is new, of any other mail all of it but
    for courtesies, with its subject before it where that says more."""
    text, subject = str(record["text"]), str(record["subject"])
    if find_own_id(record["references"], record["own_domain"]):
        return cut_signature(cut_quote(text))
    text = strip_courtesies(cut_signature(text))
    title = strip_prefix(subject)
    return text if text and adds_nothing(title, text) else f"{title}\n{text}".strip()


def strip_prefix(subject: str) -> str:
    """A subject without "Re:" and its likes."""
    return _ANSWER_PREFIX.sub("", subject).strip()


def _classify(text: str, pressed: str, has_files: bool) -> tuple[MessageKind, str, str]:
    """The kind of a mail, its command, and its text or what follows the command."""
    if pressed:
        return "button", "", pressed
    if match := _COMMAND.match(text):
        return "command", match[1].lower(), text[match.end() :].strip()
    if not text and not has_files:
        return "other", "", ""
    word = COMMAND_WORDS.get(text.strip(" .!").lower(), "") if not has_files else ""
    return "text", word, text


def _parse_file(record: Mapping[str, Any], file: Mapping[str, Any]) -> File:
    mime = str(file["mime"])
    kind = "photo" if mime in ("image/jpeg", "image/png") else "document"
    ref = f"{file['part']}:{record['id']}"
    return File(CHANNEL, ref, str(file["name"]), mime, int(file["size"]), kind)


def _peek_message(payload: str) -> Message | None:
    """The message of a stored mail; None also for what cannot be read."""
    try:
        return parse_message(payload)
    except ODD_SHAPE_ERRORS:
        return None
