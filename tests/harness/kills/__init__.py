"""Processes killed at chosen points, and what must hold afterwards."""
