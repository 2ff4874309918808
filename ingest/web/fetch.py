"""Fetching of web pages: politely, within limits, and never from our own network.

See docs/decisions/0026-fetch-with-httpcore2-and-own-network-backend.md.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from ingest.errors import NotFetched
from ingest.web.addresses import (
    IsAllowed,
    ResolveHost,
    is_public,
    normalise_address,
    read_host,
    resolve_allowed_host,
    resolve_host,
    resolve_link,
)
from ingest.web.response import HttpResponse, decode_content, raise_for_status
from ingest.web.robots import RobotsRules, read_robots

MAX_REDIRECTS = 5
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of one fetch: bytes received and unpacked, seconds for each step and in all, and
    seconds between two requests to one host."""

    max_bytes: int = 50 * 1024 * 1024
    step_seconds: float = 10.0
    total_seconds: float = 60.0
    pause_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A fetched page, with the validators to ask whether it has changed; "" if there are none.
    `sender` is the address on another host that sent it after a redirect, "" if it is `url`'s own."""

    url: str
    content: bytes
    etag: str = ""
    modified: str = ""
    sender: str = ""


class WebClient:
    """Fetches pages. Thread-safe: threads share one to keep the pause between requests to a host.

    `contact` is sent to the hosts; `allowed` and `resolve` are for tests, which use the loopback.
    """

    def __init__(
        self,
        contact: str = "",
        *,
        allowed: IsAllowed = is_public,
        resolve: ResolveHost = resolve_host,
        limits: FetchLimits | None = None,
    ) -> None:
        self.agent = f"Naru/0.1 ({contact})" if contact else "Naru/0.1"
        self._allowed = allowed
        self._resolve = resolve
        self._limits = limits or FetchLimits()
        self._rules: dict[str, RobotsRules] = {}
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str, etag: str = "", modified: str = "") -> FetchedPage | None:
        """The page at `url`; None if it has not changed since the one with `etag` and `modified`.

        Raises NotFetched, naming the address.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        asked = {name: value for name, value in known.items() if value}
        at, reply = self._request_page(normalise_address(url), asked, self._check_robots)
        if reply.status == 304 and asked:
            return None
        raise_for_status(url, reply)
        body = decode_content(url, reply, self._limits.max_bytes)
        if not body:
            raise NotFetched("page_empty", at=url)
        return FetchedPage(
            url,
            body,
            reply.headers.get("etag", ""),
            reply.headers.get("last-modified", ""),
            "" if read_host(at) == read_host(url) else at,
        )

    def _request_page(
        self, at: str, headers: Mapping[str, str], admitted: Callable[[str], float]
    ) -> tuple[str, HttpResponse]:
        """The last address and its reply, redirects followed; `admitted` returns the seconds between requests.

        Raises NotFetched.
        """
        backend = GuardedBackend(self._allowed, self._resolve, self._limits)
        with httpcore2.ConnectionPool(network_backend=backend) as pool:
            for _ in range(MAX_REDIRECTS + 1):
                backend.deadline += self._wait_for_host(urlsplit(at).netloc, admitted(at))
                reply = self._send_request(pool, at, headers)
                if reply.status not in REDIRECT_STATUSES or "location" not in reply.headers:
                    return at, reply
                at = _resolve_redirect(at, reply.headers["location"])
        raise NotFetched("redirects", at=at, most=MAX_REDIRECTS)

    def _send_request(
        self, pool: httpcore2.ConnectionPool, at: str, headers: Mapping[str, str]
    ) -> HttpResponse:
        ours = {"User-Agent": self.agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        step = dict.fromkeys(("connect", "read", "write", "pool"), self._limits.step_seconds)
        try:
            with pool.stream(
                "GET",
                at,
                headers=list((ours | dict(headers)).items()),
                extensions={"timeout": step},
            ) as response:
                fields = {name.decode("latin-1").lower(): value.decode("latin-1").strip()
                          for name, value in response.headers}  # fmt: skip
                is_redirect = response.status in REDIRECT_STATUSES
                body = b"" if is_redirect else b"".join(response.iter_stream())
        except NotFetched as error:
            raise NotFetched("about", at=at, why=error.remark) from error
        except httpcore2.TimeoutException as error:
            raise NotFetched("too_late", at=at) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            why = str(error) or type(error).__name__
            raise NotFetched("no_connection", at=at, why=why) from error
        return HttpResponse(response.status, fields, body)

    def _check_robots(self, at: str) -> float:
        """The seconds between requests to the host. Raises NotFetched if its robots.txt forbids `at`."""
        parts = urlsplit(at)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = self._rules.get(site)
        if rules is None or rules.is_stale():
            rules = read_robots(lambda: self._fetch_robots(f"{site}/robots.txt"))
            self._rules[site] = rules
        return max(self._limits.pause_seconds, rules.check_crawl_delay(at, self.agent))

    def _fetch_robots(self, at: str) -> str | None:
        """The robots.txt at an address; None if there is none. Raises NotFetched."""
        _, reply = self._request_page(at, {}, lambda _: self._limits.pause_seconds)
        if 400 <= reply.status < 500 and reply.status != 429:
            return None
        raise_for_status(at, reply)
        return decode_content(at, reply, self._limits.max_bytes).decode("utf-8", "replace")

    def _wait_for_host(self, host: str, pause: float) -> float:
        """Wait until a request to the host is due; the seconds waited."""
        with self._lock:
            now = time.monotonic()
            wait = max(0.0, self._free.get(host, 0.0) - now)
            self._free[host] = now + wait + pause
        time.sleep(wait)
        return wait


class GuardedBackend(httpcore2.NetworkBackend):
    """Network backend of one fetch: connects only to allowed IP addresses and enforces a deadline
    and a byte limit, also against a server that sends one byte at a time or never stops."""

    def __init__(self, allowed: IsAllowed, resolve: ResolveHost, limits: FetchLimits) -> None:
        self.deadline = time.monotonic() + limits.total_seconds
        self.left = self.most = limits.max_bytes
        self._allowed = allowed
        self._resolve = resolve
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first IP address that answers, without resolving the host again.

        Raises NotFetched for a host that is not allowed, ConnectError or ConnectTimeout if no
        address answers.
        """
        failed: Exception = httpcore2.ConnectError("it has no address")
        for address in resolve_allowed_host(host.strip("[]"), port, self._resolve, self._allowed):
            try:
                return _GuardedStream(self._sockets.connect_tcp(
                    address, port, self.limit_timeout(timeout), local_address, socket_options
                ), self)  # fmt: skip
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed

    def limit_timeout(self, timeout: float | None) -> float:
        """The seconds that one step may take: its own limit or what is left of the whole.

        Raises ReadTimeout if nothing is left.
        """
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole took too long")
        return min(left, timeout or left)

    def count_received(self, received: int) -> None:
        """Count received bytes. Raises NotFetched beyond the limit."""
        self.left -= received
        if self.left < 0:
            size = self.most // (1024 * 1024) or 1
            raise NotFetched("page_too_large", most=size)


class _GuardedStream(httpcore2.NetworkStream):
    """A connection within the limits of its backend."""

    def __init__(self, inner: httpcore2.NetworkStream, backend: GuardedBackend) -> None:
        self._inner = inner
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._backend.limit_timeout(timeout))
        self._backend.count_received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.limit_timeout(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        patience = self._backend.limit_timeout(timeout)
        return _GuardedStream(
            self._inner.start_tls(ssl_context, server_hostname, patience), self._backend
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _resolve_redirect(at: str, location: str) -> str:
    """The target of a redirect. Raises NotFetched for one from https to http."""
    to = resolve_link(at, location)
    if at.startswith("https:") and to.startswith("http:"):
        raise NotFetched("insecure", at=at, to=to)
    return to
