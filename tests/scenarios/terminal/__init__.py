"""What is typed at a terminal: `naru chat` and `naru demo`, as processes."""
