"""The receiver of the founders' page: its events come in through adapters/web/site.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from adapters.messaging.messenger import RequestHandler


class WebReceiver:
    """Nothing to listen to of its own."""

    async def run(self) -> None:
        """Returns at once."""

    async def stop(self) -> None:
        """Nothing to close."""

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """None: the page is a site of its own below /ask."""
        return {}

    async def collect_health(self, now: datetime) -> dict[str, object]:  # noqa: ARG002
        """It is on."""
        return {"web": "on"}
