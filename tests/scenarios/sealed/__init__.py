"""Sealed words are where docs/sealed.md says, on each messenger, and in no paper."""
