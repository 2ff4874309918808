"""Fetching from the public web."""
