"""Who holds a row that others must leave alone: a process, by its machine and number."""

from __future__ import annotations

import os
import socket
import uuid


def make_owner_id() -> str:
    """A name that no other holder has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_process_gone(owner: str, me: str) -> bool:
    """Whether a process of this machine is no more. Of others only their leases tell."""
    host, _, rest = owner.partition(":")
    pid = int(rest.partition(":")[0])
    if host != socket.gethostname() or owner == me:
        return False
    return pid == os.getpid() or not _is_process_alive(
        pid
    )  # in a container every Naru has the same number


def _is_process_alive(pid: int) -> bool:
    """Whether a process of this machine runs; also where there is no /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
