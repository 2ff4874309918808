"""A founder's turn: question, clarification, handover to a case, relay to staff."""
