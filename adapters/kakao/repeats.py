"""Names for requests that Kakao gives no name: a repeat within seconds has the name of the first."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable

REPEAT_SECONDS = 5.0  # as long as Kakao waits for a skill: after that the same words are new


class Repeats:
    """Remembers the requests of the last REPEAT_SECONDS; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._named: OrderedDict[bytes, tuple[float, str]] = OrderedDict()

    def name(self, body: bytes) -> str:
        """The name of a request, by what it says."""
        now = self._clock()
        while self._named and next(iter(self._named.values()))[0] < now - REPEAT_SECONDS:
            self._named.popitem(last=False)
        digest = hashlib.sha256(body).digest()
        _, name = self._named.setdefault(digest, (now, uuid.uuid4().hex))
        return name
