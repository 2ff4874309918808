"""What every page and every form of the console has to hold: headers, origin, cookies, form tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import quote, urlsplit

from aiohttp import web

from adapters.console.rendering import explain

PageHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SESSION_COOKIE = "__Host-naru"
SIGN_IN_COOKIE = "__Host-naru-sign-in"
NONCE_BYTES = 16
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # links carry tokens
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Set HEADERS where the page has not set its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


@web.middleware
async def refuse_foreign_posts(request: web.Request, handler: PageHandler) -> web.StreamResponse:
    """Raises HTTPForbidden for a form that another site had sent: the browser says so in Sec-Fetch-Site,
    an old one in Origin."""
    if request.method not in ("GET", "HEAD") and not is_own_request(request):
        raise web.HTTPForbidden(text=explain(request, "foreign_form"))
    return await handler(request)


def list_own_names(host: str, url: str) -> frozenset[str]:
    """The names by which the console on `host` with the public address `url` may be called. Any other
    one is that of a site that made its name lead here (DNS rebinding)."""
    public = {urlsplit(url).hostname or ""} if url else set()
    return frozenset(public | (LOOPBACK_NAMES if host in LOOPBACK_NAMES else {host.lower()}))


def read_host_name(request: web.Request) -> str:
    """The name that a request calls this site by, without the port; "" for none that could be one."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


def read_next(target: str) -> str:
    """The path of this site to go on to; "/" for any other address."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    path = parts.path
    is_own = not (parts.scheme or parts.netloc) and path.startswith("/") and "\\" not in target
    # "////host" has the path "//host", which a browser takes for another site
    return quote(path, safe="/") if is_own and not path.startswith("//") else "/"


def is_own_request(request: web.Request) -> bool:
    """Whether the browser says that a page of this host sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    scheme, _, place = request.headers.get("Origin", "").partition("://")
    return bool(scheme) and place == request.host


def set_cookie(response: web.StreamResponse, name: str, value: str, seconds: int) -> None:
    """Set a cookie that no script reads and no other site sends along with a form."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="Lax"
    )


def drop_cookie(response: web.StreamResponse, name: str) -> None:
    """Delete a cookie of `set_cookie`."""
    response.del_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")


def make_nonce() -> str:
    """A number that ties a form to the browser that got it."""
    return secrets.token_urlsafe(NONCE_BYTES)


def make_form_token(cookie: str) -> str:
    """What the forms of a session carry; only who has its cookie can make it."""
    return hashlib.sha256(f"form:{cookie}".encode("utf-8", "surrogateescape")).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are the same, told in a time that says nothing of where they differ."""
    encode = partial(str.encode, errors="backslashreplace")  # cookies may have bytes of any kind
    return bool(one) and hmac.compare_digest(encode(one), encode(other))
