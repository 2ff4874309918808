"""A protocol server that behaves as Telegram's Bot API."""
