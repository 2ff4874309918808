"""The messengers' protocol servers, and what a running Naru is made of."""

from tests.scenarios.conftest import furniture, slack, telegram

__all__ = ["furniture", "slack", "telegram"]
