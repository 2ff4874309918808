"""Fetching from a real server on loopback: what is let in, how long it may take, where it leads."""

from __future__ import annotations

import gzip
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from shutil import which

import pytest

from ingest.errors import NotFetched
from ingest.web.addresses import is_public, normalise_address, resolve_host
from ingest.web.fetch import FetchedPage, FetchLimits, WebClient
from tests.fakes.website import (
    Website,
    find_closed_port,
    respond_endlessly,
    respond_with_status,
    run_website,
    send_reply,
)

QUICK_LIMITS = FetchLimits(step_seconds=0.4, total_seconds=1.2, pause_seconds=0.0)
OK_STATUS_LINE = b"HTTP/1.1 200 OK\r\n"


def make_web(limits: FetchLimits = QUICK_LIMITS, **more: object) -> WebClient:
    """A Web that may go to loopback."""
    return WebClient(allowed=lambda _: True, limits=limits, **more)  # type: ignore[arg-type]


@pytest.fixture
def site() -> Iterator[Website]:
    with run_website(notice=b"A notice.") as site:
        yield site


@pytest.fixture
def web() -> WebClient:
    return make_web()


def test_a_page_comes_as_it_was_sent_and_the_second_time_only_if_it_changed(
    site: Website, web: WebClient
) -> None:
    site.etags["/notice"] = '"1"'
    page = web.fetch(site.url("/notice"))
    assert page == FetchedPage(site.url("/notice"), b"A notice.", '"1"')
    assert web.fetch(site.url("/notice"), page.etag) is None
    site.pages["/notice"], site.etags["/notice"] = b"Another one.", '"2"'
    changed = web.fetch(site.url("/notice"), page.etag)
    assert changed is not None and changed.content == b"Another one."


def test_last_modified_is_asked_with_as_it_was_given(site: Website, web: WebClient) -> None:
    stamp = "Thu, 05 Mar 2026 00:00:00 GMT"
    site.pages["/notice"] = lambda to: send_reply(
        to, 304 if to.headers.get("If-Modified-Since") == stamp else 200, Last_Modified=stamp,
        body=b"" if to.headers.get("If-Modified-Since") else b"text",
    )  # fmt: skip
    page = web.fetch(site.url("/notice"))
    assert page is not None and page.modified == stamp
    assert web.fetch(site.url("/notice"), "", stamp) is None


def test_whoever_asks_is_named_with_how_to_reach_them(site: Website) -> None:
    make_web(contact="desk@example.org").fetch(site.url("/notice"))
    agents = {headers["User-Agent"] for _, headers, _ in site.requests}
    assert agents == {"Naru/0.1 (desk@example.org)"}


def test_a_host_is_asked_once_in_a_pause(site: Website) -> None:
    web = make_web(replace(QUICK_LIMITS, pause_seconds=0.25))
    for path in ("/notice", "/notice?again"):
        site.pages[path] = b"text"
        web.fetch(site.url(path))
    moments = [moment for _, _, moment in site.requests]
    assert len(moments) == 3  # robots.txt is a request as well
    assert all(after - before > 0.24 for before, after in pairwise(moments))


class TestRobots:
    @pytest.mark.parametrize(
        ("rules", "read"),
        [
            (b"User-agent: *\nDisallow: /", False),
            (b"User-agent: Naru\nDisallow: /*otice$", False),
            (b"User-agent: Other\nDisallow: /", True),
            (b"User-agent: *\nDisallow: /\nAllow: /notice", True),
            (b"User-agent: *\nDisallow:", True),
            ("사람을 위한 안내\x00".encode("cp949"), True),
        ],
    )
    def test_what_it_says_is_kept_to(
        self, site: Website, web: WebClient, rules: bytes, read: bool
    ) -> None:
        site.pages["/robots.txt"] = rules
        if read:
            assert web.fetch(site.url("/notice")) is not None
        else:
            with pytest.raises(NotFetched, match=r"robots\.txt forbids.*Ask its owner"):
                web.fetch(site.url("/notice"))
            assert site.take_requested_paths() == []

    def test_it_is_read_once(self, site: Website, web: WebClient) -> None:
        for _ in range(3):
            web.fetch(site.url("/notice"))
        assert [path for path, _, _ in site.requests].count("/robots.txt") == 1

    def test_a_site_whose_rules_cannot_be_read_is_left_alone(
        self, site: Website, web: WebClient
    ) -> None:
        site.pages["/robots.txt"] = respond_with_status(500)
        with pytest.raises(NotFetched, match=r"robots\.txt cannot be.*500"):
            web.fetch(site.url("/notice"))
        assert site.take_requested_paths() == []

    def test_a_wish_for_more_time_is_met(self, site: Website) -> None:
        site.pages["/robots.txt"] = b"User-agent: *\nCrawl-delay: 0.3"
        web = make_web()
        for _ in range(2):
            web.fetch(site.url("/notice"))
        first, second = (moment for path, _, moment in site.requests if path == "/notice")
        assert second - first > 0.29

    def test_it_counts_after_a_redirect_to_another_site_too(
        self, site: Website, web: WebClient
    ) -> None:
        with run_website(notice=b"Not for you.") as other:
            other.pages["/robots.txt"] = b"User-agent: *\nDisallow: /"
            site.pages["/moved"] = respond_with_status(302, Location=other.url("/notice"))
            with pytest.raises(NotFetched, match="forbids"):
                web.fetch(site.url("/moved"))
            assert other.take_requested_paths() == []


