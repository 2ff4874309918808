"""What reads a damaged file, and whether what came of it is allowed."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from adapters.email.inbound import build_event, parse_message
from adapters.email.reading.mail import describe_mail
from ingest.document import archive
from ingest.document.parse import parse_file
from ingest.errors import NotFetched, Unreadable
from ingest.passages.split import split_passages
from ingest.web.feeds import parse_feed
from tests.adapters.email.mails import ACCOUNT

# Documented, but not of a file of a few kilobytes: its reader ran away with time or memory.
RUNAWAY_REMARKS = ("too_slow", "reader_died", "too_much_memory")
MAX_CPU_SECONDS = 10.0  # of a file of a few kilobytes in this process


class Runaway(Exception):
    """What read the file took more of the processor than a small file may."""


def read_document(kind: str, data: bytes) -> str:
    """A file as an ingest reads it, to its passages: "text", or the kind of the refusal."""
    try:
        parsed = parse_file(Path("damaged"), f"damaged.{kind}", data=data)
        if not split_passages(parsed):
            return "no passage"
        parsed.markdown.encode()
    except Unreadable as error:
        return _describe_refusal(error)
    return "text"


def read_archive(kind: str, data: bytes) -> str:
    """The members of an archive, each as a document. The last refusal, else "text"."""
    found = "text"
    try:
        for member in archive.read_members(data, f"damaged.{kind}"):
            if member.remark:
                found = f"member {member.remark.kind}"
            elif member.data:
                read_document(Path(member.name).suffix.removeprefix("."), member.data)
    except Unreadable as error:
        return _describe_refusal(error)
    return found


def read_mail(kind: str, data: bytes) -> str:
    """A mail as an event of the inbox and as a message."""
    event = build_event(describe_mail(data, ACCOUNT))
    event.payload.encode()
    return f"{kind}: message" if parse_message(event.payload) else f"{kind}: no message"


def read_feed(kind: str, data: bytes) -> str:
    """A feed's entries."""
    try:
        entries = parse_feed(data, "https://www.example.org/rss.xml")
    except NotFetched as error:
        return error.remark.kind
    for entry in entries:
        f"{entry.url} {entry.title}".encode()
    return f"{kind}: entries" if entries else f"{kind}: none"


def find_reader(kind: str) -> Callable[[str, bytes], str]:
    """The reader of a kind of seeds."""
    return {"zip": read_archive, "mail": read_mail, "feed": read_feed}.get(kind, read_document)


def try_file(kind: str, data: bytes) -> tuple[str, str, float]:
    """What came of a file, what is wrong with that ("" if nothing), and the seconds it took."""
    begun = time.perf_counter()
    try:
        with limit_cpu():
            result = find_reader(kind)(kind, data)
    except Exception as error:  # whatever is not documented is what is looked for
        result = wrong = f"{type(error).__name__}: {error}"[:200]
    else:
        wrong = result if result.startswith(RUNAWAY_REMARKS) else ""
    return result, wrong, time.perf_counter() - begun


@contextmanager
def limit_cpu() -> Iterator[None]:
    """Raise Runaway in the block when this process spends too long in it; only in the main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Runaway(f"more than {MAX_CPU_SECONDS:.0f} s of the processor")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _describe_refusal(error: Unreadable) -> str:
    kind = error.remark.kind
    if kind == "not_its_kind":  # named after what a reader raised
        return f"{kind} ({error.__notes__[0].split(':')[1].strip()})"
    return kind
