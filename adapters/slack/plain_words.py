"""Commands as plain words: Slack takes a leading slash for its own, and has none in threads."""

from __future__ import annotations

from dataclasses import replace

from adapters.messaging.command_words import name_commands
from bot.delivery.channel import PlatformMessage

APP_NAME = "Naru"


def put_in_plain_words(parcel: PlatformMessage) -> PlatformMessage:
    """The message with the words to type instead of its commands; a person's words stay as they
    are."""
    content = parcel.content
    if content.relayed:
        return parcel
    text, *headings = (name_commands(one, APP_NAME) for one in (content.text, *content.headings))
    return replace(parcel, content=replace(content, text=text, headings=tuple(headings)))
