"""What a mission asks of the domestic desk for a case: a linked case with its own visibility. See
docs/desk.md."""
