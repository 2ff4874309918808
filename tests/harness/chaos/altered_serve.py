"""`naru serve` with one thing altered: it kills itself at a point, its clock jumps, or a bug is planted.

`python -m tests.harness.chaos.altered_serve ALTERATION`, the JSON of an `Alteration`. Nothing of it
is in the product.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, false

from adapters.cli import main
from adapters.cli.commands import run as serve_command
from adapters.serve import service
from adapters.serve.preparation import Preparation
from adapters.serve.service import Service
from adapters.slack.channel import SlackChannel
from bot.delivery.sender import Sender
from bot.store import InboxEvent, OutboxRow, Store, inbox
from bot.store.inbox import Inbox
from bot.store.outbox import Outbox
from knowledge.database.leases import LeaseQueue

CONFIRM_AHEAD_SECONDS = 1.0  # by which the planted bug confirms before it commits

LONG_LEASE = timedelta(hours=4)

KILL_POINTS: dict[str, tuple[type[Any], str]] = {
    "receiving": (Inbox, "receive"),
    "claiming": (Inbox, "claim"),
    "deciding": (Store, "commit"),
    "sending": (Sender, "_dispatch"),
    "noting a send": (Outbox, "mark_sent"),
}


@dataclass(frozen=True, slots=True)
class Alteration:
    """`bug` is one of BUGS; `point` one of KILL_POINTS, at whose `call`-th call the process kills
    itself, before it or `after` it; `jump` the seconds that the clock jumps `jump_after` seconds.
    A message with `poison` in it fails whenever it is worked on. `lean`: the library is not opened,
    which takes most of a start, for trials in which nobody asks it. `host` is the machine that the process
    takes itself to be on: of one elsewhere no pid tells whether it runs. `endless_leases`: what a killed
    process held is never free by itself."""

    bug: str = ""
    point: str = ""
    call: int = 1
    after: bool = False
    jump: float = 0.0
    jump_after: float = 0.0
    poison: str = ""
    lean: bool = False
    host: str = ""
    endless_leases: bool = False

    def to_arguments(self) -> list[str]:
        """What starts such a process, after the interpreter."""
        return ["-m", "tests.harness.chaos.altered_serve", json.dumps(asdict(self))]


def apply_alteration(wanted: Alteration) -> None:
    """Alter this process."""
    if wanted.bug:
        BUGS[wanted.bug]()
    if wanted.point:
        _kill_at(wanted)
    if wanted.jump:
        _jump_clock(wanted.jump, wanted.jump_after)
    if wanted.poison:
        _poison(wanted.poison)
    if wanted.lean:
        _leave_library()
    if wanted.host:
        setattr(socket, "gethostname", lambda: wanted.host)  # noqa: B010
    if wanted.endless_leases:
        _lease_for_long()


def _kill_at(wanted: Alteration) -> None:
    where, name = KILL_POINTS[wanted.point]
    original, left = getattr(where, name), [wanted.call]

    def count_down(is_after: bool) -> None:
        if is_after == wanted.after:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def call(*given: Any, **named: Any) -> Any:
        count_down(is_after=False)
        result = original(*given, **named)
        count_down(is_after=True)
        return result

    async def call_async(*given: Any, **named: Any) -> Any:
        count_down(is_after=False)
        result = await original(*given, **named)
        count_down(is_after=True)
        return result

    is_async = asyncio.iscoroutinefunction(original)
    setattr(where, name, call_async if is_async else call)


def _jump_clock(seconds: float, after: float) -> None:
    jumps_at = time.monotonic() + after

    def now() -> datetime:
        shift = seconds if time.monotonic() >= jumps_at else 0.0
        return datetime.now(UTC) + timedelta(seconds=shift)

    setattr(serve_command, "make_clock", lambda _: now)  # noqa: B010


def _leave_library() -> None:
    async def check_nothing(*_: Any) -> None:
        await asyncio.Event().wait()

    setattr(Preparation, "start", lambda self: None)  # noqa: B010
    setattr(service, "check_library", check_nothing)  # noqa: B010


def _lease_for_long() -> None:
    for queue in (Inbox, Outbox):
        getattr(queue, "__init__").__kwdefaults__["lease"] = LONG_LEASE  # noqa: B009


def _poison(word: str) -> None:
    original = Store.commit

    def commit(self: Store, rows: Sequence[Any], *more: Any, **named: Any) -> None:
        if any(word in row.payload for row in rows):
            raise ValueError("a message that can never be worked on")
        original(self, rows, *more, **named)

    Store.commit = commit  # type: ignore[method-assign]


def _confirm_before_commit() -> None:
    original, tasks = Service._commit_events, set[asyncio.Task[int]]()

    async def commit(self: Service, events: Sequence[InboxEvent]) -> int:
        async def later() -> int:
            await asyncio.sleep(CONFIRM_AHEAD_SECONDS)
            return await original(self, events)

        tasks.add(asyncio.create_task(later()))
        return len(events)

    Service._commit_events = commit  # type: ignore[method-assign]


def _forget_keys() -> None:
    original = inbox._insert_event

    def insert(connection: Connection, event: InboxEvent, now: datetime) -> bool:
        fresh = f"#{uuid.uuid4().hex[:8]}"
        natural = event.natural_key and event.natural_key + fresh
        return original(connection, replace(event, key=event.key + fresh, natural_key=natural), now)

    inbox._insert_event = insert


def _send_blindly() -> None:
    async def find_nothing(self: SlackChannel, *_: Any) -> None:
        return None

    setattr(SlackChannel, "find_sent", find_nothing)  # noqa: B010


def _ignore_limits() -> None:
    original = Outbox.hold_limited_chat

    def hold(self: Outbox, owed: OutboxRow, until: datetime, now: datetime) -> None:
        original(self, owed, now, now)

    Outbox.hold_limited_chat = hold  # type: ignore[method-assign]


def _ignore_order() -> None:
    LeaseQueue._is_preceded = lambda self: false()  # type: ignore[method-assign]


BUGS: dict[str, Callable[[], None]] = {
    "confirm before commit": _confirm_before_commit,
    "no deduplication": _forget_keys,
    "blind resend": _send_blindly,
    "no wait after 429": _ignore_limits,
    "no order in a lane": _ignore_order,
}


def run_altered(altered: str) -> None:
    """`naru serve` with an alteration, given as JSON."""
    apply_alteration(Alteration(**json.loads(altered)))
    sys.argv = ["naru", "serve"]
    main()


if __name__ == "__main__":
    run_altered(sys.argv[1])