class TestReplies:
    @pytest.mark.parametrize(
        ("number", "says"),
        [
            (404, r"not there any more \(404\)"), (410, "not there any more"),
            (401, "does not let Naru in"), (403, "does not let Naru in"),
            (500, r"gave no page \(500\).*tried again"), (204, "gave no page"),
            (304, "gave no page"), (400, "gave no page"),
        ],
    )  # fmt: skip
    def test_what_is_no_page_is_a_sentence_with_the_address(
        self, site: Website, web: WebClient, number: int, says: str
    ) -> None:
        site.pages["/notice"] = respond_with_status(number)
        with pytest.raises(NotFetched, match=says) as raised:
            web.fetch(site.url("/notice"))
        assert site.url("/notice") in str(raised.value) and str(raised.value).endswith(".")

    @pytest.mark.parametrize(
        ("after", "wait"),
        [("120", 120), ("9999999", 86_400), ("soon", 0), ("", 0),
         ("Thu, 05 Mar 2020 00:00:00 GMT", 0), ("Thu, 05 Mar 2120 00:00:00 GMT", 86_400)],
    )  # fmt: skip
    @pytest.mark.parametrize("number", [429, 503])
    def test_who_asks_to_come_back_later_says_when(
        self, site: Website, web: WebClient, number: int, after: str, wait: float
    ) -> None:
        site.pages["/notice"] = respond_with_status(number, Retry_After=after)
        with pytest.raises(NotFetched, match="come back later") as raised:
            web.fetch(site.url("/notice"))
        assert raised.value.wait == wait

    def test_an_empty_page_is_no_page(self, site: Website, web: WebClient) -> None:
        site.pages["/notice"] = b""
        with pytest.raises(NotFetched, match="empty"):
            web.fetch(site.url("/notice"))

    def test_nobody_there_is_a_sentence(self, web: WebClient) -> None:
        with pytest.raises(NotFetched, match="cannot be"):
            web.fetch(f"http://127.0.0.1:{find_closed_port()}/")


class TestBounds:
    """Limits are a second and 64 kB here, a minute and 50 MB outside."""

    SMALL = replace(QUICK_LIMITS, max_bytes=64_000)

    @pytest.mark.parametrize(
        ("answer", "says"),
        [
            (respond_endlessly(OK_STATUS_LINE + b"\r\n", b"x" * 10_000), "larger than"),
            (
                respond_endlessly(
                    OK_STATUS_LINE + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n", 0.1
                ),
                "in time",
            ),
            (respond_endlessly(OK_STATUS_LINE + b"\r\n", b"x", 0.1), "in time"),
            (respond_endlessly(OK_STATUS_LINE, b"X-More: yes\r\n", 0.1), "in time"),
            (respond_endlessly(OK_STATUS_LINE, b"X-More: yes\r\n"), "cannot be read|larger than"),
            (respond_endlessly(b"", b"", 0.1), "in time"),
            (respond_endlessly(b"SSH-2.0-OpenSSH\r\n", b"\r\n", 0.01), "cannot be read"),
        ],
        ids=["endless", "chunks", "slow body", "slow head", "long head", "silence", "not http"],
    )
    def test_a_server_that_never_ends_is_left(
        self, site: Website, answer: object, says: str
    ) -> None:
        site.pages["/notice"] = answer  # type: ignore[assignment]
        began = time.monotonic()
        with pytest.raises(NotFetched, match=says):
            make_web(self.SMALL).fetch(site.url("/notice"))
        assert time.monotonic() - began < 2.5

    def test_a_page_that_breaks_off_is_not_taken(self, site: Website, web: WebClient) -> None:
        def broken(to: object) -> None:
            send_reply(to, 200, b"half", Content_Length="100")  # type: ignore[arg-type]
            to.close_connection = True  # type: ignore[attr-defined]

        site.pages["/notice"] = broken
        with pytest.raises(NotFetched, match="cannot be read"):
            web.fetch(site.url("/notice"))

    def test_a_packed_page_is_unpacked(self, site: Website, web: WebClient) -> None:
        site.pages["/notice"] = respond_with_status(
            200, gzip.compress(b"text"), Content_Encoding="gzip"
        )
        page = web.fetch(site.url("/notice"))
        assert page is not None and page.content == b"text"

    @pytest.mark.parametrize(
        ("body", "packed", "says"),
        [
            (gzip.compress(b"0" * 10_000_000), "gzip", "unpacks to more"),
            (gzip.compress(b"text" * 1000)[:30], "gzip", "came broken"),
            (b"not gzip at all", "gzip", "came broken"),
            (b"text", "br", "packed as br"),
        ],
        ids=["bomb", "half", "junk", "another way"],
    )
    def test_a_packed_page_is_bounded_and_whole(
        self, site: Website, body: bytes, packed: str, says: str
    ) -> None:
        site.pages["/notice"] = respond_with_status(200, body, Content_Encoding=packed)
        with pytest.raises(NotFetched, match=says):
            make_web(self.SMALL).fetch(site.url("/notice"))


