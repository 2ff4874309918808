"""Insights of missions and the desk's answers."""
