"""Fetching from a real server on loopback: what is let in, how long it may take, where it leads."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from ingest.errors import NotFetched
from ingest.web.addresses import is_public
from ingest.web.fetch import FetchedPage, WebClient
from tests.fakes.website import (
    Website,
    find_closed_port,
    respond_endlessly,
    respond_with_status,
    run_website,
    send_reply,
)
from tests.ingest.web.quick_web import OK_STATUS_LINE, PATIENT_LIMITS, QUICK_LIMITS, make_web


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
    web = make_web(replace(PATIENT_LIMITS, pause_seconds=0.25))
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
        assert time.monotonic() - began < 30  # 1 s where nothing else runs; else for ever

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
        web = WebClient(
            allowed=lambda one: one.is_loopback or is_public(one), limits=PATIENT_LIMITS
        )
        site.pages["/moved"] = respond_with_status(302, Location=location)
        with pytest.raises(NotFetched, match=says):
            web.fetch(site.url("/moved"))
