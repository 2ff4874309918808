"""Which network a request to the founders' page counts for."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from adapters.web.site import find_sender


def find(remote: str, *named: str) -> str:
    headers = CIMultiDict([("X-Forwarded-For", one) for one in named])
    return find_sender(make_mocked_request("GET", "/ask", headers).clone(remote=remote))


@pytest.mark.parametrize(
    ("remote", "named", "sender"),
    [
        ("203.0.114.9", (), "203.0.114.9"),
        ("8.8.8.8", ("1.1.1.1",), "8.8.8.8"),  # not of a proxy of ours
        ("::ffff:8.8.8.8", ("1.1.1.1",), "8.8.8.8"),
        ("127.0.0.1", (), "127.0.0.1"),
        ("127.0.0.1", ("6.6.6.6, 8.8.8.8",), "8.8.8.8"),
        ("10.0.0.2", ("6.6.6.6", "8.8.8.8"), "8.8.8.8"),  # a line that the proxy added
        ("::ffff:10.0.0.2", ("8.8.8.8:50123",), "8.8.8.8"),
        ("10.0.0.2", ("unknown",), "10.0.0.2"),
        ("10.0.0.2", ("[2001:db9:1:2:3::4]:50123",), "2001:db9:1:2::/64"),
        ("2a00:1450:1:2:aaaa::1", (), "2a00:1450:1:2::/64"),
        ("2a00:1450:1:2:bbbb::1", (), "2a00:1450:1:2::/64"),
    ],
)
def test_a_sender_cannot_choose_what_it_counts_for(
    remote: str, named: tuple[str, ...], sender: str
) -> None:
    assert find(remote, *named) == sender
