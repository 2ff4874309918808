"""The settings: NARU_… in the environment or a `.env` file. No other package reads either."""

from adapters.settings.reading import read_settings, read_version
from adapters.settings.settings import Settings

__all__ = ["Settings", "read_settings", "read_version"]
