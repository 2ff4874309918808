"""What can be done about every error of Slack's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import ERRORS, classify_error, translate_errors
from bot import errors
from bot.delivery.channel import PlatformMessage
from bot.messages import Address, Content
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import make_outgoing, make_slack_channel, open_channel_harness

# One line for each thing that can be done, with codes of its kind.
EXPECTED = {
    errors.RateLimited: ["ratelimited", "rate_limited", "message_limit_exceeded"],
    errors.DeliveryUncertain: ["fatal_error", "internal_error", "service_unavailable",
                               "request_timeout", "team_added_to_org", "token_revoked"],
    errors.MarkupRefused: ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"],
    errors.DeliveryRefused: ["edit_window_closed", "cant_update_message", "message_not_found",
                             "msg_too_long", "no_text", "file_not_found", "file_uploads_disabled",
                             "missing_scope", "metadata_too_large", "storage_limit_reached"],
    errors.RoomRefused: ["not_in_channel", "is_archived", "channel_is_archived", "no_permission",
                         "channel_not_found", "restricted_action", "ekm_access_denied",
                         "restricted_action_read_only_channel", "team_access_not_granted"],
    errors.ThreadRefused: ["restricted_action_thread_locked",
                           "restricted_action_thread_only_channel"],
    errors.PersonRefused: ["user_not_found", "user_disabled", "cannot_dm_bot",
                           "messages_tab_disabled", "user_not_in_channel"],
    errors.ThreadDeleted: ["thread_not_found", "cannot_reply_to_message"],
}  # fmt: skip
CASES = [(code, kind) for kind, codes in EXPECTED.items() for code in codes]


def translate(
    code: str, address: Address, status: int = 200, headers: dict[str, str] | None = None
) -> BaseException:
    """The error that a call which Slack answers with `code` raises."""
    data = {"ok": False, "error": code} if code else {}
    answer = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=data, headers=headers or {},
        status_code=status,
    )  # fmt: skip

    async def call() -> None:
        raise SlackApiError("refused", answer)  # type: ignore[no-untyped-call]

    with pytest.raises(errors.NotDelivered) as raised:
        asyncio.run(translate_errors(call(), PlatformMessage("k", address, None, Content("x"))))
    return raised.value


@pytest.mark.parametrize(("code", "kind"), CASES)
def test_a_code_says_what_can_be_done(code: str, kind: type[errors.NotDelivered]) -> None:
    assert classify_error(code) is kind


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_code_is_raised_as_the_table_has_it(code: str) -> None:
    staff = Address("slack", "C1", staff_thread="1.1")
    assert type(translate(code, staff)) is ERRORS[code]


def test_every_class_is_in_the_table_and_the_unknown_is_in_none() -> None:
    assert set(ERRORS.values()) == set(EXPECTED)
    for code in ("", "new_error_of_next_year", "IS_ARCHIVED"):
        assert classify_error(code) is errors.DeliveryUnknown


@pytest.mark.parametrize("code", ["is_archived", "channel_not_found", "restricted_action",
                                  "restricted_action_thread_locked"])  # fmt: skip
def test_in_a_direct_message_it_is_a_person_who_refuses(code: str) -> None:
    assert type(translate(code, Address("slack", "D1"))) is errors.PersonRefused


def test_only_a_staff_thread_is_begun_anew() -> None:
    assert type(translate("thread_not_found", Address("slack", "C1"))) is errors.DeliveryRefused


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12),
        ({}, 30),
        ({"Retry-After": "soon"}, 30),
        ({"Retry-After": "-1"}, 0),
    ],
)
def test_a_limit_says_how_long(headers: dict[str, str], seconds: float) -> None:
    for status in (429, 200):
        error = translate("ratelimited", Address("slack", "C1"), status, headers)
        assert isinstance(error, errors.RateLimited) and error.seconds == seconds


@pytest.mark.parametrize(("status", "code"), [(500, ""), (503, "new_error"), (200, "")])
def test_a_failure_of_slacks_own_is_tried_again(status: int, code: str) -> None:
    assert type(translate(code, Address("slack", "C1"), status)) is errors.DeliveryUncertain


def test_an_unknown_error_is_tried_a_few_times_and_then_said(
    slack: SlackServer, tmp_path: Path
) -> None:
    for channel in ("C0HANOI", "C0DESK"):
        slack.create_channel(channel)
    room = Address("slack", "C0HANOI")
    with open_channel_harness(tmp_path) as office:
        office.bind_desk("slack", "C0DESK")
        slack.fail_next("chat.postMessage", 5, status=200, message="new_error_of_next_year")
        office.enqueue(make_outgoing("never", room, case=7), make_outgoing("words", room))
        asyncio.run(office.send_all(make_slack_channel(slack)))
        assert slack.app_texts("C0HANOI") == ["words"]
        (told,) = slack.app_texts("C0DESK")
        assert "#7" in told and "new_error_of_next_year" in told
