"""The console's receiver: its events come in through its own site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from adapters.messaging.messenger import RequestHandler


class ConsoleReceiver:
    """Nothing to listen to: see adapters/console/site.py."""

    async def run(self) -> None:
        """Returns at once."""

    async def stop(self) -> None:
        """Nothing to close."""

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """None: the console has a port of its own."""
        return {}

    async def collect_health(self, now: datetime) -> dict[str, object]:  # noqa: ARG002
        """It is on."""
        return {"console": "on"}
