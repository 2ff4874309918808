"""What one message to the console carries."""

from __future__ import annotations

from bot.messages import ChannelLimits

# The console's own store sets no limits; these are a mailbox's. `only_to`: a person there is told alone,
# and needs no chat for it that they began.
CONSOLE_LIMITS = ChannelLimits(
    text_utf16=100_000, caption_utf16=100_000, file_bytes=100 * 1024 * 1024, only_to=True
)
