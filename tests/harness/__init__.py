"""Drives running applications in tests: processes, channels, kills."""
