"""The shipped encoder in a process of its own, for a service that answers in several threads.

numpy gives Python's lock back in each of its thousand steps and then waits for it, so that one busy
thread made a question take seven to seventeen times as long. See
docs/decisions/0119-questions-are-encoded-in-a-process-of-their-own.md.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from knowledge.child_variables import select_variables
from knowledge.embedding.embedder import (
    KEPT_QUERIES,
    SHIPPED_MODEL,
    ShippedEmbedder,
    Vectors,
    hold_blas_to_one_thread,
)
from knowledge.errors import EmbedderMissing

log = logging.getLogger(__name__)

MAX_SECONDS = 20.0  # of one question, the start included; it takes 40 ms
_PROJECT_ROOT = str(Path(__file__).parents[2])
_CHILD_SCRIPT = """\
import sys
sys.path.insert(0, sys.argv[1])
from knowledge.embedding.embedder_process import serve_questions
serve_questions(int(sys.argv[2]))
"""


class EmbedderProcess:
    """A ShippedEmbedder whose questions are computed in a child process, which starts with the first
    and again after it ended. What the child cannot do, and passages, are computed here. Thread-safe; the
    child computes one question at a time, and ends with this process."""

    name = SHIPPED_MODEL

    def __init__(self) -> None:
        hold_blas_to_one_thread()  # the search multiplies here
        self._here = ShippedEmbedder()
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._embed_kept = lru_cache(KEPT_QUERIES)(self._embed_query)

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """As `Embedder.embed_passages`. Raises EmbedderMissing."""
        return self._here.embed_passages(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        """As `Embedder.embed_query`. Raises EmbedderMissing."""
        return self._embed_kept(text)

    def close(self) -> None:
        """End the child; a later question starts another."""
        with self._lock:
            self._end_child()

    def _embed_query(self, text: str) -> Vectors:
        with self._lock:
            try:
                self._child = self._child or _Child()
                return self._child.embed_query(text)
            except (OSError, EOFError) as error:
                log.warning("the encoder's process is replaced: %s", error or "it ended")
                self._end_child()
        return self._here.embed_query(text)

    def _end_child(self) -> None:
        if self._child:
            self._child.end()
        self._child = None


class _Child:
    """The child process. Raises OSError where it cannot be started."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        command = [sys.executable, "-P", "-c", _CHILD_SCRIPT, _PROJECT_ROOT, str(theirs.fileno())]
        self._process = subprocess.Popen(  # noqa: S603
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=select_variables(),
            cwd="/",
        )
        theirs.close()

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question. Raises EOFError where the child ended, OSError for one that
        hangs."""
        self._pipe.send_bytes(text.encode("utf-8", "surrogatepass"))
        if not self._pipe.poll(MAX_SECONDS):
            raise TimeoutError(f"it took longer than {MAX_SECONDS:g} seconds")
        vector: Vectors = np.frombuffer(self._pipe.recv_bytes(), np.float32)
        return vector  # of bytes, so that it cannot be written to: it is given to more than one

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._pipe.close()


def serve_questions(descriptor: int) -> None:
    """Write the vector of each question that comes through a pipe, until the parent closes it. What
    asks the parent to stop does not stop this, because the parent still answers. Ends without the model:
    the parent says why."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    pipe, embedder = Connection(descriptor), ShippedEmbedder()
    with suppress(EOFError, ConnectionError, EmbedderMissing):
        while True:
            text = pipe.recv_bytes().decode("utf-8", "surrogatepass")
            pipe.send_bytes(embedder.embed_query(text).tobytes())
