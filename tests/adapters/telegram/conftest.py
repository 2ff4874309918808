"""Telegram's protocol server, for the channel alone."""

from tests.scenarios.conftest import telegram

__all__ = ["telegram"]
