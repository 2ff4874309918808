"""Sending what the outbox owes."""
