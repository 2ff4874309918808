"""Damaged files for every parser: each gives text or its documented refusal, soon and in little memory."""
