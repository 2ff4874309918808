"""Child processes that read files: one is reused until it dies or is too slow, then replaced.

See docs/decisions/0018-parse-files-in-a-reused-child-process.md.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from threading import Timer
from typing import Any

import ingest
from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.remarks import Remark

_PROJECT_ROOT = str(Path(ingest.__file__).parents[1])
_CHILD_SCRIPT = """\
import sys
sys.path.insert(0, sys.argv[1])
from ingest.formats.child import serve_requests
serve_requests(int(sys.argv[2]))
"""
WORKER_MAX_FILES = 200  # then a worker retires, with the memory its libraries did not free
REPLY_MAX_BYTES = 8 * limits.MARKDOWN_MAX_CHARACTERS


class Worker:
    """One child process that reads one file at a time."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-P", "-c", _CHILD_SCRIPT, _PROJECT_ROOT, str(theirs.fileno())]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603
            command, pass_fds=[theirs.fileno()], stdin=quiet, stdout=quiet, stderr=quiet,
            start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self._is_late = False
        self._files_read = 0

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        """Whether the child is alive and can be given another file."""
        return (
            self._process.poll() is None
            and not self._is_late
            and self._files_read < WORKER_MAX_FILES
        )

    def send_request(
        self, request: Mapping[str, Any], data: bytes, max_seconds: float
    ) -> dict[str, Any]:
        """The child's reply about a file: {"markdown", "properties", "remarks"} or {"error"}.

        Raises Unreadable, naming the limit, if the child died or took longer than `max_seconds`.
        """
        self._files_read += 1
        timer = Timer(max_seconds, self._give_up)
        timer.start()
        try:
            self._pipe.send_bytes(json.dumps(request).encode())
            self._pipe.send_bytes(data)
            reply: dict[str, Any] = json.loads(self._pipe.recv_bytes(REPLY_MAX_BYTES))
        except (EOFError, OSError) as error:
            self.end()
            raise Unreadable.from_remark(self._describe_death(max_seconds)) from error
        finally:
            timer.cancel()
            timer.join()
        if reply.get("spoilt"):
            self.end()
        return reply

    def end(self) -> None:
        """Kill the child with the processes it started, and wait until it is gone."""
        if self._process.poll() is None:
            self._kill()
        self._process.wait()
        self._pipe.close()

    def _give_up(self) -> None:
        self._is_late = True
        self._kill()

    def _kill(self) -> None:
        """End the session that the child leads: tesseract may be running in it."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _describe_death(self, max_seconds: float) -> Remark:
        code = self._process.returncode
        if self._is_late or code == -signal.SIGXCPU:
            return Remark("too_slow", {"seconds": max_seconds})
        return Remark(
            "reader_died",
            {"code": code, "most": limits.format_megabytes(limits.READER_MEMORY_MAX_BYTES)},
        )


_idle_workers: list[Worker] = []


def read_in_child(
    request: Mapping[str, Any], data: bytes, max_seconds: float = limits.READER_MAX_SECONDS
) -> dict[str, Any]:
    """Read a file in a child process: its {"markdown", "properties", "remarks"}.

    `request` names the format as "kind" and what its reader needs to know. Concurrent threads
    use one child each. Raises Unreadable with the child's reason, or with the limit that the
    file exceeded.
    """
    worker = _take_idle_worker() or Worker()
    try:
        reply = worker.send_request(request, data, max_seconds)
    finally:
        if worker.is_usable:
            _idle_workers.append(worker)
        else:
            worker.end()
    if "error" in reply:
        raise Unreadable.from_remark(Remark.from_json(reply["error"]))
    return reply


def _take_idle_worker() -> Worker | None:
    while _idle_workers:
        worker = _idle_workers.pop()
        if worker.is_usable:
            return worker
        worker.end()
    return None


@atexit.register
def stop_idle_workers() -> None:
    """End the children that wait for a file."""
    while _idle_workers:
        _idle_workers.pop().end()
