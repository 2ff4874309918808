"""Telling people of what waits for a room or a person, and beginning a lost thread again."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.admin.alerts import find_private_chat
from bot.cases.card import build_thread_opening
from bot.delivery.notices import (
    build_founder_notice,
    build_lost_notices,
    build_room_back_notice,
    build_room_notices,
    build_thread_notice,
    holds_founders_words,
    name_room,
)
from bot.delivery.splitting import split_messages
from bot.errors import UnknownCase
from bot.messages import ChannelLimits, Outgoing
from bot.missions.missions import Missions
from bot.store import OutboxRow, Store
from bot.store.holds import EDIT_LANE_SUFFIX, Hold
from bot.types import Case, CaseMessage, Conversation

log = logging.getLogger(__name__)

Notices = list[tuple[str, Outgoing]]


@dataclass(frozen=True, slots=True)
class WaitingReporter:
    """Tells of what waits. `admins` are "channel:user", told where no desk can be."""

    store: Store
    missions: Missions
    admins: Collection[str] = ()

    def report(self, now: datetime) -> None:
        """Tell, once each, the desk of a room that refuses, a founder of words that wait for it, and
        a case's thread of a founder who refuses or is shown messages only when they write. Raises
        the database's errors."""
        refusals = self.store.outbox.list_refusals()
        readers = self.store.outbox.list_reader_channels()
        rows = self.store.outbox.list_waiting(untold=True) if refusals or readers else []
        untold = [hold for hold in refusals if not hold.told]
        if not (rows or untold):
            return
        notices = [*self._tell_of_rooms(refusals), *self._tell_of_rows(rows, refusals),
                   *self._tell_of_readers(rows, readers)]  # fmt: skip
        self.store.outbox.mark_told(untold, rows, notices, now)

    def report_end(self, ended: Sequence[Hold], delivered: OutboxRow, now: datetime) -> None:
        """Tell those who were told of refusals that they have ended: `delivered` went out."""
        notices: Notices = []
        for hold in ended:
            if hold.kind == "room":
                bindings = self.store.list_bindings()
                notices += build_room_back_notice(hold, bindings, self.missions)
            elif delivered.case is not None:
                notices += self._tell_thread(delivered.case, hold, "person_back")
        if notices:
            self.store.outbox.mark_told((), (), notices, now)

    def _tell_of_rooms(self, refusals: Sequence[Hold]) -> Iterator[tuple[str, Outgoing]]:
        """The notices about rooms of which nothing has been said yet, and the line in the log."""
        bindings, known = self.store.list_bindings(), set[tuple[str, str]]()
        waiting = self.store.outbox.list_waiting()
        for hold in sorted(refusals, key=lambda hold: not hold.told):
            place, first = (hold.channel, hold.chat), (hold.channel, hold.chat) not in known
            if hold.lane.endswith(EDIT_LANE_SUFFIX):  # of a card, which blocks no words
                continue
            known.add(place)
            if hold.told or not first:
                continue
            if hold.kind == "person":
                log.warning(
                    "a person on %s refuses: %s; what is owed is kept", hold.channel, hold.reason
                )
                continue
            name = name_room(hold, bindings, self.missions, "en")
            log.warning("the room of %s refuses: %s; what is owed is kept", name, hold.reason)
            count = sum((row.channel, row.address.chat) == place for row in waiting)
            yield from build_room_notices(hold, count, bindings, self.missions, self._list_admins())

    def _tell_of_rows(
        self, rows: Sequence[OutboxRow], refusals: Sequence[Hold]
    ) -> Iterator[tuple[str, Outgoing]]:
        bindings, told = self.store.list_bindings(), set[int]()
        for row in rows:
            hold = next(
                (h for h in refusals if h.covers(row.channel, row.address.chat, row.lane)), None
            )
            if hold is None or row.case is None or row.case in told:
                continue
            if hold.kind == "person":
                told.add(row.case)
                yield from self._tell_thread(row.case, hold, "person_refused")
            elif holds_founders_words(row):
                told.add(row.case)
                case, founder = self._find_founder(row.case)
                if case and founder and (notice := build_founder_notice(
                    row, hold, case, founder, bindings, self.missions
                )):  # fmt: skip
                    yield notice

    def _tell_of_readers(
        self, rows: Sequence[OutboxRow], readers: Sequence[Hold]
    ) -> Iterator[tuple[str, Outgoing]]:
        """That what staff wrote is shown when its founder next writes."""
        for row in rows:
            hold = next((h for h in readers if h.channel == row.channel), None)
            if hold and row.case is not None and row.content.relayed:
                yield from self._tell_thread(row.case, hold, "reader_away")

    def _tell_thread(self, number: int, hold: Hold, phrase: str) -> Notices:
        threads = self.store.list_staff_threads(number)
        current = next((thread for thread in threads if thread.current), None)
        if current is None:
            return []
        return [build_thread_notice(hold, self.store.get_case(number), current, phrase)]

    def build_lost(self, owed: OutboxRow, error: Exception) -> Notices:
        """What is said, to the desk and to the founder, of a message that is given up."""
        case, founder = self._find_founder(owed.case)
        return build_lost_notices(owed, error, self.store.list_bindings(), case, founder)

    def _find_founder(self, number: int | None) -> tuple[Case | None, Conversation | None]:
        """A case and its founder's conversation; None for what is not known or was erased."""
        if number is None:
            return None, None
        try:
            case = self.store.get_case(number)
        except UnknownCase:
            return None, None
        return case, self.store.find_conversation(case.conversation)

    def _list_admins(self) -> list[Conversation]:
        chats = [find_private_chat(self.store.list_conversations(admin)) for admin in self.admins]
        return [chat for chat in chats if chat is not None]


def build_new_opening(
    store: Store, missions: Missions, owed: OutboxRow, limits: Mapping[str, ChannelLimits]
) -> Sequence[Outgoing]:
    """The opening of a new thread instead of the one that was deleted: card, record and files, but
    not the words that are still to be sent after it. () for a thread that is not known."""
    thread = store.find_thread_by_id(owed.address.staff_thread or "")
    if thread is None:
        return ()
    case = store.get_case(thread.case)
    unsent = store.outbox.list_lane(owed.lane)
    record = store.list_lines(case.number)
    said = [line for line in record if line.text == case.question or not _is_unsent(line, unsent)]
    opening = build_thread_opening(case, thread, missions, said)
    return split_messages(opening, limits)


def _is_unsent(line: CaseMessage, unsent: Sequence[OutboxRow]) -> bool:
    """Whether a line of the record is a founder's message that waits in the lane: whole, or one of
    the parts that it was split into."""
    if line.author != "founder":
        return False
    texts = [row.content.text for row in unsent if row.act == "send" and ":opening:" not in row.key]
    files = {file.ref for row in unsent if ":opening:" not in row.key for file in row.content.files}
    if line.files and files >= {file.ref for file in line.files}:
        return True
    return bool(line.text) and any(
        line.text in text or (len(text) > 20 and text[-20:] in line.text) for text in texts
    )
