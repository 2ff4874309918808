"""Folders that agencies would have of their own."""
