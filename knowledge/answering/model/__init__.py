"""A language model: its door, what it may choose and what it may write."""
