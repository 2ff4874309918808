"""What one message carries on the founders' page, and how much one address may send."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.messages import ChannelLimits

# Files: the page takes none and shows none, so that it holds nothing that may harm who opens it.
WEB_LIMITS = ChannelLimits(text_utf16=8_000, caption_utf16=0, file_bytes=0)
WORDS_LIMIT_CHARACTERS = 4_000

SENDS_PER_SPAN, SPAN_SECONDS = 30, 600.0  # of one network address; an office shares one
ADDRESSES_WATCHED = 10_000  # the latest; beyond them the oldest is forgotten


@dataclass(slots=True)
class SendRate:
    """How often each network address sent something lately."""

    most: int = SENDS_PER_SPAN
    seconds: float = SPAN_SECONDS
    now: Callable[[], float] = time.monotonic
    _sent: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def take(self, address: str) -> bool:
        """Count one more; False if there were `most` within `seconds` already."""
        now = self.now()
        sent = self._sent.pop(address, deque(maxlen=self.most))
        while sent and sent[0] <= now - self.seconds:
            sent.popleft()
        is_free = len(sent) < self.most
        if is_free:
            sent.append(now)
        self._sent[address] = sent
        if len(self._sent) > ADDRESSES_WATCHED:
            self._sent.popitem(last=False)
        return is_free
