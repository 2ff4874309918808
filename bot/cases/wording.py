"""A message in the words in which the other side reads it: what was forwarded, what it encloses, what
it answers. See docs/decisions/0060-everything-arrives-or-is-spoken-of.md
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import QUOTE_MARK, shorten_text
from bot.messages import Enclosure, Message
from bot.phrases import render_phrase
from bot.phrases.directions import drop_marks, isolate_lines
from bot.types import CaseMessage
from knowledge.types import Language

HIDDEN_AUTHOR = "?"  # what `Message.forwarded_from` has where the platform hides the author
MIN_QUOTED_CHARACTERS = 4  # of a part of a line; less of it may stand in many lines
LIVELY_KINDS = frozenset({"sticker", "game"})  # of enclosures, that are no part of a question


def list_enclosures(message: Message) -> tuple[Enclosure, ...]:
    """What the message carries that is neither words nor files, also its location where no
    enclosure names that place."""
    named = any(one.kind in ("location", "venue") for one in message.enclosures)
    if message.location is None or named:
        return message.enclosures
    latitude, longitude = message.location
    return (*message.enclosures, Enclosure("location", detail=f"{latitude}, {longitude}"))


def can_be_passed_on(message: Message) -> bool:
    """Whether anything of the message can be passed on in words or as a file."""
    enclosed = any(one.kind != "unsupported" for one in list_enclosures(message))
    return bool(message.text or message.files or enclosed)


def has_unsupported(message: Message) -> bool:
    """Whether the message has something that cannot be passed on."""
    return any(one.kind == "unsupported" for one in message.enclosures)


def render_body(message: Message, language: Language) -> str:
    """The words of a message, and in words what it encloses; forwarded ones below their author.
    "" for files alone."""
    parts = [message.text, *(render_enclosure(one, language) for one in list_enclosures(message))]
    body = "\n".join(part for part in parts if part)
    if not message.forwarded_from:
        return body
    author = message.forwarded_from
    if author == HIDDEN_AUTHOR:
        author = render_phrase("founder.hidden_author", language)
    return render_phrase("founder.forwarded", language, author=author, text=body).strip()


def render_enclosure(enclosure: Enclosure, language: Language) -> str:
    """An enclosure in words: its kind, and the facts that the platform gives."""
    label = render_phrase(f"founder.enclosure_{enclosure.kind}", language)
    facts = " · ".join(filter(None, map(isolate_lines, (enclosure.title, enclosure.detail))))
    if enclosure.kind == "poll":
        options = (f"- {option}" for option in enclosure.detail.splitlines())
        facts = "\n".join(part for part in (enclosure.title, *options) if part)
    return f"{label} {facts}".strip()


def render_quote_for_staff(message: Message, record: Sequence[CaseMessage]) -> str:
    """The line above a founder's message that says what it answers: a line of the case's record by
    its author, anything else by the name that the platform gives. "" without a quote."""
    text, author = message.quoted, message.quoted_author
    if line := find_quoted_line(message.quoted, record):
        text = _choose_quoted(message.quoted, line)
        author = _name_author(line, STAFF_LANGUAGE, "staff.founder_name")
    return _render_quote(text, author)


def render_quote_for_founder(
    message: Message, record: Sequence[CaseMessage], language: Language
) -> str:
    """The line above a staff member's message that says what it answers, if that is something that
    the founder has written or been sent; "" else: what staff say among themselves stays there."""
    line = find_quoted_line(message.quoted, record)
    if line is None or line.author == "note":
        return ""
    author = _name_author(line, language, "founder.your_words")
    return _render_quote(_choose_quoted(message.quoted, line), author)


def was_passed_on(message: Message, record: Sequence[CaseMessage]) -> bool:
    """Whether the founder has been sent a staff message that is now deleted."""
    said = [line for line in record if line.author == "staff"]
    if not message.text.strip():
        return any(message.files and line.files == message.files for line in said)
    return any(message.text.strip() in line.text for line in said)


def find_quoted_line(quoted: str, record: Sequence[CaseMessage]) -> CaseMessage | None:
    """The line of a case's record that `quoted` shows: whole, below the head under which Naru
    passed it on, or a part of it; None if it shows none. Of several the newest counts."""
    wanted = _flatten(quoted)
    if not wanted:
        return None
    lines = [(line, _flatten(line.text)) for line in reversed(record)]
    for line, text in lines:
        if text and text == wanted:
            return line
    below = [(line, text) for line, text in lines if text and wanted.endswith(f" {text}")]
    if below:
        return max(below, key=lambda pair: len(pair[1]))[0]
    parts = (
        line for line, text in lines if len(wanted) >= MIN_QUOTED_CHARACTERS and wanted in text
    )
    return next(parts, None)


def _choose_quoted(quoted: str, line: CaseMessage) -> str:
    """The part of a line that was quoted; the whole line where Naru's head was quoted with it."""
    return quoted if _flatten(quoted) in _flatten(line.text) else line.text


def _name_author(line: CaseMessage, language: Language, founder: str) -> str:
    """Who wrote a line of the record; `founder` is the phrase for the founder."""
    if line.author == "founder":
        return render_phrase(founder, language)
    if line.author == "bot":
        return ""
    return render_phrase(f"staff.role_{line.role or 'staff'}", language)


def _render_quote(text: str, author: str) -> str:
    if not text:
        return ""
    text = isolate_lines(shorten_text(text))
    return f"> {isolate_lines(author)}: {text}\n" if author else f"> {text}\n"


def _flatten(text: str) -> str:
    """The text on one line, without the marks that Naru puts before and around lines."""
    return " ".join(drop_marks(text).replace(QUOTE_MARK.strip(), " ").split())
