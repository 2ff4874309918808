"""What opens the staff console with `naru serve`: given from outside, because its pages use what is here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from adapters.messaging.messenger import CommitEvents
from adapters.serve.monitoring.monitor import Monitor

if TYPE_CHECKING:
    from adapters.bootstrap import App

Stop = Callable[[], Awaitable[None]]
StartConsole = Callable[["App", CommitEvents, Monitor], Awaitable[Stop]]


async def start_nothing(_app: App, _commit: CommitEvents, _monitor: Monitor) -> Stop:
    """No console; returns what stops nothing."""

    async def stop() -> None:
        pass

    return stop
