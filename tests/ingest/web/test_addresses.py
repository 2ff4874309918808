"""Addresses as they are asked for, and those that are refused."""

from __future__ import annotations

import pytest

from ingest.errors import NotFetched
from ingest.web.addresses import normalise_address


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
