"""The pages about bodies: their meetings, their seats, what is on record, and the help."""
