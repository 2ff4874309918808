"""What one Slack message carries."""

from __future__ import annotations

from bot.messages import ChannelLimits

SLACK_TEXT_OBJECT_LIMIT = 3_000  # characters of one text object, by Slack's documentation
SLACK_HEADER_LIMIT = 150  # characters of a header block
SLACK_BUTTON_LIMIT = 75  # characters of a button

# Text: one section, with room for the characters that escaping adds. Files: Slack takes 1 GB; a
# file is held in memory while it is passed on, so it is limited to what ingest takes as well.
SLACK_LIMITS = ChannelLimits(
    text_utf16=2_800, caption_utf16=900, file_bytes=50 * 1024 * 1024, only_to=True
)
