"""The provider of Naru's mailbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.email.provider import MailProvider


@pytest.fixture
def provider() -> Iterator[MailProvider]:
    with MailProvider() as opened:
        yield opened
