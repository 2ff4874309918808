"""What to do with what was found: say it, offer it, or hand the question over."""