class TestRedirects:
    def test_they_are_followed_and_the_address_asked_for_is_kept(
        self, site: Website, web: WebClient
    ) -> None:
        site.pages["/old"] = respond_with_status(301, b"moved", Location="newer")
        site.pages["/newer"] = respond_with_status(307, Location=site.url("/notice"))
        assert web.fetch(site.url("/old")) == FetchedPage(site.url("/old"), b"A notice.")

    def test_a_ring_ends(self, site: Website, web: WebClient) -> None:
        site.pages["/ring"] = respond_with_status(302, Location="/ring")
        with pytest.raises(NotFetched, match="more than 5 times"):
            web.fetch(site.url("/ring"))
        assert site.take_requested_paths() == ["/ring"] * 6

    @pytest.mark.parametrize(
        ("location", "says"),
        [
            ("file:///etc/passwd", "not a web address"), ("ftp://example.org/", "not a web"),
            ("http://u:p@example.org/", "user name"), ("http://[::1", "not a web address"),
            ("http://169.254.169.254/latest/meta-data/", "private network"),
            ("http://[::ffff:10.0.0.1]/", "private network"),
        ],
    )  # fmt: skip
    def test_they_lead_nowhere_that_is_refused_outright(
        self, site: Website, location: str, says: str
    ) -> None:
        """Loopback is allowed here, for the site is there; what else is private is not."""
        web = WebClient(allowed=lambda one: one.is_loopback or is_public(one), limits=QUICK_LIMITS)
        site.pages["/moved"] = respond_with_status(302, Location=location)
        with pytest.raises(NotFetched, match=says):
            web.fetch(site.url("/moved"))


