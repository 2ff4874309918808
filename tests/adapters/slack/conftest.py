"""Slack's protocol server, for the channel alone."""

from tests.scenarios.conftest import slack

__all__ = ["slack"]
