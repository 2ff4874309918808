"""A client of a Chroma server whose requests all have a time-out.

Chroma's own client has none, and takes none as a setting (chromadb 1.5.9 makes its HTTP sessions with
`timeout=None`). Import it late: Chroma takes a second to load.
"""

from __future__ import annotations

from typing import Any, cast

from chromadb.api import AdminAPI, ClientAPI
from chromadb.api.client import Client
from chromadb.auth import UserIdentity
from chromadb.config import Settings

CHROMA_TIMEOUT_SECONDS = 30.0  # of each step of a request; five thousand vectors take about ten


class TimedClient(Client):  # type: ignore[misc]  # Chroma loses the types of its clients
    """Sets the time-out of each of its two HTTP sessions before the first request over it."""

    def get_user_identity(self) -> UserIdentity:
        """As Chroma's: the first request of a new client."""
        _limit_session(self)
        return super().get_user_identity()

    def _validate_tenant_database(self, tenant: str, database: str) -> None:
        _limit_session(self._admin_client)
        super()._validate_tenant_database(tenant=tenant, database=database)


def connect_to_chroma(host: str, port: int, secure: bool) -> ClientAPI:
    """A client of the server at `host` and `port`. Raises Chroma's errors, and its HTTP
    library's."""
    settings = Settings(anonymized_telemetry=False)
    settings.chroma_api_impl = "chromadb.api.fastapi.FastAPI"
    settings.chroma_server_host = host
    settings.chroma_server_http_port = port
    settings.chroma_server_ssl_enabled = secure
    return TimedClient(settings=settings)


def disconnect_from_chroma(client: ClientAPI) -> None:
    """Close a client's connections."""
    # No public API closes them in chromadb 1.5.9: its own `close` leaves the httpx sessions open.
    # See github.com/chroma-core/chroma/issues/4293.
    own = cast(TimedClient, client)
    for part in (own, own._admin_client):
        _find_session(part).close()
    own.close()


def _limit_session(part: ClientAPI | AdminAPI) -> None:
    _find_session(part).timeout = CHROMA_TIMEOUT_SECONDS


def _find_session(part: ClientAPI | AdminAPI) -> Any:
    """The HTTP session of a client, which Chroma keeps to itself."""
    return cast(Any, part)._server._session
