"""A founder's turn: question, hand-over, relay."""
