"""Processes killed while they work."""
