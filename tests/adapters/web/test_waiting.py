"""How many pages wait for their answer at the same time."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from adapters.web.site import MOST_WAITING, AskSite


class BusyLines:
    """Conversations that are never answered; `asked` are those that were looked at."""

    def __init__(self) -> None:
        self.web_lines = self
        self.asked: set[str] = set()

    def is_busy(self, chat: str) -> bool:
        self.asked.add(chat)
        return True


def test_not_more_pages_look_for_an_answer_than_the_others_can_bear() -> None:
    busy: Any = BusyLines()

    async def commit(_: object) -> int:
        return 0

    async def wait() -> None:
        site = AskSite(busy, datetime.now, commit, 30, answer_seconds=0.3)
        chats = map(str, range(MOST_WAITING + 50))
        await asyncio.gather(*(site._await_answer(chat) for chat in chats))
        assert not site.waits.locked()

    asyncio.run(wait())
    assert len(busy.asked) == MOST_WAITING
