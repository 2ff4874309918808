"""Telegram: raw updates in, messages out."""
