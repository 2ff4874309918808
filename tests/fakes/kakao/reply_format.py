"""What Kakao's guide demands of a reply: "응답 타입별 JSON 포맷", version 2.0."""

from __future__ import annotations

from tests.fakes.loopback_server import Json

MAX_OUTPUTS, MAX_QUICK_REPLIES, MAX_TEXT = 3, 10, 1000


def check_reply(reply: Json) -> None:
    """Raises AssertionError for what Kakao would not show."""
    assert reply.get("version") == "2.0"
    template = reply["template"]
    outputs = template["outputs"]
    assert 1 <= len(outputs) <= MAX_OUTPUTS
    for output in outputs:
        (kind,) = output
        text = output[kind]["text"]
        assert kind == "simpleText" and text.strip() and len(text) <= MAX_TEXT
    quick = template.get("quickReplies", [])
    assert len(quick) <= MAX_QUICK_REPLIES
    for one in quick:
        assert one["action"] == "message" and one["label"] and one["messageText"]


def list_texts(reply: Json) -> list[str]:
    """The bubbles of a reply."""
    return [output["simpleText"]["text"] for output in reply["template"]["outputs"]]
