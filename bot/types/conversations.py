"""What is remembered of a founder between two messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.messages import Address, File
from bot.types.cases import CaseMessage, Urgency
from bot.types.places import Place
from knowledge.types import AnsweredQuestion, Exchange, Language, Offer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

EmbedText = Callable[
    [str], "npt.NDArray[np.float32] | None"
]  # the vector of a short text, if it can be had

# What the bot's last message asked for: nothing, a place, whether a person shall take over, or which
# of the sections that it offered, or whether the case may go to its mission.
Awaited = Literal["", "place", "person", "choice", "consent"]


@dataclass(frozen=True, slots=True)
class PendingQuestion:
    """A founder's matter before it is a case; `found` tells staff what the library had.

    `question`, its latest text, and `files` came in at `at`; `earlier` are the texts it began with,
    in order. `before` is what else was sent and is in no exchange, the oldest first; `left_out`
    counts what no longer fitted. `question` is "" where only files came so far. `urgency` and
    `sealed` are those of the gravest text so far. `aside` are grave matters that were told before
    and are another trouble: each becomes a case of its own together with this one."""

    question: str
    language: Language
    found: str = ""
    urgency: Urgency = "normal"
    sealed: bool = False
    files: tuple[File, ...] = ()
    before: tuple[CaseMessage, ...] = ()
    left_out: int = 0
    at: datetime | None = None
    earlier: tuple[str, ...] = ()
    aside: tuple[PendingQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedSections:
    """Sections that were offered for the question `asked`; buttons name them by `token`. `chosen` are
    the numbers (from 0) of those shown already; `own_words` of the founder asked, "" for another's."""

    token: str
    asked: PendingQuestion
    offers: tuple[Offer, ...]
    chosen: tuple[int, ...] = ()
    own_words: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that an admin sends for the library under `token`, those of one `album` one by one."""

    token: str
    files: tuple[File, ...] = ()
    album: str = ""


@dataclass(frozen=True, slots=True)
class NextWords:
    """Where the next message goes because its writer pressed a button: to a case, or to its rating."""

    goal: Literal["case", "rating"]
    case: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered of one person in one chat or thread between two messages.

    `private` says that they are alone with the bot there; `why` is the text for `/why`, `read_as`
    the act that their last message was read as; `offered` has the latest offers, `answered` the
    latest answers that were not confirmed yet, the oldest first;
    `asked_at` is when questions were looked up, `slowed_at` when the person was last asked to wait.
    `next_words` is where the next message goes; `tried_codes` is when codes were typed that are none.
    A place is `place_fixed` if they named or shared it on purpose; a case waits for one while
    `asking_place`.
    """

    key: str
    channel: str
    chat: str
    thread: str | None
    user: str
    language: Language
    fixed_language: bool = False
    greeted: bool = False
    place: Place | None = None
    asking_place: bool = False
    pending: PendingQuestion | None = None
    case: int | None = None
    turns: tuple[Exchange, ...] = ()
    why: str = ""
    upload: Upload | None = None
    offered: tuple[OfferedSections, ...] = ()
    answered: tuple[AnsweredQuestion, ...] = ()
    private: bool = False
    asked_at: tuple[datetime, ...] = ()
    slowed_at: datetime | None = None
    place_fixed: bool = False
    awaited: Awaited = ""
    read_as: str = ""
    next_words: NextWords | None = None
    tried_codes: tuple[datetime, ...] = ()
    version: int = 0

    @property
    def account(self) -> str:
        """Whose it is: "channel:user"."""
        return f"{self.channel}:{self.user}"

    @property
    def address(self) -> Address:
        """Where replies go; in a place with others they are read by all."""
        person = None if self.private else self.user
        return Address(self.channel, self.chat, self.thread, person=person)

    @property
    def personal_address(self) -> Address:
        """Where a message goes that no one else may read."""
        if self.private:
            return self.address
        return Address(self.channel, self.chat, self.thread, only_to=self.user)
