"""Tests of what an edition's indexes are made of."""
