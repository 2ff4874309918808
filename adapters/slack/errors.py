"""Slack's errors by what can be done about them: one table of every documented code.

The codes are those in the sections "Errors" of chat.postMessage, chat.update, chat.postEphemeral,
files.getUploadURLExternal, files.completeUploadExternal, files.info, conversations.open, .history,
.replies and .info (https://docs.slack.dev/reference/methods/chat.postMessage and so on). What 429
limits is in https://docs.slack.dev/apis/web-api/rate-limits. A code that is not here is
DeliveryUnknown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.delivery.channel import PlatformMessage
from bot.errors import (
    DeliveryRefused,
    DeliveryUncertain,
    DeliveryUnknown,
    MarkupRefused,
    NotDelivered,
    PersonRefused,
    RateLimited,
    RoomRefused,
    ThreadDeleted,
    ThreadRefused,
    narrow_refusal,
)

DEFAULT_RETRY_SECONDS = 30.0  # for a limit that names no time
TOKEN_ERRORS = frozenset(
    ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"]
)

_CODES: Mapping[type[NotDelivered], str] = {
    # Wait: the limit of a channel or of a method.
    RateLimited: "rate_limited ratelimited message_limit_exceeded",
    # Try again later: Slack's own trouble, or a token that an admin replaces.
    DeliveryUncertain: """
        fatal_error internal_error service_unavailable request_timeout team_added_to_org
        org_login_required accesslimited two_factor_setup_required file_update_failed
        invalid_auth not_authed account_inactive token_revoked token_expired""",
    # Send it again as plain text.
    MarkupRefused: """
        invalid_blocks invalid_blocks_format invalid_attachments msg_blocks_too_long
        too_many_attachments attachment_payload_limit_exceeded""",
    # Give this message up: it stays wrong however often it is sent.
    DeliveryRefused: """
        edit_window_closed cant_update_message message_not_found cant_broadcast_message
        block_mismatch update_failed external_channel_migrating is_inactive
        streaming_state_conflict streaming_mode_mismatch as_user_not_supported
        msg_too_long no_text markdown_text_conflict too_many_contact_cards
        duplicate_channel_not_found duplicate_message_not_found invalid_post_type
        metadata_too_large invalid_metadata_format invalid_metadata_schema
        metadata_must_be_sent_from_app invalid_metadata_filter_keys
        slack_connect_file_link_sharing_blocked slack_connect_canvas_sharing_blocked
        slack_connect_file_upload_sharing_blocked slack_connect_blocked_file_type
        slack_connect_clip_sharing_blocked slack_connect_lists_sharing_blocked
        file_not_found file_deleted file_upload_size_restricted file_uploads_disabled
        file_uploads_except_images_disabled file_type_not_supported snippet_too_large
        unknown_snippet_type alt_txt_too_large malware_detected storage_limit_reached
        storage_limit_exceeded too_large invalid_thread_ts unknown_subtype
        missing_argument invalid_arguments invalid_arg_name invalid_array_arg invalid_charset
        invalid_form_data missing_post_type invalid_cursor invalid_limit invalid_ts_latest
        invalid_ts_oldest invalid_types users_list_not_supplied not_enough_users too_many_users
        invalid_user_combination method_deprecated deprecated_endpoint
        method_not_supported_for_channel_type channel_type_not_supported missing_scope
        not_allowed_token_type enterprise_is_restricted unknown_method""",
    # Keep it: the channel takes nothing now.
    RoomRefused: """
        channel_not_found not_in_channel is_archived channel_is_archived invalid_channel
        restricted_action restricted_action_read_only_channel
        restricted_action_non_threadable_channel posting_to_general_channel_denied
        no_permission access_denied team_access_not_granted ekm_access_denied action_prohibited
        team_not_found""",
    # Keep it: this thread takes nothing now, or no new one may be begun.
    ThreadRefused: """
        restricted_action_thread_locked restricted_action_thread_only_channel thread_locked""",
    # Keep it: the person cannot be written to.
    PersonRefused: """
        user_not_found user_disabled user_not_visible user_not_in_channel cannot_dm_bot
        user_is_bot messages_tab_disabled""",
    # Begin a new thread.
    ThreadDeleted: "thread_not_found cannot_reply_to_message",
}
ERRORS: Mapping[str, type[NotDelivered]] = {
    code: kind for kind, codes in _CODES.items() for code in codes.split()
}


def classify_error(code: str, *, private: bool = False, staff: bool = True) -> type[NotDelivered]:
    """The class of an error code; DeliveryUnknown if it is not in the table.

    `private`: it was about a direct message, where what a room refuses is a person's doing.
    `staff`: it was about a staff thread, the only one that may be begun again.
    """
    kind = ERRORS.get(code, DeliveryUnknown)
    return narrow_refusal(kind, private=private, staff=staff)


async def translate_errors(call: Awaitable[Any], parcel: PlatformMessage | None) -> Any:
    """The result of a call of the SDK. Raises what is below NotDelivered for its errors; what a
    room or a person refuses is told apart by the channel that `parcel` goes to."""
    try:
        return await call
    except SlackApiError as error:
        raise _translate_api_error(error, parcel) from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise DeliveryUncertain(f"{type(error).__name__}: {error}") from error


def _translate_api_error(error: SlackApiError, parcel: PlatformMessage | None) -> NotDelivered:
    response, code = error.response, get_error_code(error)
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    private = parcel is not None and parcel.address.chat.startswith("D")
    staff = parcel is not None and parcel.address.staff_thread is not None
    kind = classify_error(code, private=private, staff=staff)
    if status == 429 or kind is RateLimited:
        return RateLimited(_read_retry_after(response))
    if status >= 500 or not code:
        return DeliveryUncertain(code or f"HTTP {status}")
    if code in TOKEN_ERRORS:
        return DeliveryUncertain(f"{code}: check NARU_SLACK_BOT_TOKEN")
    return kind(code)


def _read_retry_after(response: Any) -> float:
    """The seconds that Slack asks to wait; half a minute if it names none, or nonsense."""
    try:
        return max(0.0, float(response.headers.get("Retry-After", DEFAULT_RETRY_SECONDS)))
    except (AttributeError, TypeError, ValueError):
        return DEFAULT_RETRY_SECONDS


def get_error_code(error: SlackApiError) -> str:
    """Slack's name of an error; "" if the answer has none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""
