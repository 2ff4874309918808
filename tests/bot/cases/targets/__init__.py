"""Targets of a case, their clocks and the ladder."""
