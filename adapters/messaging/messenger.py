"""What `naru serve` needs of a messenger: a channel that sends, and a receiver that listens.

A new messenger is a package with both, and an entry in `adapters/serve/messengers.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from bot.delivery.channel import Channel
from bot.messages import Account, File, Message
from bot.store import InboxEvent

if TYPE_CHECKING:
    from aiohttp import web

    from adapters.messaging.previews import Preview

MESSAGE_SETTLE_TIME = timedelta(milliseconds=700)  # quick messages within it are one question

ReceiverState = Literal["starting", "on", "off"]  # "off" for a token that was refused

# Commits events in the order they came and returns how many were new. Only after it returns may
# they be confirmed to the platform.
CommitEvents = Callable[[Sequence[InboxEvent]], Awaitable[int]]
# The bytes of a file of any messenger; raises what is below NotDelivered.
FetchFile = Callable[[File], Awaitable[bytes]]
# Does work while this process is the one of several that may, as polling an account has to be.
RunWhileLeading = Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]
RequestHandler = Callable[["web.Request"], Awaitable["web.Response"]]


async def run_always(work: Callable[[], Awaitable[None]]) -> None:
    """Do work as the only process there is."""
    await work()


@dataclass(frozen=True, slots=True)
class MessengerCheck:
    """One thing `naru doctor` found out of a messenger; `message` says what to fix if not `ok`."""

    ok: bool
    message: str


class Messenger(Channel, Protocol):
    """A channel that connects to its platform, and shows more than messages there."""

    @property
    def public_address(self) -> str:
        """Where anybody can write to Naru here, as a link or an address; "" for nowhere, or where
        that is not known yet."""
        ...

    async def start(self) -> str:
        """Check the token and return the bot's name. Raises DeliveryRefused for a token that the
        platform does not know, DeliveryUncertain or an error of the library if it is down."""
        ...

    async def stop(self) -> None:
        """Close the connections."""
        ...

    async def mark_seen(self, message: Message) -> None:
        """Show the sender of a message that it was passed on; a failure is ignored."""
        ...

    async def show_preview(self, preview: Preview) -> None:
        """Show what is written so far, where the platform can. Raises the library's errors."""
        ...

    async def fetch_file(self, file: File) -> bytes:
        """The bytes of a file on this platform. Raises DeliveryRefused if it is not handed out,
        DeliveryUncertain if the platform cannot be reached."""
        ...

    async def find_person(self, user: str) -> Account:
        """An account, as the platform knows it. Raises NotDelivered if the platform does not
        know it or cannot be asked."""
        ...

    async def is_public_room(self, chat: str) -> bool:
        """Whether anybody may join or read a chat uninvited. Raises NotDelivered."""
        ...


class Receiver(Protocol):
    """Takes in one messenger's events and commits them before it confirms them."""

    async def run(self) -> None:
        """Start the messenger and receive until cancelled. Returns early if its token is refused
        or if its events come in through `list_routes`."""
        ...

    async def stop(self) -> None:
        """Close what `run` opened."""
        ...

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """Handlers of POST requests by path; they may raise NotDelivered or the database's
        errors, and the platform is then asked to send the event again."""
        ...

    async def collect_health(self, now: datetime) -> dict[str, object]:
        """What `/health` shows of this messenger: under its name a ReceiverState, and more."""
        ...


@dataclass(frozen=True, slots=True)
class SiteReceiver:
    """Of a channel whose events come in through a site of its own, which `name` names."""

    name: str

    async def run(self) -> None:
        """Returns at once."""

    async def stop(self) -> None:
        """Nothing to close."""

    def list_routes(self) -> Mapping[str, RequestHandler]:
        """None: the site has its own."""
        return {}

    async def collect_health(self, now: datetime) -> dict[str, object]:  # noqa: ARG002
        """It is on."""
        return {self.name: "on"}
