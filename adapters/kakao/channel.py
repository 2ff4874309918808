"""KakaoTalk as a channel: it sends nothing of its own accord, so that messages are handed out."""

from __future__ import annotations

from datetime import datetime

from adapters.kakao.limits import KAKAO_LIMITS
from adapters.messaging.previews import Preview
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import DeliveryRefused, PersonRefused
from bot.messages import Account, Address, File, Message


class KakaoChannel:
    """The chatbot of one KakaoTalk channel. Founders alone write there, never staff.

    What is owed to them waits in the outbox (see bot/store/readers), and the receiver hands it out;
    the sender is never given any of it.
    """

    name = "kakao"
    limits = KAKAO_LIMITS
    public_address = ""  # of the channel's page, which Kakao does not tell a skill

    async def start(self) -> str:
        """There is nothing to connect to: Kakao calls Naru."""
        return "waits for skill requests"

    async def stop(self) -> None:
        """There is nothing to close."""

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Raises PersonRefused: KakaoTalk takes only replies."""
        raise PersonRefused(f"{parcel.address.channel} shows messages when its person writes")

    async def edit_card(self, parcel: PlatformMessage) -> SentMessage:
        """Raises DeliveryRefused: no staff work on KakaoTalk."""
        raise DeliveryRefused(f"{parcel.address.channel} has no cards")

    async def open_thread(self, address: Address, name: str) -> str | None:  # noqa: ARG002
        """None: KakaoTalk has no threads."""
        return None

    async def set_thread_state(self, parcel: PlatformMessage, *, is_open: bool) -> None:
        """Nothing: KakaoTalk has no threads."""

    async def find_sent(self, parcel: PlatformMessage, since: datetime) -> SentMessage | None:  # noqa: ARG002
        """None: a skill cannot read what was shown."""
        return None

    async def mark_seen(self, message: Message) -> None:
        """Nothing: the reply to the request says that it was taken in."""

    async def show_preview(self, preview: Preview) -> None:
        """Nothing: a request takes one reply."""

    async def fetch_file(self, file: File) -> bytes:
        """Raises DeliveryRefused: no file comes in by KakaoTalk."""
        raise DeliveryRefused(f"{file.name} is not on KakaoTalk")

    async def find_person(self, user: str) -> Account:
        """The account without a name: Kakao tells a skill none."""
        return Account(user)

    async def is_public_room(self, chat: str) -> bool:  # noqa: ARG002
        """False: every chat is one person's with the bot."""
        return False
