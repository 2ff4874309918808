"""A provider, and a channel that is connected to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.email.channel import EmailChannel
from adapters.serve.messengers import open_channel
from adapters.settings import Settings
from tests.fakes.email.provider import MailProvider
from tests.harness.channel_harness import fetch_dummy_file


@pytest.fixture
def provider() -> Iterator[MailProvider]:
    with MailProvider() as opened:
        yield opened


@pytest.fixture
def channel(provider: MailProvider) -> EmailChannel:
    settings = Settings(_env_file=None, **provider.settings)
    opened = open_channel(settings, "email", fetch_dummy_file)
    assert isinstance(opened, EmailChannel)
    return opened
