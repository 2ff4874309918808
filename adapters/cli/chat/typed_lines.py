"""Lines typed at a terminal, while other things go on."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading


def read_lines() -> asyncio.Queue[str | None]:
    """A queue of the lines as they are typed, stripped; None at the end of the input. A thread reads
    them that no one waits for, because nothing wakes it at Ctrl+C."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop, stdin = asyncio.get_running_loop(), sys.stdin

    def put(line: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def listen() -> None:
        # a reader of its own: Python waits for that of sys.stdin when it ends
        with open(stdin.fileno(), encoding=stdin.encoding, closefd=False) as typed:
            for line in typed:
                put(line.strip())
        put(None)

    threading.Thread(target=listen, name="typed lines", daemon=True).start()
    return lines
