"""Web addresses that Naru may fetch from: public ones only, never those of its own network."""

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

ADDRESS_MAX_CHARACTERS = 2_000
NAT64_NETWORK = IPv6Network("64:ff9b::/96")
_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\]")


def normalise_address(text: str) -> str:
    """The normal form of an http or https address: percent-encoded and without a fragment.

    Raises NotFetched for anything else, also for an address with a user name or password.
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
    """The address that a link on the page `at` leads to. Raises NotFetched if it is not on the web."""
    try:
        return normalise_address(urljoin(at, link))
    except ValueError as error:
        raise NotFetched("odd_link", at=at, to=repr(link[:80])) from error


def resolve_host(host: str, port: int) -> list[str]:
    """The IP addresses of a host in the order to try them. Raises NotFetched for an unknown host."""
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("host_unknown", host=host) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def resolve_allowed_host(
    host: str, port: int, resolve: ResolveHost, allowed: IsAllowed
) -> list[str]:
    """The IP addresses of a host if all of them are allowed.

    A private address among public ones is an attack. The caller must connect to these addresses
    and not resolve the host again. Raises NotFetched for a host that is unknown or not allowed.
    """
    addresses = resolve(host, port)
    if not addresses or not all(allowed(ip_address(ip.partition("%")[0])) for ip in addresses):
        raise NotFetched("host_private", host=host)
    return list(addresses)


def is_public(address: IpAddress) -> bool:
    """Whether an IP address is public; if it wraps another address, whether that one is."""
    if isinstance(address, IPv6Address) and (inner := _unwrap_ipv4(address)) is not None:
        return is_public(inner)
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _unwrap_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address wraps; None if there is none."""
    if address in NAT64_NETWORK:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _encode_host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    return name if name.isascii() else name.encode("idna").decode("ascii")


def read_host(url: str) -> str:
    """The host of an address in lower case, without "www.": the two are one site."""
    return drop_www(urlsplit(url).hostname or "")


def drop_www(host: str) -> str:
    """A host in lower case without "www."."""
    return host.lower().removeprefix("www.")
