"""The channels of a Slack workspace and the people in it, as a test makes them."""

from __future__ import annotations

import math
import time
from typing import Any

from tests.fakes.slack.screen import MINA, SlackScreen
from tests.fakes.slack.workspace import BOT_USER, WorkspaceChannel

OTHER_TEAM = "T0OTHER"


class SlackPlaces(SlackScreen):
    """Channels and people come, go and change; the app is told of what Slack tells it."""

    def create_channel(
        self, channel: str, name: str = "", *, member: bool = True, private: bool = False
    ) -> str:
        """A channel: C… public (unless `private`), G… private, D… direct (of `MINA`)."""
        with self.change():
            person = MINA if channel.startswith("D") else ""
            if person:
                self.work.find_or_create_person(person)
            self.work.add_channel(
                WorkspaceChannel(channel, name or channel.lower(), person, member, private)
            )
        return channel

    def create_person(self, user: str, name: str = "mina", **profile: Any) -> str:
        """Someone of the workspace; `locale="vi-VN"`, `email=…`."""
        with self.change():
            self.work.find_or_create_person(user, name, **profile)
        return user

    def create_outsider(self, user: str, name: str, kind: str = "is_restricted") -> str:
        """A guest of the workspace (is_restricted, is_ultra_restricted), or somebody of another one
        in a shared channel (is_stranger)."""
        with self.change():
            person = self.work.find_or_create_person(user, name)
            person[kind] = True
            if kind == "is_stranger":
                person["team_id"] = OTHER_TEAM
        return user

    def open_dm(self, user: str = MINA) -> str:
        """The id of the person's direct channel with the app."""
        with self.change():
            return self.work.find_or_create_dm(user).id

    def archive_channel(self, channel: str, archived: bool = True) -> None:
        """Archive a channel, or the opposite; the app is told."""
        kind = "channel_archive" if archived else "channel_unarchive"
        with self.change():
            self.work.channels[channel].archived = archived
            self.work.emit({"type": kind, "channel": channel, "user": MINA})

    def kick_app(self, channel: str) -> None:
        """The app is no longer a member."""
        with self.change():
            self.work.channels[channel].member = False

    def invite_app(self, channel: str) -> None:
        """The app is a member (again)."""
        with self.change():
            self.work.channels[channel].member = True
            self.work.emit({"type": "member_joined_channel", "channel": channel, "user": BOT_USER})

    def start_outage(self, seconds: float = math.inf) -> None:
        """Until `outage_over()`, or so long: what happens is in the history, but no event comes."""
        with self.change():
            self.work.outage_until = time.monotonic() + seconds

    def end_outage(self) -> None:
        with self.change():
            self.work.outage_until = 0.0
