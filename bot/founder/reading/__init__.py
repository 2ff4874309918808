"""How one message is read: what it reports, and what it does in the talk."""
