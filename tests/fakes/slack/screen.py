"""What is to be seen in Slack."""

from __future__ import annotations

from tests.fakes.loopback_server import Json, LoopbackServer
from tests.fakes.slack.blocks import render_message
from tests.fakes.slack.workspace import BOT, BOT_USER, Workspace

MINA = "U0MINA"


class SlackScreen(LoopbackServer):
    """Looking without touching."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.work = Workspace()
        self.work.find_or_create_person(BOT_USER, "naru")

    def app_texts(self, channel: str, thread_ts: str | None = None) -> list[str]:
        """The app's messages as a person reads them: blocks, or text where there are none."""
        return [render_message(message) for message in self.app_messages(channel, thread_ts)]

    def app_messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """The app's messages as kept: blocks, metadata, unfurl flags, reactions."""
        with self.changed:
            place = self.work.channels.get(channel)
            found = list(place.messages.values()) if place else []
        mine = [message for message in found if message.get("bot_id") == BOT]
        return [m for m in mine if thread_ts in (None, m.get("thread_ts"), m["ts"])]

    def reactions(self, channel: str, ts: str) -> list[str]:
        """The app's reactions on a message."""
        with self.changed:
            kept = self.work.channels[channel].messages[ts].get("reactions", [])
            return [str(each["name"]) for each in kept]

    def views(self, callback_id: str | None = None) -> list[Json]:
        """The views opened or published, oldest first."""
        with self.changed:
            kept = list(self.work.views.values())
        return [view for view in kept if callback_id in (None, view["callback_id"])]

    def home(self, user: str = MINA) -> Json | None:
        """The App Home published for someone."""
        with self.changed:
            return self.work.homes.get(user)

    @property
    def ephemerals(self) -> list[Json]:
        with self.changed:
            return list(self.work.ephemerals)

    @property
    def statuses(self) -> list[Json]:
        """What `assistant.threads.setStatus` was told."""
        with self.changed:
            return list(self.work.statuses)
