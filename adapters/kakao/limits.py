"""What one reply to KakaoTalk carries, by Kakao's guide "응답 타입별 JSON 포맷" (decision 0095)."""

from __future__ import annotations

from bot.messages import ChannelLimits

MAX_OUTPUTS = 3  # bubbles of one reply
MAX_QUICK_REPLIES = 10  # buttons below them
OUTPUT_LETTERS = 1_000  # of one bubble of text; KakaoTalk folds what is beyond 500
LABEL_LETTERS = 14  # of a button in a card; the guide gives no number for quick replies

PIECE_LETTERS = 860  # of a bubble's own text; the rest is for the lines that say that more waits

# Files: a skill can pass on none.
KAKAO_LIMITS = ChannelLimits(text_utf16=PIECE_LETTERS, caption_utf16=0, file_bytes=0)
