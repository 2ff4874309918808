"""Tests of the checks of a library."""
