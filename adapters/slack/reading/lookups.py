"""Names and files that an event only refers to, looked up before the event is stored.

Slack tells of people and channels by id, and of files of other organisations by a stub. What an id
stands for is stored with the event, so that reading it later asks nothing of the network and gives
the same words every time. See docs/decisions/0061-store-what-slack-only-refers-to.md
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import translate_errors
from adapters.slack.reading.blocks import Json, list_objects, walk_objects
from adapters.slack.reading.markup import SlackNames
from bot.errors import DeliveryRefused, NotDelivered, PlaceRefused

FOUND_KEY = "naru_found"  # of a stored event: names and files that were looked up when it came
NARU_NAME = "Naru"
LOOK_UPS_PER_EVENT = 20  # more than a person names in one message
NAME_LIFETIME_SECONDS = 3600.0  # how long a name is remembered before it is asked for again
NAME_CACHE_SIZE = 5_000
LOOK_UP_PAUSE_SECONDS = 30.0  # after Slack did not answer in time, or asked to wait

_PERSON = re.compile(r"<@([A-Z0-9]+)>")  # one with a label needs no look-up
_CHANNEL = re.compile(r"<#([A-Z0-9]+)>")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Ids that an event refers to, by kind."""

    people: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def find_names(payload: Json) -> SlackNames:
    """The names that were stored with an event, and Naru's own."""
    found = _get_found(payload)
    people = dict(found.get("people") or {})
    for one in list_objects(payload.get("authorizations")):
        people[str(one.get("user_id"))] = NARU_NAME
    return SlackNames(people, found.get("channels") or {})


def get_found_files(payload: Json) -> Mapping[str, Json]:
    """The files that were looked up for an event, by id."""
    return _get_found(payload).get("files") or {}


def choose_name(person: Json) -> str:
    """What others call a person of Slack: the display name, else the full name; "" if none is known."""
    profile = person.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), person.get("name"))
    return next((str(name) for name in names if name), "")


class SlackLookUps:
    """Asks Slack for names and files, and remembers names. A look-up that fails leaves its id without
    a name: no event waits or is lost for it."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._now = now
        self._names: dict[str, tuple[float, str]] = {}
        self._paused_until = 0.0

    async def complete_payload(self, payload: Json, timeout_seconds: float) -> dict[str, Any]:
        """The event with what it refers to, as far as Slack tells that within `timeout_seconds`."""
        wanted = _find_wanted(payload)
        found: dict[str, dict[str, Any]] = {"people": {}, "channels": {}, "files": {}}
        asks: list[Awaitable[None]] = [
            *(self._find_name(one, self._ask_person, found["people"]) for one in wanted.people),
            *(
                self._find_name(one, self._ask_channel, found["channels"])
                for one in wanted.channels
            ),
            *(self._find_file(one, found["files"]) for one in wanted.files),
        ]
        if not asks:
            return dict(payload)
        try:
            async with asyncio.timeout(timeout_seconds):
                await asyncio.gather(*asks)
        except TimeoutError:
            self._pause(LOOK_UP_PAUSE_SECONDS)
        return {**payload, FOUND_KEY: {kind: ids for kind, ids in found.items() if ids}}

    async def _find_name(
        self, one: str, ask: Callable[[str], Awaitable[str]], found: dict[str, Any]
    ) -> None:
        """Put the name of an id into `found`, remembered or asked for."""
        ends, name = self._names.get(one, (0.0, ""))
        if ends <= self._now():
            if self._now() < self._paused_until:
                return
            try:
                name = await ask(one)
            except (DeliveryRefused, PlaceRefused):  # Slack does not tell who that is
                name = ""
            except NotDelivered as error:
                self._pause(getattr(error, "seconds", LOOK_UP_PAUSE_SECONDS))
                return
            self._remember(one, name)
        if name:
            found[one] = name

    async def _find_file(self, one: str, found: dict[str, Any]) -> None:
        try:
            answer = await translate_errors(self._client.files_info(file=one), None)
        except NotDelivered:
            return
        if isinstance(file := answer.get("file"), Mapping):
            found[one] = dict(file)

    async def _ask_person(self, one: str) -> str:
        answer = await translate_errors(self._client.users_info(user=one), None)
        return choose_name(answer.get("user") or {})

    async def _ask_channel(self, one: str) -> str:
        answer = await translate_errors(self._client.conversations_info(channel=one), None)
        return str((answer.get("channel") or {}).get("name") or "")

    def _remember(self, one: str, name: str) -> None:
        if len(self._names) >= NAME_CACHE_SIZE:
            self._names.clear()
        self._names[one] = (self._now() + NAME_LIFETIME_SECONDS, name)

    def _pause(self, seconds: float) -> None:
        self._paused_until = self._now() + seconds


def _get_found(payload: Json) -> Json:
    found = payload.get(FOUND_KEY)
    return found if isinstance(found, Mapping) else {}


def _find_wanted(payload: Json) -> _Wanted:
    """The people, channels and stubs of files in an event; of other payloads nothing is asked."""
    wanted = _Wanted()
    if payload.get("type") != "event_callback":
        return wanted
    own = {str(one.get("user_id")) for one in list_objects(payload.get("authorizations"))}
    for value in walk_objects(payload.get("event")):
        for text in (one for one in value.values() if isinstance(one, str) and "<" in one):
            wanted.people.update(_PERSON.findall(text))
            wanted.channels.update(_CHANNEL.findall(text))
        for key, ids in (("user_id", wanted.people), ("channel_id", wanted.channels)):
            if value.get("type") in ("user", "channel") and isinstance(value.get(key), str):
                ids.add(value[key])
        if value.get("file_access") == "check_file_info" and isinstance(value.get("id"), str):
            wanted.files.add(value["id"])
    wanted.people.difference_update(own)
    return _limit(wanted)


def _limit(wanted: _Wanted) -> _Wanted:
    kinds = (wanted.people, wanted.channels, wanted.files)
    return _Wanted(*(set(sorted(ids)[:LOOK_UPS_PER_EVENT]) for ids in kinds))
