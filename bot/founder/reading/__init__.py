"""How one message of a founder is read: what it reports and what it is for."""