class TestOwnNetwork:
    """Nothing inside is reached, whatever its address looks like and whoever names it."""

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
            "100.64.0.1", "224.0.0.1", "224.0.1.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
            "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1",
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
            "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        ],
    )  # fmt: skip
    def test_what_is_not_public_is_not(self, address: str) -> None:
        assert not is_public(ip_address(address))

    @pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946",
                                         "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])  # fmt: skip
    def test_what_is_public_is(self, address: str) -> None:
        assert is_public(ip_address(address))

    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]",
         "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1%25lo]"],
    )  # fmt: skip
    def test_no_spelling_of_an_inner_address_gets_through(self, site: Website, host: str) -> None:
        with pytest.raises(NotFetched):
            WebClient(limits=QUICK_LIMITS).fetch(f"http://{host}:{site.port}/notice")
        assert site.requests == []

    @pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::1"], []])
    def test_a_name_that_leads_inside_is_refused(self, site: Website, found: list[str]) -> None:
        web = WebClient(resolve=lambda _host, _port: found, limits=QUICK_LIMITS)
        with pytest.raises(NotFetched, match=r"private network.*save the file"):
            web.fetch(f"http://rebinding.example:{site.port}/notice")
        assert site.requests == []

    def test_it_connects_to_the_address_that_was_checked_and_asks_for_no_other(
        self, site: Website
    ) -> None:
        """A name server that answers differently the second time is not asked a second time."""
        answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]])
        names: list[str] = []

        def resolve(host: str, port: int) -> list[str]:
            names.append(host)
            return next(answers)

        web = make_web(resolve=resolve)
        page = web.fetch(f"http://notices.example:{site.port}/notice")
        assert page is not None and page.content == b"A notice."
        assert names == ["notices.example"] * 2  # once for robots.txt, once for the page
        assert site.requests[0][1]["Host"] == f"notices.example:{site.port}"

    def test_the_next_address_is_tried_where_one_is_silent(self, site: Website) -> None:
        web = make_web(resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        assert web.fetch(f"http://notices.example:{site.port}/notice") is not None

    def test_a_name_nobody_knows_is_a_sentence(self) -> None:
        with pytest.raises(NotFetched, match="not known"):
            resolve_host("nowhere.invalid", 80)
        with pytest.raises(NotFetched, match="not known"):
            resolve_host("a" * 70 + ".example", 80)


@pytest.mark.skipif(not which("openssl"), reason="a certificate is made with openssl")
class TestTls:
    """The name is what the certificate must hold, though the connection goes to an address."""

    @pytest.fixture
    def secure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Website]:
        """A site with a certificate for notices.example, which this machine trusts."""
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=notices.example",
                "-addext", "subjectAltName=DNS:notices.example"]  # fmt: skip
        subprocess.run(list(map(str, made)), check=True, capture_output=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with run_website(tls=context, notice=b"A notice.") as site:
            yield site

    @pytest.fixture
    def named(self) -> WebClient:
        return make_web(resolve=lambda _host, _port: ["127.0.0.1"])

    def test_a_page_comes_by_https(self, secure: Website, named: WebClient) -> None:
        page = named.fetch(f"https://notices.example:{secure.port}/notice")
        assert page is not None and page.content == b"A notice."

    def test_a_certificate_of_another_name_is_refused(
        self, secure: Website, named: WebClient
    ) -> None:
        with pytest.raises(NotFetched, match="certificate verify failed"):
            named.fetch(f"https://other.example:{secure.port}/notice")
        assert secure.requests == []

    def test_a_redirect_does_not_lead_down_to_http(
        self, secure: Website, site: Website, named: WebClient
    ) -> None:
        secure.pages["/moved"] = respond_with_status(302, Location=site.url("/notice"))
        with pytest.raises(NotFetched, match="anybody on the way"):
            named.fetch(f"https://notices.example:{secure.port}/moved")
        assert site.requests == []

    def test_a_body_without_end_meets_its_bound_below_tls_too(
        self, secure: Website, named: WebClient
    ) -> None:
        secure.pages["/notice"] = respond_endlessly(OK_STATUS_LINE + b"\r\n", b"x", 0.1)
        with pytest.raises(NotFetched, match="in time"):
            named.fetch(f"https://notices.example:{secure.port}/notice")


class TestAddresses:
    @pytest.mark.parametrize(
        ("written", "asked"),
        [
            ("https://example.org", "https://example.org/"),
            ("HTTPS://Example.ORG/a#part", "https://example.org/a"),
            ("https://example.org/공고?제목=수출 바우처".replace(" ", "+"),
             "https://example.org/%EA%B3%B5%EA%B3%A0?%EC%A0%9C%EB%AA%A9=%EC%88%98%EC%B6%9C+"
             "%EB%B0%94%EC%9A%B0%EC%B2%98"),
            ("https://한국.kr/", "https://xn--3e0b707e.kr/"),
            ("http://example.org:8080/a?b=1&c=%20", "http://example.org:8080/a?b=1&c=%20"),
            ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
        ],
    )  # fmt: skip
    def test_an_address_is_written_as_it_is_asked_for(self, written: str, asked: str) -> None:
        assert normalise_address(written) == asked
        assert normalise_address(asked) == asked

    @pytest.mark.parametrize(
        "written",
        ["", "example.org", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)",
         "gopher://127.0.0.1:25/", "https://", "https:///path", "https://user@example.org/",
         "https://u:p@example.org/", "https://example.org:port/", "https://example.org:99999/",
         "https://exa mple.org/", "https://example.org/a\r\nHost: other", "https:\\\\example.org",
         "https://[::1/", "https://" + "a" * 2000],
    )  # fmt: skip
    def test_what_is_none_is_refused_with_a_sentence(self, written: str) -> None:
        with pytest.raises(NotFetched) as raised:
            normalise_address(written)
        assert "\n" not in str(raised.value) and str(raised.value).endswith(".")
