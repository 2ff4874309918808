"""How long `naru serve` waits for what; tests are more impatient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from adapters.messaging.supervision import CHANNEL_RETRY_SECONDS

INBOX_POLL_SECONDS = 0.3  # between two looks for what other processes received
DATABASE_OUTAGE_LIMIT_SECONDS = 25.0  # without a writable database, then the process gives up
DATABASE_CHECK_SECONDS = 5.0  # between two writes to it
SLACK_CATCH_UP_SECONDS = 1.5  # of the three that Slack waits for an answer
KAKAO_REPLY_SECONDS = 4.0  # of the five that Kakao waits for a skill
KAKAO_CALLBACK_SECONDS = 50.0  # of the minute that Kakao takes a callback
BACKFILL_RETRY_SECONDS = 20.0  # after a look at Slack's histories that failed
FORCED_EXIT_SECONDS = 8.0  # that a thread at work may still hold up the end
SWEEP_SECONDS = 3600.0  # between two looks for what is past its time
SOURCES_CHECK_SECONDS = 60.0  # between two looks for sources that are due
RECOVERY_SECONDS = 5.0  # between two looks for what killed workers of this machine held
LIBRARY_FIRST_CHECK_SECONDS = 10.0  # after the start, whose first messages go before
LIBRARY_CHECK_SECONDS = 30.0  # between two looks whether the library can be asked


@dataclass(frozen=True, slots=True)
class ServeTimings:
    """Every wait of the service, in seconds unless it is a timedelta."""

    message_settle_time: timedelta = MESSAGE_SETTLE_TIME
    inbox_poll: float = INBOX_POLL_SECONDS
    database_outage_limit: float = DATABASE_OUTAGE_LIMIT_SECONDS
    database_check: float = DATABASE_CHECK_SECONDS
    channel_retry: float = CHANNEL_RETRY_SECONDS
    slack_catch_up: float = SLACK_CATCH_UP_SECONDS
    kakao_reply: float = KAKAO_REPLY_SECONDS
    kakao_callback: float = KAKAO_CALLBACK_SECONDS
    backfill_retry: float = BACKFILL_RETRY_SECONDS
    sources_check: float = SOURCES_CHECK_SECONDS
    sweep: float = SWEEP_SECONDS
    recovery: float = RECOVERY_SECONDS
    library_first_check: float = LIBRARY_FIRST_CHECK_SECONDS
    library_check: float = LIBRARY_CHECK_SECONDS
    forced_exit: float = FORCED_EXIT_SECONDS
