"""Ids of processes that own rows, and whether such a process still runs."""

from __future__ import annotations

import os
import socket
import uuid


def make_owner_id() -> str:
    """A new id "host:pid:random", unique also between processes of equal host and pid."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_process_gone(owner: str, me: str) -> bool:
    """Whether the process with the id `owner` has ended; `me` is the caller's own id.

    False for processes of other machines (see `PresenceWatch` in peers.py) and for an owner that is
    no process.
    """
    host, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname() or owner == me or not number.isdecimal():
        return False
    pid = int(number)
    # In a container every Naru has the same pid: another id with ours is of an earlier start.
    return pid == os.getpid() or not _is_process_alive(pid)


def _is_process_alive(pid: int) -> bool:
    """Whether a process of this machine runs; works without /proc too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs as another user
        return True
    return True
