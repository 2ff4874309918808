"""The Message-IDs of Naru's own mails: each names its thread, so that a reply finds its way back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

THREAD_LIMIT_CHARACTERS = 78  # of a thread's id in the store
CASE_PREFIX = "case-"  # of the thread of a case in a staff room
_LONG_PREFIX = "long."
_OWN = re.compile(r"naru\.([A-Za-z0-9_-]+)\.([0-9a-f]{16})@(.+)")


@dataclass(frozen=True, slots=True)
class MailPlace:
    """Where a mail of Naru's stands: in `thread` of a staff room, or with `room` "" in the thread
    of a person's own mails."""

    room: str
    thread: str


def write_message_id(place: MailPlace, key: str, domain: str) -> str:
    """The Message-ID, without its brackets, of the mail with this key of the outbox: the same at
    every try."""
    packed = base64.urlsafe_b64encode(f"{place.room}\n{place.thread}".encode())
    return f"naru.{packed.decode().rstrip('=')}.{digest_key(key)}@{domain}"


def is_known_root(thread: str) -> bool:
    """Whether the id of a person's thread is the Message-ID of its first mail."""
    return bool(thread) and not thread.startswith((CASE_PREFIX, _LONG_PREFIX))


def digest_key(key: str) -> str:
    """Sixteen hex digits that name a mail of the outbox."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def find_own_id(ids: Iterable[str], domain: str) -> tuple[MailPlace, str] | None:
    """The first of `ids` that is one of Naru's: its place, and the digest of its key."""
    for one in ids:
        match = _OWN.fullmatch(one)
        if match is None or match[3].lower() != domain.lower():
            continue
        packed = match[1]
        try:
            text = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
        room, separator, thread = text.partition("\n")
        if separator:
            return MailPlace(room, thread), match[2]
    return None


def name_thread(root: str) -> str:
    """The id of a person's thread that begins with the mail `root`: its Message-ID, or a digest of
    one that is too long to be stored or looks like a thread of ours."""
    if len(root) <= THREAD_LIMIT_CHARACTERS and not root.startswith((CASE_PREFIX, _LONG_PREFIX)):
        return root
    return f"{_LONG_PREFIX}{hashlib.sha256(root.encode()).hexdigest()[:40]}"
