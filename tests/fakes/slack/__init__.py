"""A protocol server that behaves as Slack's API."""
