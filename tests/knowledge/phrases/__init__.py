"""Tests of known questions that grow by use."""
