"""What a mission asks of the domestic desk for a case."""
