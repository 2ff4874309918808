"""What one Slack message carries: words, files, messages that it forwards, and what cannot be fetched.

Shapes: https://docs.slack.dev/reference/objects/file-object for files and their `mode`,
https://docs.slack.dev/apis/slack-connect for files of other organisations (`check_file_info`).
Attachments of forwarded messages (`is_share`) are not documented; they are read as they come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.reading.blocks import Json, list_emoji, list_objects, read_blocks
from adapters.slack.reading.markup import SlackNames, read_mrkdwn
from bot.messages import Enclosure, File
from bot.phrases.directions import isolate_lines

# Of files: they lie somewhere else, were deleted or are hidden by the plan of the workspace.
_MODES_ELSEWHERE = ("external", "tombstone", "hidden_by_limit", "file_access", "quip", "list", "space", "post")  # fmt: skip
_ACCESS_REFUSED = ("check_file_info", "access_denied", "file_not_found")
_CANVAS_TYPES = ("quip", "canvas", "list", "space")
HIDDEN_AUTHOR = "?"


@dataclass(frozen=True, slots=True)
class SlackContent:
    """The words of a message with what it forwards, apart from the words of its sender: `own` are
    theirs alone, `forwarded_from` is the author where nothing in `text` is theirs."""

    text: str
    own: str = ""
    forwarded_from: str = ""
    files: tuple[File, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class _ForwardedMessage:
    author: str
    text: str


def read_content(message: Json, names: SlackNames, found_files: Mapping[str, Json]) -> SlackContent:
    """Everything that a message says and carries. `found_files` are files by id that were looked up
    because the message itself has only a stub of them."""
    names = SlackNames(names.people, names.channels, list_emoji(message.get("blocks")))
    own = read_words(message, names)
    shares = [one for one in list_objects(message.get("attachments")) if _is_shared(one)]
    shared = [_read_share(one, names) for one in shares]
    raw_files = [
        file for holder in (message, *shares) for file in list_objects(holder.get("files"))
    ]
    read = [_read_file(found_files.get(str(file.get("id")), file)) for file in raw_files]
    files = tuple(one for one in read if isinstance(one, File))
    enclosures = tuple(one for one in read if isinstance(one, Enclosure))
    if not (own or shared or read):
        enclosures = _describe_unsupported(message)
    if own or not shared:
        quotes = [_quote_share(one) for one in shared]
        return SlackContent("\n".join([own, *quotes]).strip(), own, "", files, enclosures)
    authors = ", ".join(dict.fromkeys(one.author for one in shared))
    texts = [one.text if len(shared) == 1 else f"{one.author}:\n{one.text}" for one in shared]
    return SlackContent("\n\n".join(texts), "", authors, files, enclosures)


def read_words(message: Json, names: SlackNames) -> str:
    """What the sender of a message wrote: its text, or that of its blocks where it has none."""
    text = message.get("text")
    words = read_mrkdwn(text, names) if isinstance(text, str) else ""
    return words or read_blocks(message.get("blocks"), names)


def _is_shared(attachment: Json) -> bool:
    """Whether it is somebody's message; other attachments are previews of what the text links to."""
    return bool(attachment.get("is_share") or attachment.get("is_msg_unfurl"))


def _read_share(attachment: Json, names: SlackNames) -> _ForwardedMessage:
    author = str(
        attachment.get("author_name")
        or names.people.get(str(attachment.get("author_id")))
        or attachment.get("author_subname")
        or HIDDEN_AUTHOR
    )
    kept = [one.get("message") or {} for one in list_objects(attachment.get("message_blocks"))]
    blocks = [block for one in kept for block in list_objects(one.get("blocks"))]
    inner = SlackNames(names.people, names.channels, list_emoji(blocks))
    text = read_words({"text": attachment.get("text"), "blocks": blocks}, inner)
    if not text and not attachment.get("files"):
        text = str(attachment.get("title") or attachment.get("fallback") or "")
    return _ForwardedMessage(isolate_lines(author), text)


def _quote_share(shared: _ForwardedMessage) -> str:
    """A forwarded message below its sender's own words."""
    lines = f"{shared.author}: {shared.text}".strip().splitlines()
    return "\n".join(f"> {line}" for line in lines)


def _read_file(raw: Json) -> File | Enclosure:
    """A file that Slack hands out, or what is known of another."""
    address = str(raw.get("url_private_download") or raw.get("url_private") or "")
    if not address or _lies_elsewhere(raw):
        name = str(raw.get("title") or raw.get("name") or "")
        where = raw.get("external_url") or raw.get("permalink") or raw.get("url_private") or ""
        return Enclosure("file_elsewhere", name, str(where))
    mime = str(raw.get("mimetype") or "application/octet-stream")
    size = raw.get("size")
    return File(
        channel="slack",
        ref=address,
        name=str(raw.get("name") or raw.get("title") or "file"),
        mime=mime,
        size=size if isinstance(size, int) else 0,
        kind="photo" if mime in ("image/jpeg", "image/png") else "document",
    )


def _lies_elsewhere(raw: Json) -> bool:
    return bool(
        raw.get("is_external")
        or raw.get("mode") in _MODES_ELSEWHERE
        or raw.get("file_access") in _ACCESS_REFUSED
        or raw.get("filetype") in _CANVAS_TYPES
    )


def _describe_unsupported(message: Json) -> tuple[Enclosure, ...]:
    """Slack's own word for what a message consists of, if not of words; () for an empty one."""
    kinds: list[Any] = [one.get("type") for one in list_objects(message.get("blocks"))]
    attachments = list_objects(message.get("attachments"))
    kinds += [one.get("title") or one.get("fallback") or "attachment" for one in attachments]
    return (Enclosure("unsupported", str(kinds[0])),) if kinds and kinds[0] else ()
