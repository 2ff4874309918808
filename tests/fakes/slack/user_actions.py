"""What people do in Slack, as a test script."""

from __future__ import annotations

from typing import Any

from tests.fakes.loopback_server import Json
from tests.fakes.slack.blocks import iter_elements
from tests.fakes.slack.other_methods import store_view
from tests.fakes.slack.screen import MINA
from tests.fakes.slack.user_messages import SlackUserMessages
from tests.fakes.slack.workspace import (
    APP,
    TEAM,
    VERIFICATION,
    Envelope,
    Workspace,
    WorkspaceChannel,
)

TEAM_SHAPE = {"id": TEAM, "domain": "naru-test"}


class SlackUserActions(SlackUserMessages):
    """The other side of every channel. Deeds return the `ts` or the event they made."""

    # deeds

    def user_opens_home(self, user: str = MINA, tab: str = "home") -> str:
        """`tab` is home or messages. Returns the event id."""
        with self.change():
            place = self.work.find_or_create_dm(user)
            event: Json = {"type": "app_home_opened", "user": user, "channel": place.id, "tab": tab}
            view = self.work.homes.get(user)
            event |= {"view": view} if view and tab == "home" else {}
            return self.work.emit({**event, "event_ts": self.work.next_ts()})

    def user_presses(
        self,
        channel: str,
        message_ts: str,
        action_id: str,
        value: str | None = None,
        user: str = MINA,
    ) -> Json:
        """Press a button that is there (with that value, if given). Returns the payload."""
        with self.change():
            place = self.work.channels[channel]
            message = place.messages[message_ts]
            block, element = _find_element(message, action_id, value)
            action: Json = {
                key: element[key] for key in ("action_id", "text", "value") if key in element
            }
            action |= {"block_id": block, "type": element["type"], "action_ts": self.work.next_ts()}
            where = {"type": "message", "message_ts": message_ts, "channel_id": channel}
            thread = {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
            payload = self._interaction("block_actions", user)
            payload |= {"container": {**where, "is_ephemeral": False, **thread}}
            payload |= self._on_message(place, message) | {"state": {"values": {}}}
            return self._interact(payload | {"actions": [action]})

    def user_uses_shortcut(
        self, channel: str, message_ts: str, callback_id: str, user: str = MINA
    ) -> Json:
        """A message shortcut. Returns the payload."""
        with self.change():
            place = self.work.channels[channel]
            payload = self._interaction("message_action", user)
            payload |= self._on_message(place, place.messages[message_ts])
            payload |= {"callback_id": callback_id, "message_ts": message_ts}
            return self._interact(payload | {"action_ts": self.work.next_ts()})

    def user_submits_view(
        self,
        callback_id: str,
        values: dict[str, dict[str, Any]],
        private_metadata: str | None = None,
        user: str = MINA,
    ) -> Json:
        """Submit the view last opened with that callback id. A plain string is a text input."""
        with self.change():
            opened = [v for v in self.work.views.values() if v["callback_id"] == callback_id]
            view = dict(opened[-1] if opened else _find_view(self.work, callback_id))
            if private_metadata is not None:
                view["private_metadata"] = private_metadata
            view["state"] = {
                "values": {name: _default_inputs(part) for name, part in values.items()}
            }
            payload = self._interaction("view_submission", user)
            return self._interact(payload | {"view": view, "response_urls": []})

    def user_runs(self, command: str, text: str, channel: str, user: str = MINA) -> Json:
        """A slash command. Returns the payload."""
        with self.change():
            place = self._place(channel, user)
            name = "directmessage" if place.kind == "im" else place.name
            payload = {
                "token": VERIFICATION,
                "team_id": TEAM,
                "team_domain": TEAM_SHAPE["domain"],
                "channel_id": channel,
                "channel_name": name,
                "user_id": user,
                "user_name": self.work.find_or_create_person(user)["name"],
                "command": command,
                "text": text,
                "api_app_id": APP,
                "is_enterprise_install": "false",
                "response_url": self._response_url(channel, ""),
                "trigger_id": self.work.create_trigger(),
            }
            self.work.envelopes.append(Envelope("slash_commands", payload))
            return payload

    def send_raw_envelope(self, kind: str, payload: Json) -> None:
        """Anything: events_api, interactive, slash_commands or a kind nobody knows yet."""
        with self.change():
            self.work.envelopes.append(Envelope(kind, payload))

    # how

    def _interaction(self, kind: str, user: str) -> Json:
        person = self.work.find_or_create_person(user)
        who = {"id": user, "username": person["name"], "name": person["name"], "team_id": TEAM}
        install = {"enterprise": None, "is_enterprise_install": False, "api_app_id": APP}
        base = {"type": kind, "user": who, "team": TEAM_SHAPE, "token": VERIFICATION}
        return {**base, **install, "trigger_id": self.work.create_trigger()}

    def _on_message(self, place: WorkspaceChannel, message: Json) -> Json:
        url = self._response_url(place.id, message["ts"])
        where = {"id": place.id, "name": place.name or "directmessage"}
        return {"channel": where, "message": dict(message), "response_url": url}

    def _interact(self, payload: Json) -> Json:
        self.work.envelopes.append(Envelope("interactive", payload))
        return payload

    def _response_url(self, channel: str, ts: str) -> str:
        return f"{self.url}/actions/{TEAM}/{channel}/{ts or 'new'}/{next(self.work.numbers)}"


def _find_element(message: Json, action_id: str, value: str | None) -> tuple[str, Json]:
    for block, element in iter_elements(message.get("blocks", [])):
        if element["action_id"] == action_id and value in (None, element.get("value")):
            return block, element
    raise AssertionError(f"no {action_id!r} with value {value!r} on {message}")


def _default_inputs(part: dict[str, Any]) -> Json:
    def one(value: Any) -> Json:
        return value if isinstance(value, dict) else {"type": "plain_text_input", "value": value}

    return {name: one(value) for name, value in part.items()}


def _find_view(work: Workspace, callback_id: str) -> Json:
    title = {"type": "plain_text", "text": "View"}
    return store_view(
        work, {"type": "modal", "title": title, "callback_id": callback_id, "blocks": []}
    )
