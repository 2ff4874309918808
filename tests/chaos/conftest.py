"""The same house as the messengers' tests, for longer trouble."""

from tests.scenarios.conftest import furniture, processes

__all__ = ["furniture", "processes"]
