"""The records of messengers: Message, File, Enclosure, Content, Button, Address, Outgoing, Timer,
LibraryTask."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from knowledge.types import Language

# Of a text, or of several quick ones together, that language, place, urgency and topic are read from.
READ_CHARACTERS, READ_END_CHARACTERS = 3_000, 1_000
EMPTY_PAYLOAD = "{}"  # of an event of which nothing but its key is kept


def join_key(channel: str, chat: str, thread: str | None, person: str | None) -> str:
    """The key of a conversation or lane. `person` is None in a private chat, which is one's own."""
    return ":".join(part for part in (channel, chat, thread, person) if part)


def select_words(text: str) -> str:
    """What is read of a text to understand it: what decides stands at its beginning or its end."""
    text = text.strip()
    if len(text) <= READ_CHARACTERS:
        return text
    return f"{text[: READ_CHARACTERS - READ_END_CHARACTERS]}\n{text[1 - READ_END_CHARACTERS :]}"


MessageKind = Literal["text", "command", "button", "location", "edit", "deleted", "other"]


@dataclass(frozen=True, slots=True)
class File:
    """A file that a messenger stores: `ref` identifies it there, `size` is in bytes."""

    channel: str
    ref: str
    name: str
    mime: str
    size: int
    kind: str = "document"


EnclosureKind = Literal[
    "location",
    "venue",
    "contact",
    "sticker",
    "poll",
    "game",
    "story",
    "file_elsewhere",
    "unsupported",
]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What a message carries that is neither words nor a file that can be fetched.

    `title` and `detail` are the platform's facts, "" where it gives none: of a location "" and
    "latitude, longitude"; of a venue its name and address; of a contact name and number; of a
    sticker its emoji; of a poll its question and its options, one a line; of a game (also a die)
    its title or emoji and the value thrown; of a story whose it is; of a file that lies elsewhere
    its name and address; of what is unsupported the platform's own word for it."""

    kind: EnclosureKind
    title: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ChannelLimits:
    """What one message of a messenger carries: text and a file's caption in UTF-16 code units,
    one file in bytes. `only_to` says that it can show a message to one person among others."""

    text_utf16: int
    caption_utf16: int
    file_bytes: int
    only_to: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """An account of `channel`, "" for the messenger that was asked: its id and the name it shows, ""
    where that is not known. `is_outsider`: it is a guest or belongs to another organisation."""

    user: str
    name: str = ""
    is_outsider: bool = False
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person did in one messenger, parsed from the platform's raw event.

    `chat` and `thread` are the platform's ids; `private` says that the chat is one person's with
    the bot, `addressed` that it was written to Naru (always in a private chat), `has_threads` that
    each case can have a thread of its own there; `text` holds a command's arguments, a button's
    key or a caption; a text has a `command` if its words would be one in a place where all is
    written to Naru. `order` sorts messages of one conversation where the platform may deliver
    them out of order; `album` is shared by messages that were sent together, a file in each, and
    `album_text` has the words of the whole album, also of parts that were handled before.

    `enclosures` are what it carries that is neither words nor files. `forwarded_from` is the author
    (or the channel) of words that its sender only forwarded, "?" where the platform hides the
    author; `quoted` is the text that it answers, and `quoted_author` who wrote that ("" for Naru).

    Facts about the place: `chat_type` is the platform's own word for it, `in_reply_thread` says
    that the thread hangs below one message (it is no topic that everybody uses), `unseen` that
    no one else there saw what was written (a slash command).

    Facts about the sender: `sender_chat` is the chat in whose name it was written, where no person
    shows (an anonymous administrator), `user_name` the name that is shown ("" where the event has
    none), `is_external` says that they belong to another organisation, `is_unverified` that anybody
    may have written in their name: such a message counts as no staff member's and no admin's.
    `named` are the people that the message mentions or replies to. `from_console`: written in the
    staff console; `thread` is the case's number then, `read_line` the last line its writer had read.

    `is_edited` says that it is a later state of a message; `earlier` is what that was, if known.
    """

    channel: str
    chat: str
    user: str
    id: str
    kind: MessageKind
    text: str = ""
    command: str = ""
    thread: str | None = None
    private: bool = True
    addressed: bool = True
    has_threads: bool = True
    files: tuple[File, ...] = ()
    location: tuple[float, float] | None = None
    quoted: str = ""
    quoted_author: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    forwarded_from: str = ""
    locale: Language | None = None
    order: str = ""
    album: str = ""
    album_text: str = ""
    chat_type: str = ""
    in_reply_thread: bool = False
    unseen: bool = False
    sender_chat: str = ""
    user_name: str = ""
    is_external: bool = False
    is_unverified: bool = False
    named: tuple[Account, ...] = ()
    from_console: bool = False
    read_line: int = 0
    is_edited: bool = False
    earlier: Message | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether no person shows as the sender."""
        return bool(self.sender_chat)

    @property
    def words(self) -> str:
        """What is read of the text to understand it. The text itself is stored and passed on
        whole."""
        return select_words(self.text)

    @property
    def conversation(self) -> str:
        """The key of the conversation, also its lane: a private chat or a thread of it; anywhere
        else the sender is part of it, because a conversation belongs to one person."""
        return join_key(self.channel, self.chat, self.thread, None if self.private else self.user)

    @property
    def account(self) -> str:
        """Who wrote: "channel:user"."""
        return f"{self.channel}:{self.user}"

    def token(self, *parts: str) -> str:
        """Eight hex digits that name what the message leads to, the same at every retry."""
        identity = ":".join((self.conversation, self.id, *parts))
        return hashlib.sha256(identity.encode()).hexdigest()[:8]


