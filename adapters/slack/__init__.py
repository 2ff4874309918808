"""Slack: raw events in, messages out."""
