"""A founder's turn: question, offers, handover to a case, relay to staff."""
