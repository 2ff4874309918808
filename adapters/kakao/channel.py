"""KakaoTalk as a channel: it sends nothing of its own accord, so that messages are handed out."""

from __future__ import annotations

from adapters.kakao.limits import KAKAO_LIMITS
from adapters.messaging.founder_channel import FounderChannel
from bot.delivery.channel import PlatformMessage, SentMessage
from bot.errors import PersonRefused


class KakaoChannel(FounderChannel):
    """The chatbot of one KakaoTalk channel.

    What is owed to its founders waits in the outbox (see bot/store/readers), and the receiver hands it
    out; the sender is never given any of it. Kakao does not tell a skill the address of its channel.
    """

    name = "kakao"
    limits = KAKAO_LIMITS

    async def start(self) -> str:
        """There is nothing to connect to: Kakao calls Naru."""
        return "waits for skill requests"

    async def send(self, parcel: PlatformMessage) -> SentMessage:
        """Raises PersonRefused: KakaoTalk takes only replies."""
        raise PersonRefused(f"{parcel.address.channel} shows messages when its person writes")
