"""What a request to Slack's webhook says, and whether Slack signed it; pure, and safe for any shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import SignatureVerifier

from adapters.messaging.request_body import MalformedRequest, parse_json

REASSIGN_ACTION = re.compile(r"^reassign:\d+$")


def is_signed(body: str, headers: Mapping[str, str], secret: str) -> bool:
    """Whether a request has a signature of these minutes."""
    return _is_signature_readable(headers) and SignatureVerifier(secret).is_valid(
        body,
        headers.get("X-Slack-Request-Timestamp", "0"),
        headers.get("X-Slack-Signature", ""),
    )


def read_payload(body: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """What a signed request says, in JSON, in a form's `payload`, or in its fields. Raises
    MalformedRequest for anything but an object."""
    is_form = "form-urlencoded" in headers.get("Content-Type", "") and body[:1] != "{"
    fields = dict(parse_qsl(body, keep_blank_values=True)) if is_form else {"payload": body}
    said = parse_json(fields["payload"]) if "payload" in fields else fields
    if not isinstance(said, dict):
        raise MalformedRequest("the body is no object")
    return said


def _is_signature_readable(headers: Mapping[str, str]) -> bool:
    """Whether the headers that are compared and read as a number have the form that is expected: the
    library raises an error for any other, which would be an answer of 500."""
    signature = headers.get("X-Slack-Signature", "")
    timestamp = headers.get("X-Slack-Request-Timestamp", "0")
    return (
        signature.isascii()
        and timestamp.isascii()
        and timestamp.isdecimal()
        and len(timestamp) < 20
    )


def is_for_bolt(body: dict[str, Any]) -> bool:
    """Whether a payload is answered by itself, and not an event to keep."""
    checks_address = body.get("type") == "url_verification" or "ssl_check" in body
    return checks_address or _is_reassign_action(body)


def _is_reassign_action(body: dict[str, Any]) -> bool:
    """Whether a payload is the press of a button "reassign" as Slack tells of it."""
    container, actions = body.get("container"), body.get("actions")
    pressed = actions[0] if isinstance(actions, list) and actions else None
    is_whole = isinstance(container, dict) and isinstance(body.get("trigger_id"), str)
    return (
        body.get("type") == "block_actions"
        and is_whole
        and isinstance(pressed, dict)
        and bool(REASSIGN_ACTION.match(str(pressed.get("action_id", ""))))
    )
