"""What founders subscribe to, and what they are told of a new edition."""
