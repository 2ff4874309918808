"""Nothing in the own network is reached, and certificates are checked."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from shutil import which

import pytest

from ingest.errors import NotFetched
from ingest.web.addresses import is_public, resolve_host
from ingest.web.fetch import WebClient
from tests.fakes.website import (
    Website,
    respond_endlessly,
    respond_with_status,
    run_website,
)
from tests.ingest.web.quick_web import OK_STATUS_LINE, QUICK_LIMITS, make_web


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

    def test_a_body_without_end_meets_its_bound_below_tls_too(self, secure: Website) -> None:
        secure.pages["/notice"] = respond_endlessly(OK_STATUS_LINE + b"\r\n", b"x", 0.1)
        quick = make_web(QUICK_LIMITS, resolve=lambda _host, _port: ["127.0.0.1"])
        with pytest.raises(NotFetched, match="in time"):
            quick.fetch(f"https://notices.example:{secure.port}/notice")
