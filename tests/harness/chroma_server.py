"""A Chroma server on loopback for as long as a block runs."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

RUN_CHROMA = "from chromadb.cli.cli import app; app()"
PATIENCE_SECONDS = 60  # seconds; it starts in one


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """A server's address, and the number of its process."""

    url: str
    process: int


@contextmanager
def run_chroma_server(folder: Path) -> Iterator[str]:
    """Start a server that stores below `folder`; yields its address and ends it afterwards."""
    with open_chroma_server(folder) as server:
        yield server.url


@contextmanager
def open_chroma_server(folder: Path) -> Iterator[ChromaServer]:
    """As `run_chroma_server`, with the number of the process."""
    url = f"http://127.0.0.1:{(port := find_free_port())}"
    run = [sys.executable, "-c", RUN_CHROMA, "run", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "chroma.log").open("wb") as log:
        process = subprocess.Popen([*run, "--path", str(folder)], stdout=log, stderr=log)
    try:
        _wait_until_up(url, process)
        yield ChromaServer(url, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(f"{url}/api/v2/heartbeat", timeout=5):
                return
        except (URLError, OSError):
            assert process.poll() is None, "chroma run ended by itself"
            assert time.monotonic() < patience, "chroma run does not answer"
            time.sleep(0.05)
