"""Everything that one message leads to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import (
    LibraryTask,
    Message,
    Outgoing,
    Timer,
)
from bot.types import (
    Binding,
    Block,
    BodyHours,
    Case,
    CaseMessage,
    Consent,
    ConsoleNotice,
    Conversation,
    DeskAnswer,
    FaqDraft,
    FounderRecord,
    Insight,
    LogEntry,
    LoggedAnswer,
    Minutes,
    SeatRules,
    StaffMember,
    StaffThread,
    UnadmittedWriter,
    WrongAnswer,
)
from knowledge.phrases.phrase import SectionChoice
from knowledge.types import Answer


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that one message leads to, committed in one transaction or not at all. That fails
    with Conflict if the case or conversation in it has a newer `version` in the store, or if a
    record has another length than in `lines_seen` (case number, lines). `to_acknowledge` is a
    message to mark as passed on (by a reaction); `audit` is who did what; `new_lines` are (case
    number, line). `new_asides` are opened together with `new_case`: other troubles of its founder.
    `more_cases` are changed with `case`, and `log` has every step of them all.
    `forget_message`: it was not for Naru, so nothing of it is kept. Nothing that is
    still owed to `retired_threads` is sent. `removed_bindings` are missions. `erase_account` is
    whose records are erased, "channel:user", `unblock` whose messages are read again. `choice` is
    kept for the review of phrases. `drafted_insight` is the number of one that is in a draft for the
    library from now on. `notice` is for whom the message came from by the console. `answer` is
    the library's where the reply is made of it; nothing of it is committed but what is `logged` for
    the console. `wrong_answer` is what staff say of one that was logged."""

    conversation: Conversation | None = None
    new_case: Case | None = None
    new_asides: tuple[Case, ...] = ()
    case: Case | None = None
    more_cases: tuple[Case, ...] = ()
    log: tuple[LogEntry, ...] = ()
    new_lines: tuple[tuple[int, CaseMessage], ...] = ()
    new_threads: tuple[StaffThread, ...] = ()
    retired_threads: tuple[str, ...] = ()
    lines_seen: tuple[tuple[int, int], ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    timers: tuple[Timer, ...] = ()
    overtaken: tuple[str, ...] = ()
    task: LibraryTask | None = None
    new_binding: Binding | None = None
    removed_bindings: tuple[str, ...] = ()
    new_staff: tuple[StaffMember, ...] = ()
    new_unadmitted: UnadmittedWriter | None = None
    new_seats: tuple[SeatRules, ...] = ()
    new_hours: BodyHours | None = None
    minutes: Minutes | None = None
    consents: tuple[Consent, ...] = ()
    new_block: Block | None = None
    unblock: str = ""
    new_insight: Insight | None = None
    desk_answer: DeskAnswer | None = None
    drafted_insight: int | None = None
    founder_records: tuple[FounderRecord, ...] = ()
    faq: FaqDraft | None = None
    erase_account: str | None = None
    audit: tuple[str, str] | None = None
    notice: ConsoleNotice | None = None
    choice: SectionChoice | None = None
    answer: Answer | None = None
    logged: LoggedAnswer | None = None
    wrong_answer: WrongAnswer | None = None
    to_acknowledge: Message | None = None
    forget_message: bool = False
