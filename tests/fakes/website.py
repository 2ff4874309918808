"""A web site on loopback that answers what a test wants, and misbehaves when it is told to."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Responder = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Website:
    """Pages by path. A page is its bytes, or what answers by hand."""

    pages: dict[str, bytes | Responder] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], float]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def take_requested_paths(self) -> list[str]:
        """What was asked for since the last look, without robots.txt."""
        found = [path for path, _, _ in self.requests if path != "/robots.txt"]
        self.requests.clear()
        return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Website = self.server.site  # type: ignore[attr-defined]
        site.requests.append((self.path, dict(self.headers), time.monotonic()))
        page = site.pages.get(self.path)
        if page is None:
            send_reply(self, 404, b"not here")
        elif callable(page):
            page(self)
        elif (etag := site.etags.get(self.path)) and self.headers.get("If-None-Match") == etag:
            send_reply(self, 304)
        else:
            send_reply(self, 200, page, **({"ETag": etag} if etag else {}))

    def log_message(self, *_: Any) -> None:
        """Silence."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what some tests are about."""


def send_reply(to: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """One whole answer; `Retry_After` names the header Retry-After."""
    to.send_response(status)
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    if "Content_Length" not in headers and status != 304:
        to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


def respond_with_status(number: int, body: bytes = b"", **headers: str) -> Responder:
    return lambda to: send_reply(to, number, body, **headers)


def respond_endlessly(head: bytes, piece: bytes, pause: float = 0.0) -> Responder:
    """A head, and then `piece` again and again until the other side has had enough."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            to.wfile.write(head)
            while True:
                to.wfile.write(piece)
                time.sleep(pause)

    return answer


@contextmanager
def run_website(*, tls: ssl.SSLContext | None = None, **pages: bytes) -> Iterator[Website]:
    """Serve; each keyword is the name of a page. With `tls` it speaks https."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    site = Website({f"/{name}": page for name, page in pages.items()}, port=server.server_port)
    server.site = site  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def find_closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