ButtonStyle = Literal["", "primary", "danger"]  # what is likeliest wanted; what cannot be undone


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message; `key` (see bot/buttons) comes back when it is pressed. One that
    is `private` leads to the private chat, where the key comes back as what `/start` was given.
    Two buttons that differ in `style` only are the same choice."""

    key: str
    label: str
    private: bool = False
    style: ButtonStyle = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says in any messenger: plain text, and `details` that can be folded away.
    `mentions` are the ids of people whom the messenger is to call, where it can; `buttons` are rows; `protect` asks the messenger to forbid forwarding; `ask_location` is the
    label of a button that shares the founder's location. `headings` are the lines of the text that
    stand out, and labels that lines begin with, up to their colon; `relayed` says that the text has
    a person's words, which no messenger changes."""

    text: str
    details: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    protect: bool = False
    ask_location: str = ""
    mentions: tuple[str, ...] = ()
    headings: tuple[str, ...] = field(default=(), compare=False)
    relayed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a conversation's chat, a chat, or the staff thread of that id. A
    person's id as `chat` stands for their private chat.

    In a place with others, `person` is whom it answers and `only_to` who alone may read it.
    """

    channel: str
    chat: str
    thread: str | None = None
    staff_thread: str | None = None
    person: str | None = None
    only_to: str | None = None

    @property
    def lane(self) -> str:
        """Messages of one lane are sent in order, different lanes in parallel."""
        if self.staff_thread is not None:
            return f"staff:{self.staff_thread}"
        return join_key(self.channel, self.chat, self.thread, self.only_to or self.person)


OutgoingAct = Literal["send", "card", "recard", "close", "reopen"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent. It is dropped if staff take the case `unless_taken` before that.
    `act` is "card" for the first message of a staff thread, "recard" for its edit, "close" and
    "reopen" for the thread itself. `case` is the number of the case it belongs to. `is_receipt`: it
    tells the founder that the message to staff before it was passed on, so it waits for that. `is_report`:
    it tells staff of the message to the founder before it, and follows the fate of that. `forget_sent`:
    nothing of it is kept once it went out, because it is the last word to somebody erased.
    `opens_seal`: an officer reads a sealed case by it, which is audited in the same transaction."""

    to: Address
    content: Content
    act: OutgoingAct = "send"
    case: int | None = None
    unless_taken: int | None = None
    is_receipt: bool = False
    is_report: bool = False
    forget_sent: bool = False
    opens_seal: bool = False


@dataclass(frozen=True, slots=True)
class Timer:
    """A conversation to look at again at `at`, stored as an inbox row under `key`."""

    key: str
    conversation: str
    at: datetime


LibraryTaskAct = Literal["plan", "apply", "discard", "rollback", "faq"]


@dataclass(frozen=True, slots=True)
class LibraryTask:
    """What an admin asked of the library, stored as an inbox row because it takes long.
    `who` is "channel:user"; `mark` names the plan that was shown, `edition` the one to roll back
    to, `base` the active one at that time; it starts after `wait` seconds. "faq" brings in what was
    approved of drafts, and takes out what was withdrawn; `also_to` is the thread of the case, where the
    body is told of it as well."""

    act: LibraryTaskAct
    who: str
    to: Address
    language: Language
    token: str = ""
    files: tuple[File, ...] = ()
    url: str = ""
    mark: str = ""
    edition: int = 0
    base: int = 0
    wait: float = 0.0
    also_to: Address | None = None
