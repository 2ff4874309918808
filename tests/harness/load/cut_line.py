"""A line between a client and a server on loopback that can be cut and mended."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType

from tests.harness.running_app import find_free_port

CHUNK_BYTES = 65_536


class CutLine:
    """`with CutLine(port) as line:` – what comes to `line.port` goes on to `port`, which may be changed.
    While it is cut, connections end at once: a server that was killed. What is open when it falls silent,
    and what is opened until it is mended, stays open and brings nothing any more, either way: a laptop
    that slept, behind a router that has forgotten it."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, find_free_port()
        self.is_cut = self.is_silent = False
        self._silent: set[socket.socket] = set()
        self._open: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", self.port))

    def __enter__(self) -> CutLine:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """End all connections, and those to come."""
        self.is_cut = True
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        """Bring nothing any more over what is open."""
        self.is_silent = True
        self._silent |= self._open

    def mend(self) -> None:
        self.is_cut = self.is_silent = False

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.is_cut:
                return
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                self._open |= {client, server}
                if self.is_silent:
                    self._silent |= {client, server}
                back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
                back.start()
                self._pump(client, server)
                back.join()
                self._open -= {client, server}
                self._silent -= {client, server}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while not self.is_cut and (chunk := source.recv(CHUNK_BYTES)):
                if source not in self._silent:
                    sink.sendall(chunk)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
