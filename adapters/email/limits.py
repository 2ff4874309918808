"""What one mail carries."""

from __future__ import annotations

from bot.messages import ChannelLimits

# Files: mailboxes commonly take mails of 20 MB (Exchange Online 36, Gmail 25, many others 20), and
# base64 makes a file a third larger. `only_to`: a mail can go to one person of a room alone.
EMAIL_LIMITS = ChannelLimits(
    text_utf16=100_000, caption_utf16=100_000, file_bytes=14 * 1024 * 1024, only_to=True
)
# Of a mail that comes in: a larger one is not fetched, and its sender is told.
MAIL_LIMIT_BYTES = 30 * 1024 * 1024
