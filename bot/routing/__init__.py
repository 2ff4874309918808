"""Which mission a case goes to, and the text that says why."""
