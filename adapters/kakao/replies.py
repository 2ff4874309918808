"""One reply to one request: what waits is taken, put into words, and confirmed once it was shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.kakao.outbound import (
    Occasion,
    SkillResponse,
    compose_reply,
    render_response,
    render_waiting,
)
from bot.delivery.handing_out import Handout
from bot.errors import BotError
from bot.phrases import render_phrase
from bot.store import OutboxRow
from knowledge.types import Language

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PreparedReply:
    """A reply, and the messages that are in it; they are confirmed or put back."""

    body: SkillResponse
    rows: Sequence[OutboxRow] = ()


@dataclass(frozen=True, slots=True)
class Replies:
    """Makes the replies of one chatbot. `list_ways` tells where else Naru can be asked, as
    addresses. Methods raise the database's errors."""

    handout: Handout
    list_ways: Callable[[], Sequence[str]]

    def find_language(self, chat: str, told: Language | None) -> Language:
        """The language of a chat: of its conversation, else the one that Kakao tells, else Korean."""
        return self.handout.find_language(chat) or told or "ko"

    def render_waiting(self, chat: str, told: Language | None) -> SkillResponse:
        """What is said at once where the reply follows by callback."""
        return render_waiting(self.find_language(chat, told))

    def render_line(self, phrase: str, chat: str, told: Language | None) -> SkillResponse:
        """A reply of one phrase, without messages."""
        return render_response([render_phrase(phrase, self.find_language(chat, told))])

    def render_busy(self, told: Language | None, now: datetime) -> SkillResponse:
        """The reply where there is no time to look for one; asks nothing of the database."""
        return compose_reply([], Occasion(told or "ko", now, is_busy=True)).body

    def render_not_kept(self, told: Language | None) -> SkillResponse:
        """The reply to what could not be committed; asks nothing of the database."""
        return render_response([render_phrase("kakaotalk.not_kept", told or "ko")])

    def prepare(
        self,
        chat: str,
        told: Language | None,
        asked_at: datetime,
        *,
        is_busy: bool,
        is_reading: bool,
    ) -> PreparedReply:
        """A reply with what waits for a chat, as much as one carries."""
        try:
            rows = self.handout.take(chat)
        except BotError:
            log.exception("what waits for a chat on KakaoTalk cannot be read")
            rows = []
        language = self.find_language(chat, told)
        news = {
            row.case
            for row in rows
            if row.case is not None and not self.handout.has_heard_of_case(chat, row.case)
        }
        occasion = Occasion(
            language,
            asked_at,
            is_busy=is_busy,
            is_reading=is_reading,
            explain_case=lambda case: self._explain_case(case, language) if case in news else "",
        )
        reply = compose_reply(rows, occasion)
        self.handout.put_back(rows[reply.shown :])
        return PreparedReply(reply.body, rows[: reply.shown])

    def confirm(self, reply: PreparedReply, message_id: str = "") -> None:
        """It was shown."""
        self.handout.confirm(reply.rows, message_id)

    def take_back(self, reply: PreparedReply, *, maybe_seen: bool) -> None:
        """It was not shown, or that is not known: its messages wait for the next request."""
        self.handout.put_back(reply.rows, maybe_seen=maybe_seen)

    def _explain_case(self, number: int, language: Language) -> str:
        """That a founder on KakaoTalk has to come back for replies, and where they need not."""
        text = render_phrase("kakaotalk.come_back", language)
        ways = ", ".join(self.list_ways())
        if not ways:
            return text
        return f"{text} {render_phrase('kakaotalk.other_ways', language, ways=ways, number=number)}"
