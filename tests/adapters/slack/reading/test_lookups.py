"""Names and files that an event only refers to, asked of a protocol server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.slack.inbound import build_event, parse_message
from adapters.slack.reading.lookups import FOUND_KEY, SlackLookUps, find_names
from tests.adapters.slack.test_inbound import NARU, make_event_payload
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import make_slack_channel

pytestmark = pytest.mark.server
SOON = 5.0


@pytest.fixture
def look_ups(slack: SlackServer) -> SlackLookUps:
    slack.create_person("U3", "지민")
    slack.create_channel("C1", "수출")
    return make_slack_channel(slack).look_ups


def complete_payload(
    look_ups: SlackLookUps, payload: dict[str, Any], timeout: float = SOON
) -> dict[str, Any]:
    return asyncio.run(look_ups.complete_payload(payload, timeout))


def count_calls(server: SlackServer, method: str) -> int:
    return len([call for call in server.calls if call.method == method])


def test_names_are_stored_with_the_event_and_remembered(
    slack: SlackServer, look_ups: SlackLookUps
) -> None:
    raw = make_event_payload("C0TALK", text=f"<@{NARU}> <@U3>님, <#C1>과 <#C9>, <@U9>, <@U4|mina>")
    for _ in range(2):
        found = complete_payload(look_ups, raw)
        assert found[FOUND_KEY] == {"people": {"U3": "지민"}, "channels": {"C1": "수출"}}
    asked = [str(call.params.get("user")) for call in slack.calls if call.method == "users.info"]
    assert sorted(asked) == ["U3", "U9"]  # neither Naru, nor who has a label, nor one twice
    assert build_event(found).key == build_event(raw).key
    said = parse_message(build_event(found).payload)
    assert said and said.text == "@지민님, #수출과 #채널, @동료, @mina"


def test_names_in_blocks_and_forwarded_words_are_looked_up_too(look_ups: SlackLookUps) -> None:
    section = {"type": "rich_text_section", "elements": [{"type": "channel", "channel_id": "C1"}]}
    blocks = [{"type": "rich_text", "elements": [section]}]
    share = {"is_share": True, "author_name": "민아", "text": "<@U3>님께"}
    found = complete_payload(
        look_ups, make_event_payload(text="", blocks=blocks, attachments=[share])
    )
    names = find_names(found)
    assert (names.people["U3"], names.channels["C1"]) == ("지민", "수출")


def test_a_stub_of_a_file_is_looked_up(slack: SlackServer, look_ups: SlackLookUps) -> None:
    slack.user_uploads(slack.open_dm(), "계획.pdf", b"%PDF", "application/pdf", stub=True)
    found = complete_payload(look_ups, slack.work.envelopes[-1].payload)
    said = parse_message(build_event(found).payload)
    assert said and [(file.name, file.size) for file in said.files] == [("계획.pdf", 4)]


def test_a_slack_that_does_not_answer_delays_an_event_once(
    slack: SlackServer, look_ups: SlackLookUps
) -> None:
    raw = make_event_payload(text="<@U3>님")
    slack.stall("users.info", 3.0)
    for _ in range(2):
        found = complete_payload(look_ups, raw, timeout=0.05)
        said = parse_message(build_event(found).payload)
        assert said and said.text == "@동료님"
    assert count_calls(slack, "users.info") <= 1


def test_after_a_limit_no_name_is_asked_for_until_slack_says(
    slack: SlackServer, look_ups: SlackLookUps
) -> None:
    raw = make_event_payload(text="<@U3>님")
    slack.fail_next("users.info", retry_after=600)
    assert complete_payload(look_ups, raw)[FOUND_KEY] == {}
    assert complete_payload(look_ups, raw)[FOUND_KEY] == {}
    assert count_calls(slack, "users.info") == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "event_callback", "event": "text"},
        {"type": "event_callback", "event": {"text": "<@U3>", "files": 5}, "authorizations": 3},
        {"type": "event_callback", "event": [{"type": "user", "user_id": 7}]},
        {"type": "block_actions", "text": "<@U3>"},
    ],
)
def test_a_payload_of_any_shape_is_left_whole(look_ups: SlackLookUps, odd: dict[str, Any]) -> None:
    found = complete_payload(look_ups, odd)
    assert {key: value for key, value in found.items() if key != FOUND_KEY} == odd
