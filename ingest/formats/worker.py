"""Child processes that read files: one is reused until it dies or is too slow, then replaced.

See docs/decisions/0018-parse-files-in-a-reused-child-process.md.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from pathlib import Path
from threading import Timer
from typing import Any

import ingest
from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.remarks import Remark
from knowledge.child_variables import select_variables

log = logging.getLogger(__name__)

_PROJECT_ROOT = str(Path(ingest.__file__).parents[1])
_CHILD_SCRIPT = """\
import sys
sys.path.insert(0, sys.argv[1])
from ingest.formats.child import serve_requests
serve_requests(int(sys.argv[2]), sys.argv[3:])
"""
WORKER_MAX_FILES = 200  # then a worker retires, with the memory its libraries did not free
REPLY_MAX_BYTES = 8 * limits.MARKDOWN_MAX_CHARACTERS


class Worker:
    """One child process that reads one file at a time."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-P", "-c", _CHILD_SCRIPT, _PROJECT_ROOT, str(theirs.fileno())]
        environment = select_variables()
        if tesseract := shutil.which("tesseract"):
            command += [tesseract, os.path.realpath(tesseract)]
        if "TESSDATA_PREFIX" in environment:
            command.append(environment["TESSDATA_PREFIX"])
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603
            command, pass_fds=[theirs.fileno()], stdin=quiet, stdout=quiet, stderr=quiet,
            start_new_session=True, env=environment, cwd="/",
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
        with self._watch(max_seconds):
            self._send(request, data)
            reply: dict[str, Any] = json.loads(self._pipe.recv_bytes(REPLY_MAX_BYTES))
        if reply.get("spoilt"):
            self.end()
        return reply

    def stream_members(
        self, data: bytes, name: str, max_seconds: float
    ) -> Iterator[tuple[dict[str, Any], bytes, bytes]]:
        """The members of an archive as the child's replies, each with its bytes and side-car's.

        The last reply is {"end": True} or {"error"}. Raises Unreadable, naming the limit, if the
        child died or took longer than `max_seconds` for one member.
        """
        with self._watch(max_seconds):
            self._send({"kind": "members", "name": name}, data)
        while True:
            with self._watch(max_seconds):
                reply = json.loads(self._pipe.recv_bytes(REPLY_MAX_BYTES))
                is_member = "member" in reply
                content = self._pipe.recv_bytes(limits.FILE_MAX_BYTES) if is_member else b""
                sidecar = self._pipe.recv_bytes(REPLY_MAX_BYTES) if is_member else b""
            yield reply, content, sidecar
            if not is_member:
                return

    def _send(self, request: Mapping[str, Any], data: bytes) -> None:
        self._files_read += 1
        self._pipe.send_bytes(json.dumps(request).encode())
        self._pipe.send_bytes(data)

    @contextmanager
    def _watch(self, max_seconds: float) -> Iterator[None]:
        """Kill the child if what is waited for takes too long; say why it died."""
        timer = Timer(max_seconds, self._give_up)
        timer.start()
        try:
            yield
        except (EOFError, OSError) as error:
            self.end()
            raise Unreadable.from_remark(self._describe_death(max_seconds)) from error
        finally:
            timer.cancel()
            timer.join()

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
    """Read a file in a child process: its {"kind", "markdown", "properties", "remarks"}.

    `request` has the file's "name" and what its reader needs to know; "kind" names the format if
    it is known already. Concurrent threads
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
        raise _build_error(reply)
    return reply


def stream_in_child(
    data: bytes, name: str, max_seconds: float = limits.READER_MAX_SECONDS
) -> Iterator[tuple[dict[str, Any], bytes, bytes]]:
    """The members of an archive, unpacked in a child process: replies, bytes, side-cars' bytes.

    A reply is {"member", "remark"}; its remark is None for a member that can be read. There is
    none for a file that is not an archive. Raises Unreadable as `read_in_child` does.
    """
    worker = _take_idle_worker() or Worker()
    finished = False
    try:
        for reply, content, sidecar in worker.stream_members(data, name, max_seconds):
            if "error" in reply:
                finished = not reply.get("spoilt")
                raise _build_error(reply)
            if "member" not in reply:
                finished = True
                return
            yield reply, content, sidecar
    finally:
        if finished and worker.is_usable:
            _idle_workers.append(worker)
        else:
            worker.end()


def _build_error(reply: Mapping[str, Any]) -> Unreadable:
    """The refusal in a reply. What the reader raised is no sentence for an admin: it is logged, and a
    note of the error."""
    error = Unreadable.from_remark(Remark.from_json(reply["error"]))
    if raised := reply.get("raised"):
        log.warning("a file is not read: its reader raised %s", raised)
        error.add_note(raised)
    return error


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
