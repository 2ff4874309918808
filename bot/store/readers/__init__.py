"""Readings of the store that are no record of a conversation: what waits for its reader, what was given up,
and whether rows can be written."""
