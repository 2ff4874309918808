"""A browser's cookies and headers without the browser: one signed-in person who sends what they like."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from adapters.console.security import SESSION_COOKIE

OWN_FORM = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="(?:token|nonce)" value="([^"]+)"')


@dataclass(frozen=True)
class HttpAnswer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    cookies: dict[str, str]

    @property
    def leads_to(self) -> str:
        return self.headers.get("location", "")

    @property
    def token(self) -> str:
        """The token of the first form, of the session or of signing in."""
        found = TOKEN.search(self.text)
        assert found, self.text
        return found.group(1)


@dataclass
class Client:
    """One browser at the console of `url`."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, method: str = "GET", **headers: str) -> HttpAnswer:
        return self.send(method, path, None, headers)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> HttpAnswer:
        """A form as a page of the console would send it, with the session's token."""
        sent = dict(form or {})
        if SESSION_COOKIE in self.cookies and "token" not in sent:
            sent["token"] = self.token
        return self.send("POST", path, urlencode(sent), OWN_FORM | headers)

    @property
    def token(self) -> str:
        return self.get("/sessions").token

    def send(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
    ) -> HttpAnswer:
        """Send it with the cookies there are; what is set is kept."""
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        data = body.encode() if isinstance(body, str) else body
        try:
            connection.request(method, path, data, sent)
            got = connection.getresponse()
            text = got.read().decode()
        finally:
            connection.close()
        given: dict[str, str] = {}
        for line in got.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            given[name] = value.strip('"')
        self.cookies = {n: v for n, v in (self.cookies | given).items() if v}
        return HttpAnswer(
            got.status, {name.lower(): value for name, value in got.headers.items()}, text, given
        )

    def open_link(self, link: str) -> HttpAnswer:
        """Open a link and press its button."""
        path = link.removeprefix(self.url)
        page = self.get(path)
        if page.status != 200:
            return page
        return self.post(path, {"nonce": page.token, "token": ""})
