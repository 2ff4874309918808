"""What one Telegram message carries."""

from __future__ import annotations

from bot.messages import ChannelLimits

# Text: Telegram takes 4,096 UTF-16 units, and a caption of 1,024; the rest is left to markup.
# Files: a bot may fetch files of up to 20 MB.
TELEGRAM_LIMITS = ChannelLimits(text_utf16=3_800, caption_utf16=900, file_bytes=20 * 1024 * 1024)
