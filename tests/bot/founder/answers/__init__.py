"""Tests of how an answer reads."""
