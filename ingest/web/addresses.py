"""Which addresses Naru may fetch from: the public web's, never its own network's."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from ingest.errors import NotFetched

IpAddress = IPv4Address | IPv6Address
IsAllowed = Callable[[IpAddress], bool]
ResolveHost = Callable[[str, int], Sequence[str]]

ADDRESS_MAX_CHARACTERS = 2_000  # characters of an address
NAT64_NETWORK = IPv6Network("64:ff9b::/96")
_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\]")


def normalise_address(text: str) -> str:
    """`text` as it is asked for: http or https, a host, percent-encoded, without a fragment.

    Raises NotFetched for anything else, user names and passwords included.
    """
    if len(text) > ADDRESS_MAX_CHARACTERS or _FORBIDDEN_CHARACTERS.search(text):
        raise NotFetched("odd_address", at=repr(text[:80]))
    try:
        parts = urlsplit(text)
        host, port = _encode_host(parts.hostname or ""), parts.port
    except ValueError as error:
        raise NotFetched("wrong_address", at=text, why=str(error)) from error
    if parts.scheme not in ("http", "https") or not host:
        raise NotFetched("no_address", at=text)
    if "@" in parts.netloc:
        raise NotFetched("user_name", host=host)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?[]")
    return urlunsplit((parts.scheme, host if port is None else f"{host}:{port}", path, query, ""))


def resolve_link(at: str, link: str) -> str:
    """Where a link on the page at `at` leads. Raises NotFetched for what is no web address."""
    try:
        return normalise_address(urljoin(at, link))
    except ValueError as error:
        raise NotFetched("odd_link", at=at, to=repr(link[:80])) from error


def resolve_host(host: str, port: int) -> list[str]:
    """Every address of a host, in the order to try them. Raises NotFetched for an unknown one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("host_unknown", host=host) from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def resolve_allowed_host(
    host: str, port: int, resolve: ResolveHost, allowed: IsAllowed
) -> list[str]:
    """The addresses of a host, if Naru may connect to each of them: one that is our own among
    several public ones is a trap. Whoever connects must use these, and not resolve again."""
    found = resolve(host, port)
    if not found or not all(allowed(ip_address(one.partition("%")[0])) for one in found):
        raise NotFetched("host_private", host=host)
    return list(found)


def is_public(address: IpAddress) -> bool:
    """Whether an address is one of the public web's, also where it wraps another one."""
    if isinstance(address, IPv6Address) and (inner := _unwrap_ipv4(address)) is not None:
        return is_public(inner)
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _unwrap_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to."""
    if address in NAT64_NETWORK:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _encode_host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    return name if name.isascii() else name.encode("idna").decode("ascii")
